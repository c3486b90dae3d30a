import Analytics
import Trading

/// What `nof0 run` prints.
enum RunOutput {
  /// Prints the last report; a leaderboard when there were many cycles.
  static func print(_ report: CycleReport, cycles: Int, _ output: Output) {
    switch output.format {
    case .json: StandardStreams.writeOut(json(report, cycles: cycles))
    case .text where output.isQuiet: break
    case .text where cycles > 1:
      StandardStreams.writeOut(RunText.leaderboard(report, cycles: cycles))
    case .text:
      StandardStreams.writeOut(
        RunText.render(report, inColour: StandardStreams.outIsTerminal))
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
    }
    return String(decoding: bytes, as: UTF8.self)
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
