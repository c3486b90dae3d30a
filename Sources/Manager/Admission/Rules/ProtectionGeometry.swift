import Market
package import Trading

extension ProtectionRule {
  /// Stop and target lie on their sides of the present mark.
  ///
  /// A position whose present stop was reached is ended by it: moving the stop away would undo it.
  package static let geometry = ProtectionRule(
    id: "geometry",
    summary: "Long: stop_loss < mark < take_profit; short: stop_loss > mark > take_profit; a stop "
      + "that was reached cannot be moved."
  ) { wish, state in
    guard let position = wish.position, let mark = state.market.coins[wish.coin]?.quote.mark
    else { return .rejected(reason: "no mark of a position in \(wish.coin) is known") }
    let isLong = position.side == .long
    if let stop = position.exitPlan.stop, isLong ? mark <= stop : mark >= stop {
      return .rejected(
        reason: "the mark \(mark) has reached the stop \(stop) of the position, which ends it and "
          + "cannot be moved any more")
    }
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
