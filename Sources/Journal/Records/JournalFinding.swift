/// Something amiss in the journal.
package struct JournalFinding: Sendable, Equatable, CustomStringConvertible {
  /// What is amiss.
  package enum Kind: String, Sendable, CaseIterable {
    /// Bytes of a file are not those that were written.
    case damaged
    /// A record is not the one that was chained.
    case edited
    /// A record, a file or an input is gone.
    case missing
    /// Records do not stand in their order, or twice.
    case reordered
    /// Bytes lie behind the last record.
    case torn
    /// A file that the state knows nothing of.
    case foreign
    /// The state's own notes of the journal contradict each other.
    case head
  }

  /// What is amiss.
  package let kind: Kind
  /// The chain: a trader, or ``JournalFolder/shared``.
  package let stream: String
  /// The file.
  package let path: String
  /// The record's number; `nil` when no single one is meant.
  package let seq: Int64?
  /// The cycle the record tells of; `nil` when it is not known.
  package let cycle: Int64?
  /// What was expected and what was there, as half a sentence.
  package let detail: String

  /// The finding as one line: kind, file, record, cycle, detail.
  package var description: String {
    let record = seq.map { " record \($0)" } ?? ""
    let told = cycle.map { " (cycle \($0))" } ?? ""
    return "\(kind.rawValue): \(path)\(record)\(told): \(detail)"
  }
}
