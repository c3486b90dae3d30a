import Analytics
import Trading

/// What `nof0 run` prints.
enum RunOutput {
  /// Prints the last report; a leaderboard when there were many cycles.
  static func print(
    _ report: CycleReport, cycles: Int, _ inspection: Inspection, _ output: Output
  ) {
    switch output.format {
    case .json: StandardStreams.writeOut(json(report, cycles: cycles))
    case .text where inspection.dumpsPrompts:
      let asked = report.lines.filter { $0.conversation != nil }
      for line in asked.isEmpty ? report.lines : asked {
        StandardStreams.writeOut(ExplainText.prompt(of: line))
      }
    case .text where output.isQuiet: break
    case .text where cycles > 1:
      StandardStreams.writeOut(RunText.leaderboard(report, cycles: cycles))
    case .text:
      StandardStreams.writeOut(
        RunText.render(report, inColour: StandardStreams.outIsTerminal))
      for line in report.lines where inspection.explained.contains(line.trader.name) {
        StandardStreams.writeOut(ExplainText.way(of: line))
      }
    }
  }

  /// The report as one JSON document.
  static func json(_ report: CycleReport, cycles: Int) -> String {
    let bytes = CanonicalJSON.document { json in
      json.array("alerts", report.alerts) { json, alert in
        json.object { write(alert, into: &$0) }
      }
      json.field("at", report.at.description)
      json.field("at_ms", report.at.ms)
      if let benchmark = report.benchmarkPct {
        json.field("benchmark_return_pct", benchmark)
      } else {
        json.null("benchmark_return_pct")
      }
      json.array("conflicts", report.conflicts) { json, conflict in
        json.object { conflict.write(into: &$0) }
      }
      json.field("cycle", report.cycle)
      json.field("cycles", cycles)
      json.field("dry_run", report.isDryRun)
      if let generation = report.generation {
        json.field("generation", generation)
      } else {
        json.null("generation")
      }
      json.field("is_synthetic", report.isSynthetic)
      json.array("notices", report.notices) { json, notice in json.value(notice) }
      json.array("phases", report.phases) { json, phase in
        json.object { json in
          json.field("phase", phase.phase)
          json.field("took_ms", phase.tookMs)
        }
      }
      json.field("run", report.run)
      json.array("traders", report.lines) { json, line in
        json.object { write(line, into: &$0) }
      }
      json.array("would_send", report.withheld) { json, intent in
        json.object { write(intent, into: &$0) }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func write(_ intent: OrderIntent, into json: inout CanonicalJSON) {
    let request = intent.request
    json.field("account", request.account.name)
    json.field("client_order_id", request.clientOrderID.text)
    json.field("leverage", request.leverage)
    json.field("limit_price", request.limitPrice)
    json.field("purpose", request.purpose.rawValue)
    json.field("reduce_only", request.reduceOnly)
    json.field("side", request.side.rawValue)
    json.field("size_coins", request.size)
    json.field("symbol", request.coin.name)
    json.field("trader", request.trader.name)
    if case .trigger(let price, _) = request.kind {
      json.field("trigger_price", price)
    } else {
      json.null("trigger_price")
    }
  }

  private static func write(_ alert: Alert, into json: inout CanonicalJSON) {
    json.field("key", alert.key)
    json.field("message", alert.message)
    json.field("severity", alert.severity.rawValue)
    if let trader = alert.trader {
      json.field("trader", trader.name)
    } else {
      json.null("trader")
    }
  }

  private static func write(_ line: TraderLine, into json: inout CanonicalJSON) {
    json.array("calls", line.calls) { json, call in json.object { write(call, into: &$0) } }
    if let said = line.conversation {
      json.object("conversation") { write(said, into: &$0) }
    } else {
      json.null("conversation")
    }
    json.array("decisions", line.decisions) { json, record in
      json.object { write(record, into: &$0) }
    }
    json.field("due", line.wasDue)
    if let equity = line.equity {
      json.field("equity_usd", equity)
    } else {
      json.null("equity_usd")
    }
    if let failure = line.failure {
      json.field("failure", failure)
    } else {
      json.null("failure")
    }
    json.array("fills", line.fills) { json, fill in
      json.object { json in
        json.field("at_ms", fill.at.ms)
        json.field("cause", fill.cause.rawValue)
        json.field("fee_usd", fill.fee)
        json.field("price", fill.price)
        json.field("side", fill.side.rawValue)
        json.field("size_coins", fill.size)
        json.field("symbol", fill.coin.name)
      }
    }
    json.field("id", line.trader.name)
    json.field("open_positions", line.openPositions)
    if let pct = line.returnPct {
      json.field("return_pct", pct)
    } else {
      json.null("return_pct")
    }
    json.field("status", line.status.rawValue)
    json.array("troubles", line.troubles) { json, trouble in json.value(trouble) }
  }

  private static func write(_ call: CallSettlement, into json: inout CanonicalJSON) {
    json.field("answered_by", call.answeredBy)
    json.field("call", call.call)
    json.field("completion_tokens", call.usage.completion)
    json.field("cost_usd", call.cost)
    json.field("error", call.error)
    json.field("finish_reason", call.finishReason)
    json.field("is_estimated", call.usage.isEstimated)
    json.field("latency_ms", call.latencyMs)
    json.field("prompt_tokens", call.usage.prompt)
    json.field("status", call.status.rawValue)
  }

  private static func write(_ said: Conversation, into json: inout CanonicalJSON) {
    json.field("answered_by", said.answeredBy)
    json.field("is_cached", said.isCached)
    json.field("prompt_version", said.promptVersion)
    json.field("question_digest", said.questionDigest)
    json.field("reasoning", said.reasoning)
    json.array("repairs", said.repairs) { json, repair in json.value(repair) }
    json.field("reply", said.reply)
    json.field("system", said.system)
    json.field("template_digest", said.templateDigest)
    json.field("user", said.user)
  }

  private static func write(_ record: DecisionRecord, into json: inout CanonicalJSON) {
    json.field("action", record.decision.action.rawValue)
    if let order = record.order {
      json.field("client_order_id", order.text)
    } else {
      json.null("client_order_id")
    }
    json.array("notes", record.notes) { json, note in
      json.object { json in
        json.field("rule", note.rule)
        json.field("text", note.text)
      }
    }
    json.field("reasoning", record.decision.reasoning)
    if let coin = record.decision.coin {
      json.field("symbol", coin.name)
    } else {
      json.null("symbol")
    }
    json.field("verdict", record.verdict.rawValue)
  }
}
