package import Trading

extension EntryRule {
  /// One coin is acted on once in a cycle: the first decision in order that was accepted.
  package static let duplicateSymbol = EntryRule(
    id: "duplicate_symbol",
    summary:
      "One coin takes one decision a cycle; a later one on the same coin is refused, unless "
      + "allow_flip and it opens the other way what was closed."
  ) { wish, state in
    state.turns[wish.coin] == nil || state.isFlip(wish)
      ? .passed
      : .rejected(reason: "another decision of this cycle already acts on \(wish.coin)")
  }
}
