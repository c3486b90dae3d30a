package import Trading

extension EntryRule {
  /// An isolated trader opens nothing.
  package static let isolated = EntryRule(
    id: "isolated",
    summary: "No entry while the trader is isolated."
  ) { wish, state in
    state.blocks.isolation.map { .rejected(reason: $0) } ?? .passed
  }
}
