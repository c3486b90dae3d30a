/// Proof that an order passed the risk gate.
///
/// Only ``RiskGate`` can make one.
package struct RiskApproved<Request: Sendable>: Sendable {
  /// What was approved.
  package let request: Request

  fileprivate init(_ request: Request) { self.request = request }
}

/// What a rule found about one request.
package enum RuleFinding<Request: Sendable>: Sendable {
  /// Nothing to say.
  case passed
  /// It is allowed in another form; `from` and `to` are for people.
  case clamped(Request, from: String, to: String)
  /// It is not allowed; the reason is for people.
  case rejected(reason: String)
}

/// What a rule does with a request it does not like.
package enum RuleEffect: String, Sendable, Hashable, CaseIterable {
  /// It refuses.
  case rejects
  /// It allows another form.
  case clamps
  /// It allows another form, and refuses where none is left.
  case clampsOrRejects = "clamps or rejects"
}

/// A rule of the admission table.
package struct RiskRule<Request: Sendable, State: Sendable>: Sendable {
  /// Its stable id, used in records, prompts, docs and tests, for example `confidence_low`.
  package let id: String
  /// What it demands, in one sentence.
  package let summary: String
  /// What it does with a request it does not like.
  package let effect: RuleEffect
  /// Judges a request in a state.
  package let judge: @Sendable (Request, State) -> RuleFinding<Request>

  /// A rule from its parts.
  package init(
    id: String, summary: String, effect: RuleEffect = .rejects,
    judge: @escaping @Sendable (Request, State) -> RuleFinding<Request>
  ) {
    self.id = id
    self.summary = summary
    self.effect = effect
    self.judge = judge
  }
}

/// What a rule changed or refused.
package struct RuleNote: Sendable, Hashable {
  /// The rule's id.
  package let rule: String
  /// What it did, in words.
  package let text: String

  /// A note from its parts.
  package init(rule: String, text: String) {
    self.rule = rule
    self.text = text
  }
}

/// The gate's verdict on one request.
package enum RiskVerdict<Request: Sendable>: Sendable {
  /// It may be executed in this form; the notes name the clamps.
  case approved(RiskApproved<Request>, clamps: [RuleNote])
  /// It may not, by this rule; the notes before it name the clamps tried.
  case refused(RuleNote, clamps: [RuleNote])
}

/// The only way from a wish to an order: every rule in order, each on what the one before left.
package enum RiskGate {
  /// Judges one request.
  ///
  /// Approving one request changes what the next one may do: call it in sequence and fold each
  /// approval into the state before the next call.
  package static func review<Request: Sendable, State: Sendable>(
    _ request: Request, under rules: [RiskRule<Request, State>], in state: State
  ) -> RiskVerdict<Request> {
    var present = request
    var clamps: [RuleNote] = []
    for rule in rules {
      switch rule.judge(present, state) {
      case .passed: break
      case .clamped(let next, let from, let to):
        present = next
        clamps.append(RuleNote(rule: rule.id, text: "\(from) → \(to)"))
      case .rejected(let reason):
        return .refused(RuleNote(rule: rule.id, text: reason), clamps: clamps)
      }
    }
    return .approved(RiskApproved(present), clamps: clamps)
  }

  /// Approves an order that can only shrink exposure: reduce-only, on the side that closes, and
  /// no larger than the position.
  ///
  /// - Returns: `nil` for any other order.
  package static func approveReduction(
    _ intent: OrderIntent, of position: SignedQuantity
  ) -> RiskApproved<OrderIntent>? {
    guard intent.request.reduceOnly, intent.request.size <= position.magnitude,
      let side = position.side, intent.request.side == side.closing
    else { return nil }
    return RiskApproved(intent)
  }

  /// Turns an approved wish into the approved order that carries it out.
  ///
  /// - Returns: `nil` unless `matches` confirms that the order does no more than was approved.
  package static func carryOut<Request: Sendable>(
    _ approved: RiskApproved<Request>, as intent: OrderIntent,
    matches: (Request, OrderIntent) -> Bool
  ) -> RiskApproved<OrderIntent>? {
    matches(approved.request, intent) ? RiskApproved(intent) : nil
  }

  /// Approves an intent that is already on record, because it passed the gate before it was
  /// written down and its run was killed before it was sent.
  package static func reapprove(recorded intent: OrderIntent) -> RiskApproved<OrderIntent> {
    RiskApproved(intent)
  }
}
