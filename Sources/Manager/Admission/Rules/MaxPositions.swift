package import Trading

extension EntryRule {
  /// The number of coins held at once is limited.
  package static let maxPositions = EntryRule(
    id: "max_positions",
    summary: "At most max_positions positions may be open at once."
  ) { wish, state in
    guard state.position(in: wish.coin) == nil else { return .passed }
    let limit = state.limits.maxPositions
    return state.positions.count >= limit
      ? .rejected(
        reason: "expected fewer than \(limit) open positions (max_positions), "
          + "was \(state.positions.count)")
      : .passed
  }
}
