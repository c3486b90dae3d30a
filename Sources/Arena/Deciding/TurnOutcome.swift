package import Trading

/// What came of asking one trader.
package struct TurnOutcome: Sendable, Equatable {
  /// Its decisions, or why there are none.
  package var result: Result<[Decision], TurnFailure>
  /// What was said; `nil` for executors inside the program.
  package var conversation: Conversation?
  /// What replicas decided.
  package var shadows: [ShadowDecision] = []
  /// The model calls that were made for it, in order.
  package var calls: [CallSettlement] = []
  /// Whether the answer is one the trader has acted on before, so that it is no new decision.
  package var isRepeated = false
  /// When the decision was there, in monotonic ms; `nil` = when the outcome was.
  ///
  /// Replicas only measure: waiting for them must not make a decision late.
  package var decidedAtMs: Double?

  /// An outcome from its parts.
  package init(result: Result<[Decision], TurnFailure>, conversation: Conversation?) {
    self.result = result
    self.conversation = conversation
  }

  /// An outcome without a conversation.
  package static func plain(_ result: Result<[Decision], TurnFailure>) -> TurnOutcome {
    TurnOutcome(result: result, conversation: nil)
  }

  /// A failure without a conversation.
  package static func failed(_ failure: TurnFailure) -> TurnOutcome { plain(.failure(failure)) }
}
