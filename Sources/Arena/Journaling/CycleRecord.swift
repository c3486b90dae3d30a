import Analytics
import Executor
import Journal
import LLM
import Market
import Trading

/// What the journal says of one trader in one cycle, and the inputs only it names.
struct CycleRecord {
  /// Canonical JSON on one line.
  let body: [UInt8]
  /// The system message, kept once a day.
  let blobs: [JournalBlob]

  /// The record of a trader in a cycle whose changes are committed.
  init(of trader: TraderID, in work: CycleWork, cycle: Cycle, _ evidence: CycleEvidence) {
    let turn = work.turnRecords[trader]
    let conversation = turn?.conversation
    let system = conversation.map {
      JournalBlob(kind: "system", body: JSONValue.text($0.system).bytes)
    }
    blobs = system.map { [$0] } ?? []
    let pages = CycleRecordPages(trader: trader, work: work, cycle: cycle)
    body = CanonicalJSON.fragment(capacity: 8192) { json in
      pages.account(&json)
      json.field("changes", evidence.changes)
      json.field("config", evidence.config.hex)
      if let conversation, let system { pages.conversation(conversation, system, &json) }
      pages.decisions(turn?.decisions ?? [], &json)
      pages.equity(&json)
      pages.events(&json)
      if let failure = turn?.failure { json.field("failure", failure) }
      pages.fills(&json)
      json.field("inputs", evidence.inputs.hex)
      pages.metrics(&json)
      pages.model(&json)
      pages.orders(&json)
      pages.positions(&json)
      json.field("run", work.run)
      if let turn { pages.shadows(turn.shadows, &json) }
      if let slot = turn?.slot { json.field("slot", slot) }
      json.field("status", work.record(of: trader).runtime.status.rawValue)
      pages.trades(&json)
      pages.troubles(&json)
      json.field("was_due", turn != nil)
    }
  }
}

/// The parts of a record; what is empty is left out.
private struct CycleRecordPages {
  let trader: TraderID
  let work: CycleWork
  let cycle: Cycle

  private var record: TraderRecord { work.record(of: trader) }

  func account(_ json: inout CanonicalJSON) {
    guard let account = work.accounts[record.account] else { return }
    json.object("account") { json in
      json.field("equity", account.equity)
      json.field("id", account.account.name)
      json.field("maintenance_margin", account.maintenanceMargin)
      json.field("margin_used", account.marginUsed)
      json.array("orders", cycle.restingOrders(of: record, work)) { json, order in
        json.object { json in
          json.field("coin", order.coin.name)
          json.field("order_id", order.orderID)
          if let purpose = order.purpose { json.field("purpose", purpose.rawValue) }
          json.field("side", order.side.rawValue)
          json.field("size", order.size)
          if case .trigger(let price, _) = order.kind { json.field("trigger", price) }
        }
      }
    }
  }

  func conversation(
    _ said: Conversation, _ system: JournalBlob, _ json: inout CanonicalJSON
  ) {
    json.object("conversation") { json in
      json.field("answered_by", said.answeredBy)
      json.field("cached", said.isCached)
      json.field("prompt_version", said.promptVersion)
      json.field("question", said.questionDigest)
      json.field("reasoning", said.reasoning)
      json.array("repairs", said.repairs) { json, text in json.value(text) }
      json.field("reply", said.reply)
      json.field("system", system.hash.hex)
      json.field("template", said.templateDigest)
      json.field("user", said.user)
    }
  }

  func decisions(_ decisions: [DecisionRecord], _ json: inout CanonicalJSON) {
    guard !decisions.isEmpty else { return }
    json.array("decisions", decisions) { json, record in
      json.object { json in
        Self.decision(record.decision, &json)
        json.array("notes", record.notes) { json, note in
          json.object { json in
            json.field("rule", note.rule)
            json.field("text", note.text)
          }
        }
        if let order = record.order { json.field("order", order.text) }
        json.field("verdict", record.verdict.rawValue)
      }
    }
  }

  /// What was decided, under `decision`.
  private static func decision(_ decision: Decision, _ json: inout CanonicalJSON) {
    json.object("decision") { json in
      json.field("action", decision.action.rawValue)
      if decision.closeFraction != .one { json.field("close_fraction", decision.closeFraction) }
      if let coin = decision.coin { json.field("coin", coin.name) }
      if let confidence = decision.confidence { json.field("confidence", confidence) }
      if let price = decision.entryPrice { json.field("entry_price", price) }
      json.field("invalidation", decision.invalidation)
      if let leverage = decision.leverage { json.field("leverage", leverage) }
      if !decision.malformedFields.isEmpty {
        json.array("malformed", decision.malformedFields) { json, text in json.value(text) }
      }
      if let quantity = decision.quantity { json.field("quantity", quantity) }
      if let size = decision.positionSize { json.field("position_size_usd", size) }
      json.field("reasoning", decision.reasoning)
      if let risk = decision.riskUSD { json.field("risk_usd", risk) }
      if let stop = decision.stopLoss { json.field("stop_loss", stop) }
      if let target = decision.takeProfit { json.field("take_profit", target) }
    }
  }

  func equity(_ json: inout CanonicalJSON) {
    let points = work.written.flatMap(\.equityPoints).filter { $0.trader == trader }
    guard let point = points.last else { return }
    json.object("equity") { json in
      json.field("cash", point.cash)
      json.field("equity", point.equity)
      json.field("margin_used", point.marginUsed)
      json.field("nav", point.nav)
      json.field("unrealised", point.unrealised)
    }
  }

