import Market
package import Trading

extension ProtectionRule {
  /// Stop and target lie on their sides of the present mark.
  package static let geometry = ProtectionRule(
    id: "geometry",
    summary: "Long: stop_loss < mark < take_profit; short: stop_loss > mark > take_profit."
  ) { wish, state in
    guard let position = wish.position, let mark = state.market.coins[wish.coin]?.quote.mark
    else { return .rejected(reason: "no mark of a position in \(wish.coin) is known") }
    let isLong = position.side == .long
    if let stop = wish.plan.stop, isLong ? stop >= mark : stop <= mark {
      return .rejected(
        reason: "expected the stop of a \(position.side.rawValue) \(isLong ? "below" : "above") "
          + "the mark \(mark), was \(stop)")
    }
    if let target = wish.plan.target, isLong ? target <= mark : target >= mark {
      return .rejected(
        reason: "expected the target of a \(position.side.rawValue) "
          + "\(isLong ? "above" : "below") the mark \(mark), was \(target)")
    }
    return .passed
  }
}
