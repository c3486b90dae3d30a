import Manager
import Testing
import Trading

/// A state and a decision in it.
struct RuleCase: Sendable {
  let state: @Sendable () throws -> AdmissionState
  let decision: @Sendable () throws -> Decision

  init(
    _ state: @escaping @Sendable () throws -> AdmissionState = { try Make.state() },
    _ decision: @escaping @Sendable () throws -> Decision = { try Make.buy() }
  ) {
    self.state = state
    self.decision = decision
  }

  /// The usual state with a decision.
  static func of(_ decision: @escaping @Sendable () throws -> Decision) -> RuleCase {
    RuleCase({ try Make.state() }, decision)
  }
}

/// A case in which a rule does something, and one, as near to it as can be, in which it does not.
struct RuleProof: Sendable, CustomTestStringConvertible {
  let subject: RuleSubject
  let rule: String
  let bites: RuleCase
  let passes: RuleCase

  init(
    _ rule: String, _ subject: RuleSubject = .entry, bites: RuleCase, passes: RuleCase = RuleCase()
  ) {
    self.subject = subject
    self.rule = rule
    self.bites = bites
    self.passes = passes
  }

  var testDescription: String { "\(subject.rawValue) \(rule)" }
}

/// What is done to a table before a case is judged by it.
enum TableChange {
  case none
  case without(String)
  /// The rule refuses whatever it sees.
  case refusing(String)

  func applied<Request, State>(to rules: [RiskRule<Request, State>]) -> [RiskRule<Request, State>] {
    switch self {
    case .none: rules
    case .without(let id): rules.filter { $0.id != id }
    case .refusing(let id):
      rules.map { rule in
        rule.id == id
          ? RiskRule(id: id, summary: rule.summary) { _, _ in .rejected(reason: "mutated") } : rule
      }
    }
  }
}

/// What comes of a decision, without the words.
enum Outcome: Equatable {
  case entry(Quantity, leverage: Int, stop: Price?)
  case close(Quantity)
  case protection(ExitPlan)
  case refused(by: String)

  var isApproval: Bool {
    if case .refused = self { false } else { true }
  }
}

extension RuleCase {
  /// What a changed table makes of the decision, and which rules noted something.
  func judged(
    as subject: RuleSubject, under change: TableChange = .none
  ) throws -> (outcome: Outcome, notes: [String]) {
    let (state, decision) = (try state(), try decision())
    switch subject {
    case .entry:
      let wish = try #require(PositionSizing.entry(decision, in: state))
      return told(RiskGate.review(wish, under: change.applied(to: AdmissionTable.entry), in: state))
      { .entry($0.size, leverage: $0.leverage, stop: $0.stop) }
    case .close:
      let wish = try #require(PositionSizing.close(decision, in: state))
      return told(RiskGate.review(wish, under: change.applied(to: AdmissionTable.close), in: state))
      { .close($0.size) }
    case .updateProtection:
      let wish = try #require(PositionSizing.protection(decision, in: state))
      return told(
        RiskGate.review(wish, under: change.applied(to: AdmissionTable.protection), in: state)
      ) { .protection($0.plan) }
    case .account:
      Issue.record("rules of accounts judge no single decision")
      return (.refused(by: ""), [])
    }
  }

  private func told<Request>(
    _ verdict: RiskVerdict<Request>, _ outcome: (Request) -> Outcome
  ) -> (outcome: Outcome, notes: [String]) {
    switch verdict {
    case .approved(let proof, let clamps): (outcome(proof.request), clamps.map(\.rule))
    case .refused(let note, let clamps): (.refused(by: note.rule), (clamps + [note]).map(\.rule))
    }
  }
}
