package import Trading

/// What is kept of each cycle in the journal, and for how long.
package struct JournalSection: Sendable, Equatable {
  /// Whether cycles are kept at all.
  package let isEnabled: Bool
  /// How long records are kept, above zero; `nil` = for ever.
  package let keep: Span?
  /// Traders whose records are not kept.
  package let silent: Set<TraderID>
  /// The folders of traders that have one of their own.
  package let own: [TraderID: String]
}
