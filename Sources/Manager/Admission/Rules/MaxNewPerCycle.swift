package import Trading

extension EntryRule {
  /// The number of positions opened in one cycle is limited.
  package static let maxNewPerCycle = EntryRule(
    id: "max_new_per_cycle",
    summary: "At most max_new_positions_per_cycle positions may be opened in one cycle."
  ) { wish, state in
    guard let limit = state.guards.maxNewPositionsPerCycle,
      state.position(in: wish.coin) == nil, state.newThisCycle >= limit
    else { return .passed }
    return .rejected(
      reason: "expected fewer than \(limit) new positions in this cycle "
        + "(max_new_positions_per_cycle), was \(state.newThisCycle)")
  }
}
