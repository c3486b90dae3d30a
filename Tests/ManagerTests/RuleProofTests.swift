import Manager
import Testing
import Trading

@Suite("Every rule has its proof")
struct RuleProofTests {
  static let all = EntryRuleProofs.all + CloseRuleProofs.closes + CloseRuleProofs.protections

  @Test func everyRuleOfEveryTableIsProvedOnce() {
    let proved = Self.all.map(\.testDescription).sorted()

    let rules = AdmissionTable.rows(for: nil).filter { $0.appliesTo != .account }
      .map { "\($0.appliesTo.rawValue) \($0.id)" }.sorted()

    #expect(proved == rules)
  }

  @Test("does something where it should, and nothing else does", arguments: all)
  func bites(proof: RuleProof) throws {
    let (outcome, notes) = try proof.bites.judged(as: proof.subject)

    #expect(notes == [proof.rule])
    let effect = try #require(
      AdmissionTable.rows(for: nil).first {
        $0.id == proof.rule && $0.appliesTo == proof.subject
      }
    ).effect
    #expect(effect != .rejects || outcome == .refused(by: proof.rule))
    #expect(effect != .clamps || outcome.isApproval)
  }

  @Test("does nothing where it should not", arguments: all)
  func passes(proof: RuleProof) throws {
    let (outcome, notes) = try proof.passes.judged(as: proof.subject)

    #expect(outcome.isApproval && notes.isEmpty, "\(notes)")
  }

  @Test("is missed when it is taken out", arguments: all)
  func isMissed(proof: RuleProof) throws {
    let before = try proof.bites.judged(as: proof.subject).outcome

    let after = try proof.bites.judged(as: proof.subject, under: .without(proof.rule)).outcome

    #expect(after != before)
  }

  @Test("is noticed when it refuses everything", arguments: all)
  func isNoticed(proof: RuleProof) throws {
    let after = try proof.passes.judged(as: proof.subject, under: .refusing(proof.rule)).outcome

    #expect(after == .refused(by: proof.rule))
  }
}
