import Trading

extension Export {
  /// The newest 100 turns of all traders, the latest first, in both of nof1's shapes at once.
  ///
  /// A control trader has no prompt and no model: the file says so and gives the rule's words.
  /// Where a turn has several decisions about a coin, `llm_response` has the last one; `cot_trace`
  /// tells all.
  package static let conversations = Export(
    name: "conversations.json", summary: "The newest 100 turns: what was decided and why."
  ) { view in
    let all = view.traders.flatMap { trader in
      trader.recentTurns.map { (turn: $0, trader: trader) }
    }
    let shown = all.sorted { left, right in
      left.turn.at == right.turn.at
        ? left.trader.id < right.trader.id : left.turn.at > right.turn.at
    }.prefix(turnsShown)
    return CanonicalJSON.document(capacity: 1024 + 3000 * shown.count) { json in
      json.array("conversations", shown) { json, item in
        json.object { json in
          json.fields(
            of: item.turn, executor: item.trader.record.executor,
            scale: view.scale(of: item.trader))
        }
      }
      json.field("serverTime", view.at.ms)
    }
  }

  /// Turns of all traders that the file shows at most.
  package static let turnsShown = 100
}

extension TurnView {
  /// The id of the turn in the exports: the trader's id and the time in seconds.
  var documentID: String { "\(turn.trader.name)_\(secondsText(at))" }

  /// The reasons of the decisions, each once, or why there are none.
  fileprivate var summary: String {
    if let failure = turn.failure { return "No decision: \(failure)" }
    var words: [String] = []
    for reason in turn.decisions.map(\.decision.reasoning)
    where !reason.isEmpty && !words.contains(reason) {
      words.append(reason)
    }
    return words.isEmpty ? "Nothing to do." : words.joined(separator: " ")
  }

  /// One line per decision: coin, action, reception, reason.
  fileprivate var trace: String {
    if let failure = turn.failure { return "No decision: \(failure)" }
    return turn.decisions.map { record in
      let decision = record.decision
      let coin = decision.coin?.name ?? "all coins"
      let notes = record.notes.map { "\($0.rule): \($0.text)" }.joined(separator: "; ")
      let reception = record.verdict.rawValue + (notes.isEmpty ? "" : ", " + notes)
      return "- \(coin): \(decision.action.rawValue) (\(reception)) \(decision.reasoning)"
    }.joined(separator: "\n")
  }
}

extension CanonicalJSON {
  fileprivate mutating func fields(of view: TurnView, executor: String, scale: DollarScale) {
    let prompt = "No prompt: this control trader follows a fixed rule, \(executor)."
    let trace = view.trace
    field("cot_trace", trace)
    field("cot_trace_summary", view.summary)
    field("cycle_id", view.cycle)
    field("id", view.documentID)
    field("inserted_at", seconds: view.at)
    response(of: view.turn, scale: scale)
    let messages = [
      ("system", "Control trader with the fixed rule \(executor); no language model is asked."),
      ("user", prompt), ("assistant", trace),
    ]
    array("messages", messages) { json, message in
      json.object { json in
        json.field("content", message.1)
        json.field("role", message.0)
        json.field("timestamp", seconds: view.at)
      }
    }
    field("model_id", view.turn.trader.name)
    field("run_id", String(view.run))
    field("skill", executor)
    field("timestamp", seconds: view.at)
    field("user_prompt", prompt)
  }

  private mutating func response(of turn: TurnRecord, scale: DollarScale) {
    var byCoin: [Coin: Decision] = [:]
    for record in turn.decisions {
      if let coin = record.decision.coin { byCoin[coin] = record.decision }
    }
    object("llm_response") { json in
      for (coin, decision) in byCoin.sorted(by: { $0.key < $1.key }) {
        json.object(coin.name) { $0.fields(of: decision, coin: coin, scale: scale) }
      }
    }
  }

  private mutating func fields(of decision: Decision, coin: Coin, scale: DollarScale) {
    field("coin", coin.name)
    field("confidence", confidenceShare(decision.confidence))
    field("invalidation_condition", decision.invalidation)
    field("justification", decision.reasoning)
    if let leverage = decision.leverage { field("leverage", leverage) } else { null("leverage") }
    field("profit_target", orNull: decision.takeProfit)
    if let size = decision.positionSize, let price = decision.entryPrice {
      field("quantity", scale(size).buys(at: price, .halfEven))
    } else {
      field("quantity", 0)
    }
    field("risk_usd", orNull: decision.riskUSD.map { scale($0) })
    field("signal", signal(decision.action))
    field("stop_loss", orNull: decision.stopLoss)
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
