package import Trading

/// What admission says of one decision.
package enum DecisionVerdict: Sendable, Hashable {
  /// It will be carried out as given.
  case accepted
  /// It will be carried out in a smaller form; one note for each change.
  case clamped([RuleNote])
  /// It will not, by this rule.
  case rejected(RuleNote)
  /// It asks for nothing.
  case held

  /// The word used for it in records: accepted, clamped, rejected or hold.
  package var label: String {
    switch self {
    case .accepted: "accepted"
    case .clamped: "clamped"
    case .rejected: "rejected"
    case .held: "hold"
    }
  }
}

/// What an admitted decision leads to.
package enum AdmittedAction: Sendable {
  /// A new or larger position.
  case open(RiskApproved<EntryWish>)
  /// A smaller or no position.
  case close(RiskApproved<CloseWish>)
  /// Another exit plan for an open position.
  case protect(RiskApproved<ProtectionWish>)
}

/// One decision with its verdict.
package struct AdmittedDecision: Sendable {
  /// Its place among the decisions as they were given, from 0.
  package let index: Int
  /// The decision as given.
  package let decision: Decision
  /// What admission says.
  package let verdict: DecisionVerdict
  /// Every clamp, also those before a rejection, then the rejection; empty = nothing to say.
  package let notes: [RuleNote]
  /// What it leads to; `nil` for holds and rejections.
  package let action: AdmittedAction?
}

/// The decisions of one trader with their verdicts.
package struct AdmissionResult: Sendable {
  /// In the order of execution: closes, protections, entries by confidence, holds; ties by coin.
  package let entries: [AdmittedDecision]
  /// The state after everything that was accepted.
  package let state: AdmissionState

  /// The approved entries, in order.
  package var opens: [RiskApproved<EntryWish>] {
    entries.compactMap { if case .open(let wish) = $0.action { wish } else { nil } }
  }

  /// The approved closes, in order.
  package var closes: [RiskApproved<CloseWish>] {
    entries.compactMap { if case .close(let wish) = $0.action { wish } else { nil } }
  }

  /// The approved protections, in order.
  package var protections: [RiskApproved<ProtectionWish>] {
    entries.compactMap { if case .protect(let wish) = $0.action { wish } else { nil } }
  }
}

/// Judges each decision of a trader on its own, one after the other.
package enum Admission {
  /// Reviews decisions in the order of execution.
  ///
  /// Each approval is folded into the state that the next one meets. A rejected decision changes
  /// nothing for the others.
  package static func review(
    _ decisions: [Decision], in state: AdmissionState
  ) -> AdmissionResult {
    var present = state
    var entries: [AdmittedDecision] = []
    for (index, decision) in ordered(decisions) {
      let (verdict, next) = judge(decision, in: present)
      entries.append(admitted(decision, at: index, verdict))
      present = next
    }
    return AdmissionResult(entries: entries, state: present)
  }

  /// The decisions with their places, in the order of execution.
  static func ordered(_ decisions: [Decision]) -> [(index: Int, decision: Decision)] {
    decisions.enumerated().map { (index: $0.offset, decision: $0.element) }.sorted {
      left, right in
      let ranks = (rank(left.decision), rank(right.decision))
      if ranks.0 != ranks.1 { return ranks.0 < ranks.1 }
      let confidences = (confidence(left.decision), confidence(right.decision))
      if confidences.0 != confidences.1 { return confidences.0 > confidences.1 }
      let coins = (left.decision.coin?.name ?? "", right.decision.coin?.name ?? "")
      return coins.0 != coins.1 ? coins.0 < coins.1 : left.index < right.index
    }
  }
}

extension Admission {
  /// What the gate said, with the proof it gave.
  private enum Judgement {
    case nothingAsked
    case admitted(AdmittedAction, clamps: [RuleNote])
    case refused(RuleNote, clamps: [RuleNote])
  }

  private static func judge(
    _ decision: Decision, in state: AdmissionState
  ) -> (Judgement, AdmissionState) {
    switch decision.action {
    case .hold: (.nothingAsked, state)
    case .buyToEnter, .sellToEnter: judgeEntry(decision, in: state)
    case .close: judgeClose(decision, in: state)
    case .updateProtection: judgeProtection(decision, in: state)
    }
  }

  private static func judgeEntry(
    _ decision: Decision, in state: AdmissionState
  ) -> (Judgement, AdmissionState) {
    guard let wish = PositionSizing.entry(decision, in: state) else { return (namesNoCoin, state) }
    switch RiskGate.review(wish, under: AdmissionTable.entry, in: state) {
    case .approved(let proof, let clamps):
      return (.admitted(.open(proof), clamps: clamps), state.approving(proof.request))
    case .refused(let note, let clamps): return (.refused(note, clamps: clamps), state)
    }
  }

  private static func judgeClose(
    _ decision: Decision, in state: AdmissionState
  ) -> (Judgement, AdmissionState) {
    guard let wish = PositionSizing.close(decision, in: state) else { return (namesNoCoin, state) }
    switch RiskGate.review(wish, under: AdmissionTable.close, in: state) {
    case .approved(let proof, let clamps):
      var next = state
      next.turns[wish.coin] = proof.request.closesAll ? .closed : .reduced
      return (.admitted(.close(proof), clamps: clamps), next)
    case .refused(let note, let clamps): return (.refused(note, clamps: clamps), state)
    }
  }

  private static func judgeProtection(
    _ decision: Decision, in state: AdmissionState
  ) -> (Judgement, AdmissionState) {
    guard let wish = PositionSizing.protection(decision, in: state) else {
      return (namesNoCoin, state)
    }
    switch RiskGate.review(wish, under: AdmissionTable.protection, in: state) {
    case .approved(let proof, let clamps):
      var next = state
      next.turns[wish.coin] = .protected
      return (.admitted(.protect(proof), clamps: clamps), next)
    case .refused(let note, let clamps): return (.refused(note, clamps: clamps), state)
    }
  }

  private static var namesNoCoin: Judgement {
    .refused(RuleNote(rule: EntryRule.fieldsMissing.id, text: "missing: symbol"), clamps: [])
  }

  private static func admitted(
    _ decision: Decision, at index: Int, _ judgement: Judgement
  ) -> AdmittedDecision {
    switch judgement {
    case .nothingAsked:
      AdmittedDecision(index: index, decision: decision, verdict: .held, notes: [], action: nil)
    case .admitted(let action, let clamps):
      AdmittedDecision(
        index: index, decision: decision, verdict: clamps.isEmpty ? .accepted : .clamped(clamps),
        notes: clamps, action: action)
    case .refused(let note, let clamps):
      AdmittedDecision(
        index: index, decision: decision, verdict: .rejected(note), notes: clamps + [note],
        action: nil)
    }
  }

  private static func rank(_ decision: Decision) -> Int {
    switch decision.action {
    case .close: 0
    case .updateProtection: 1
    case .buyToEnter, .sellToEnter: 2
    case .hold: 3
    }
  }

  /// The confidence that orders entries; nothing else is ordered by it.
  private static func confidence(_ decision: Decision) -> Int {
    decision.action.entrySide == nil ? 0 : decision.confidence ?? 0
  }
}
