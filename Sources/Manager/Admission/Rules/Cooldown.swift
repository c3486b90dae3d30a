package import Trading

extension EntryRule {
  /// After a position closed, its coin rests for a while.
  package static let cooldown = EntryRule(
    id: "cooldown",
    summary: "A coin takes no entry within cooldown_after_close of its last close."
  ) { wish, state in
    guard let wait = state.guards.cooldownAfterClose, let closed = state.lastClosedAt[wish.coin],
      state.now - closed < wait
    else { return .passed }
    return .rejected(
      reason: "\(wish.coin) was closed \(state.now - closed) ago, expected at least \(wait) "
        + "(cooldown_after_close)")
  }
}
