package import Trading

extension EntryRule {
  /// A breached limit over all traders of the account stops entries.
  package static let globalBlock = EntryRule(
    id: "global_block",
    summary: "No entry while a limit over all traders of the account is breached."
  ) { wish, state in
    state.blocks.global.map { .rejected(reason: $0) } ?? .passed
  }
}
