package import Trading

extension AccountRule {
  /// The number of coins held at once on the account is limited.
  package static let globalPositions = AccountRule(
    id: "global_positions",
    summary: "At most global max_positions coins may be open at once over all traders of the "
      + "account."
  ) { wish, state in
    guard let limit = state.limits.maxPositions, !state.positions.contains(wish.coin),
      state.positions.count >= limit
    else { return .passed }
    return .rejected(
      reason: "expected fewer than \(limit) open positions on account \(state.account) "
        + "(global max_positions), was \(state.positions.count)")
  }
}
