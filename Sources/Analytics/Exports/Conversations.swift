import Trading

extension Export {
  /// The newest turns of all traders, at most 100, the latest first, in both shapes of nof1 at
  /// once.
  ///
  /// A control trader has no prompt and no model: the file says so and gives the rule's words.
  /// Where a turn has several decisions about a coin, `llm_response` has the last one; `cot_trace`
  /// tells all, or how the model reasoned when it said. Long texts are cut, see
  /// ``ConversationEntry``, so that the file stays below ``conversationBytes``.
  package static let conversations = Export(
    name: "conversations.json", summary: "The newest 100 turns: what was decided and why."
  ) { view in
    // Their places are sorted: moving traders and turns themselves took as long as writing them.
    let all = view.traders.enumerated().flatMap { holder, trader in
      trader.recentTurns.enumerated().map { index, turn in
        (at: turn.at, trader: trader.id, holder: holder, index: index)
      }
    }
    let shown = all.sorted { left, right in
      left.at == right.at ? left.trader < right.trader : left.at > right.at
    }.prefix(turnsShown)
    let entries = ConversationEntry.fitting(
      shown.map { place in
        let trader = view.traders[place.holder]
        return (trader.recentTurns[place.index], trader.record.executor, view.scale(of: trader))
      }, into: conversationBytes - 1000)
    let bytes = entries.reduce(1000) { $0 + $1.size }
    return CanonicalJSON.document(capacity: bytes) { json in
      json.array("conversations", entries) { json, entry in json.value(entry) }
      json.field("serverTime", view.at.ms)
    }
  }

  /// Turns of all traders that the file shows at most.
  package static let turnsShown = 100

  /// Bytes that the file has at most.
  package static let conversationBytes = 330_000
}

extension TurnView {
  /// The id of the turn in the exports: the trader's id and the time in seconds.
  var documentID: String { "\(turn.trader.name)_\(secondsText(at))" }
}

extension CanonicalJSON {
  fileprivate mutating func value(_ entry: ConversationEntry) {
    let view = entry.view
    object { json in
      json.field("cot_trace", entry.trace)
      json.field("cot_trace_summary", entry.summary)
      json.field("cycle_id", view.cycle)
      json.field("id", view.documentID)
      json.field("inserted_at", seconds: view.at)
      json.object("llm_response") { json in
        for answer in entry.answers {
          json.object(answer.coin.name) { $0.fields(of: answer, scale: entry.scale) }
        }
      }
      json.array("messages", entry.messages) { json, message in
        json.object { json in
          json.field("content", message.content)
          json.field("role", message.role)
          json.field("timestamp", seconds: view.at)
        }
      }
      json.field("model_id", view.turn.trader.name)
      json.field("run_id", String(view.run))
      json.field("skill", entry.executor)
      json.field("timestamp", seconds: view.at)
      json.field("user_prompt", entry.prompt)
    }
  }

  /// What is not given is left out: the web cannot read a null here.
  private mutating func fields(of answer: ConversationEntry.Answer, scale: DollarScale) {
    let decision = answer.decision
    field("coin", answer.coin.name)
    field("confidence", confidenceShare(decision.confidence))
    field("invalidation_condition", answer.invalidation)
    field("justification", answer.justification)
    if let leverage = decision.leverage { field("leverage", leverage) }
    field("profit_target", ifAny: decision.takeProfit)
    field("quantity", decision.claimedSize(scale) ?? .zero)
    field("risk_usd", ifAny: decision.riskUSD.flatMap { scale.claimed($0) })
    field("signal", signal(decision.action))
    field("stop_loss", ifAny: decision.stopLoss)
  }

  private mutating func field(_ name: String, ifAny decimal: (some ExactDecimal)?) {
    if let decimal { field(name, decimal) }
  }
}

/// nof1's word for an action; a change of protection is a hold with another stop or target.
private func signal(_ action: DecisionAction) -> String {
  switch action {
  case .buyToEnter: "buy_to_enter"
  case .sellToEnter: "sell_to_enter"
  case .hold, .updateProtection: "hold"
  case .close: "close_position"
  }
}

extension Decision {
  /// The coins its size buys at its own entry price, as quoted.
  ///
  /// `nil` when it lacks one of them or when they buy more than can be kept: rejected decisions are
  /// shown as well, and no rule bounds what they claim.
  fileprivate func claimedSize(_ scale: DollarScale) -> Quantity? {
    guard let positionSize, let entryPrice, let size = scale.claimed(positionSize) else {
      return nil
    }
    let coins = ExactMath.divide(
      Int128(max(size.mantissa, 0)) * Int128(exactDecimalScale), by: Int128(entryPrice.mantissa),
      .halfEven)
    return Int64(exactly: coins).flatMap(Quantity.init(mantissa:))
  }
}
