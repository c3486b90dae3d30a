package import Trading

extension EntryRule {
  /// A coin whose last order has no known outcome takes no entries.
  package static let symbolBarred = EntryRule(
    id: "symbol_barred",
    summary: "The coin must not be barred, for example by an order whose outcome is not known "
      + "yet."
  ) { wish, state in
    state.barred[wish.coin].map { .rejected(reason: "\(wish.coin) is barred: \($0)") } ?? .passed
  }
}
