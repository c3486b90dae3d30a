package import Trading

extension EntryRule {
  /// A trader under observation may only reduce.
  package static let reductionsOnly = EntryRule(
    id: "reductions_only",
    summary: "No entry while only reductions are allowed."
  ) { wish, state in
    state.blocks.reductionsOnly.map { .rejected(reason: $0) } ?? .passed
  }
}