  func events(_ json: inout CanonicalJSON) {
    let events = work.written.flatMap(\.events).filter { $0.trader == trader }
    guard !events.isEmpty else { return }
    json.array("events", events) { json, event in
      json.object { json in
        json.field("cause", event.cause)
        json.field("reason", event.reason)
        json.field("what", event.what)
      }
    }
  }

  func fills(_ json: inout CanonicalJSON) {
    if let fills = work.fills[trader], !fills.isEmpty {
      json.array("fills", fills) { json, fill in
        json.object { json in
          json.field("at", seconds: fill.at)
          json.field("cause", fill.cause.rawValue)
          json.field("coin", fill.coin.name)
          json.field("fee", fill.fee)
          json.field("id", fill.id)
          if let order = fill.clientOrderID { json.field("order", order.text) }
          json.field("price", fill.price)
          json.field("side", fill.side.rawValue)
          json.field("size", fill.size)
        }
      }
    }
    let funding = work.written.flatMap(\.funding).filter { $0.trader == trader }
    guard !funding.isEmpty else { return }
    json.array("funding", funding) { json, booked in
      json.object { json in
        json.field("amount", booked.payment.amount)
        json.field("at", seconds: booked.payment.at)
        json.field("coin", booked.payment.coin.name)
      }
    }
  }

  func metrics(_ json: inout CanonicalJSON) {
    guard let metrics = work.metrics[trader], !work.staleMetrics.contains(trader) else { return }
    json.field("metrics", RecordHash(of: metrics.encoded).hex)
  }

  func model(_ json: inout CanonicalJSON) {
    guard case .model(let executor) = cycle.specs[trader]?.executor,
      let spec = cycle.ports.outside?.models[executor.model]?.spec
    else { return }
    json.object("model") { json in
      json.field("alias", spec.alias.name)
      json.field("api", spec.api.rawValue)
      json.field("max_completion_tokens", spec.maxCompletionTokens)
      json.field("name", spec.modelName)
      if let temperature = spec.temperature { json.field("temperature", temperature) }
      if let topP = spec.topP { json.field("top_p", topP) }
    }
  }

  func orders(_ json: inout CanonicalJSON) {
    let intents = work.sent.values.filter { intent in
      intent.request.trader == trader || intent.shares.contains { $0.trader == trader }
    }.sorted { $0.nonce < $1.nonce }
    guard !intents.isEmpty else { return }
    json.array("orders", intents) { json, intent in
      let request = intent.request
      json.object { json in
        json.field("coin", request.coin.name)
        json.field("id", request.clientOrderID.text)
        json.field("leverage", request.leverage)
        json.field("limit", request.limitPrice)
        json.field("mid", intent.decisionMid)
        json.field("nonce", intent.nonce)
        if let told = work.told[request.clientOrderID] {
          json.field("outcome", told.label)
          Self.detail(of: told, &json)
        }
        json.field("purpose", request.purpose.rawValue)
        json.field("reduce_only", request.reduceOnly)
        json.field("side", request.side.rawValue)
        json.field("size", request.size)
        if case .trigger(let price, _) = request.kind { json.field("trigger", price) }
      }
    }
  }

  private static func detail(of outcome: OrderOutcome, _ json: inout CanonicalJSON) {
    switch outcome {
    case .filled(let size, let price, _, let id):
      json.field("outcome_id", id)
      json.field("outcome_price", price)
      json.field("outcome_size", size)
    case .resting(let id): json.field("outcome_id", id)
    case .rejected(let words), .unknown(let words): json.field("outcome_text", words)
    }
  }

  func positions(_ json: inout CanonicalJSON) {
    let positions = record.ledger.positions
    guard !positions.isEmpty else { return }
    let marks = work.marks(of: cycle.ports.valuation[record.exchange])
    json.array("positions", positions) { json, position in
      json.object { json in
        json.field("claim_cycle", position.claim.cycle)
        json.field("coin", position.coin.name)
        json.field("entry_price", position.entryPrice)
        json.field("invalidation", position.claim.exitPlan.invalidation)
        if let mark = marks[position.coin] { json.field("mark", mark) }
        json.field("number", position.number)
        json.field("side", position.side.rawValue)
        json.field("size", position.size)
        if let stop = position.claim.exitPlan.stop { json.field("stop", stop) }
        if let target = position.claim.exitPlan.target { json.field("target", target) }
      }
    }
  }

  func shadows(_ shadows: [ShadowDecision], _ json: inout CanonicalJSON) {
    guard !shadows.isEmpty else { return }
    json.array("shadows", shadows) { json, shadow in
      json.object { json in
        Self.decision(shadow.decision, &json)
        json.field("index", shadow.index)
        json.field("replica", shadow.replica)
      }
    }
  }

  func trades(_ json: inout CanonicalJSON) {
    let trades = work.written.flatMap(\.trades).filter { $0.trader == trader }
    guard !trades.isEmpty else { return }
    json.array("trades", trades) { json, trade in
      json.object { json in
        json.field("cause", trade.exitCause.rawValue)
        json.field("claim_cycle", trade.claim.cycle)
        json.field("closed_at", seconds: trade.closedAt)
        json.field("coin", trade.coin.name)
        json.field("entry_price", trade.entryPrice)
        json.field("exit_price", trade.exitPrice)
        json.field("funding", trade.funding)
        json.field("net", trade.net)
        json.field("number", trade.position)
        json.field("side", trade.side.rawValue)
        json.field("size", trade.size)
      }
    }
  }

  func troubles(_ json: inout CanonicalJSON) {
    guard let troubles = work.troubles[trader], !troubles.isEmpty else { return }
    json.array("troubles", troubles) { json, text in json.value(text) }
  }
}
