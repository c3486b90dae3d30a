package import Trading

extension EntryRule {
  /// An entry needs fresh prices; old ones admit reductions only.
  package static let symbolStale = EntryRule(
    id: "symbol_stale",
    summary: "The prices of the coin must be fresh; old or missing prices admit reductions only."
  ) { wish, state in
    state.staleness(of: wish.coin).map { .rejected(reason: $0) } ?? .passed
  }
}
