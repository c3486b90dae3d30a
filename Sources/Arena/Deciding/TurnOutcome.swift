import Trading

/// What came of asking one trader.
struct TurnOutcome: Sendable, Equatable {
  /// Its decisions, or why there are none.
  var result: Result<[Decision], TurnFailure>
  /// What was said; `nil` for executors inside the program.
  var conversation: Conversation?
  /// What replicas decided.
  var shadows: [ShadowDecision] = []
  /// The model calls that were made for it, in order.
  var calls: [CallSettlement] = []
  /// Whether the answer is one the trader has acted on before, so that it is no new decision.
  var isRepeated = false

  /// An outcome without a conversation.
  static func plain(_ result: Result<[Decision], TurnFailure>) -> TurnOutcome {
    TurnOutcome(result: result, conversation: nil)
  }

  /// A failure without a conversation.
  static func failed(_ failure: TurnFailure) -> TurnOutcome { plain(.failure(failure)) }
}
