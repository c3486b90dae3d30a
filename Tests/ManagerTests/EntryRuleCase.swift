import Manager
import Testing
import Trading

/// What a row expects of a decision.
enum Expected: Sendable {
  /// Carried out as given.
  case accepted
  /// Refused by this rule.
  case rejected(String)
  /// Cut by this rule to a size and a leverage.
  case clamped(String, size: String, leverage: Int)
}

/// One row of the admission table's test: a state, an entry, and what should come of it.
struct EntryRuleCase: Sendable, CustomTestStringConvertible {
  let name: String
  let state: @Sendable () throws -> AdmissionState
  let decision: @Sendable () throws -> Decision
  let expected: Expected

  init(
    _ name: String, _ expected: Expected,
    state: @escaping @Sendable () throws -> AdmissionState,
    _ decision: @escaping @Sendable () throws -> Decision = { try Make.buy() }
  ) {
    self.name = name
    self.expected = expected
    self.state = state
    self.decision = decision
  }

  init(
    _ name: String, _ expected: Expected,
    _ decision: @escaping @Sendable () throws -> Decision = { try Make.buy() }
  ) {
    self.init(name, expected, state: { try Make.state() }, decision)
  }

  var testDescription: String { name }

  func check() throws {
    let result = Admission.review([try decision()], in: try state())

    let entry = try #require(result.entries.first)
    switch expected {
    case .accepted:
      #expect(entry.verdict == .accepted)
    case .rejected(let rule):
      guard case .rejected(let note) = entry.verdict else {
        Issue.record("expected a rejection by \(rule), was \(entry.verdict)")
        return
      }
      #expect(note.rule == rule, "\(note.text)")
      #expect(result.opens.isEmpty)
    case .clamped(let rule, let size, let leverage):
      let wish = try #require(result.opens.first?.request, "\(entry.notes)")
      #expect(entry.notes.map(\.rule) == [rule])
      #expect(wish.size == (try Make.size(size)))
      #expect(wish.leverage == leverage)
    }
  }
}
