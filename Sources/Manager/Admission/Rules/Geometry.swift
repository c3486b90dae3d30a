package import Trading

extension EntryRule {
  /// Stop and target lie on their sides of the reference entry, not of the decision's number.
  package static let geometry = EntryRule(
    id: "geometry",
    summary: "Long: stop_loss < entry < take_profit; short: stop_loss > entry > take_profit, "
      + "where entry is the mid moved against you by the expected slippage."
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    let isLong = wish.side == .long
    let entry = market.entry
    if let stop = wish.stop, isLong ? stop >= entry : stop <= entry {
      return .rejected(
        reason: "expected the stop of a \(wish.side.rawValue) \(isLong ? "below" : "above") the "
          + "entry \(entry), was \(stop)")
    }
    if let target = wish.target, isLong ? target <= entry : target >= entry {
      return .rejected(
        reason: "expected the target of a \(wish.side.rawValue) \(isLong ? "above" : "below") the "
          + "entry \(entry), was \(target)")
    }
    return .passed
  }
}
