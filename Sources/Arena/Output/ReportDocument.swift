import Analytics
import Trading

/// A report on a period for programs.
enum ReportDocument {
  static func json(_ report: PeriodReport) -> String {
    let bytes = CanonicalJSON.document { json in
      json.object("alerts") { write(report.alerts, into: &$0) }
      json.field("arena", report.arena)
      if let benchmark = report.benchmark {
        json.object("benchmark") { json in
          json.field("id", benchmark.id.name)
          json.field("return_pct", benchmark.returnPct)
        }
      } else {
        json.null("benchmark")
      }
      name("best_trader", report.best, into: &json)
      json.field("from_ms", report.from.ms)
      json.array("kill_switches", report.killSwitches) { json, fired in
        json.object { RecordTables.write(fired, into: &$0) }
      }
      json.object("models") { json in
        json.array("calls", report.costs) { json, cost in
          json.object { json in
            json.field("calls", cost.calls)
            json.field("cost_usd", cost.cost)
            json.field("model", cost.model)
            json.field("tokens", cost.tokens)
            json.field("trader", cost.trader.name)
          }
        }
        json.field("cost_usd", report.cost)
      }
      json.array("symbols", report.symbols) { json, symbol in
        json.object { json in
          json.field("net_usd", symbol.net)
          json.field("symbol", symbol.coin.name)
          json.field("trades", symbol.trades)
          optional("win_rate_pct", symbol.winRatePct, into: &json)
          json.field("wins", symbol.wins)
        }
      }
      json.field("to_ms", report.to.ms)
      json.object("total") { json in
        write(report.total, of: nil, into: &json)
      }
      json.array("traders", report.traders) { json, trader in
        json.object { write(trader.figures, of: trader, into: &$0) }
      }
      name("worst_trader", report.worst, into: &json)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func write(_ alerts: PeriodAlerts, into json: inout CanonicalJSON) {
    json.field("count", alerts.count)
    let counts = alerts.counts.sorted { $0.severity.rawValue < $1.severity.rawValue }
    for (severity, count) in counts { json.field("count_\(severity.rawValue)", count) }
    json.array("newest", alerts.newest) { json, record in
      json.object { json in
        json.field("key", record.alert.key)
        json.field("message", record.alert.message)
        json.field("opened_at_ms", record.openedAt.ms)
        json.optional("resolved_at_ms", record.resolvedAt?.ms)
        json.field("severity", record.alert.severity.rawValue)
        if let trader = record.alert.trader {
          json.field("trader", trader.name)
        } else {
          json.null("trader")
        }
      }
    }
  }

  /// The figures of a trader; of the arena without one.
  private static func write(
    _ figures: PeriodFigures, of trader: TraderPeriod?, into json: inout CanonicalJSON
  ) {
    if let trader { json.field("drawdown_pct", trader.drawdownPct) }
    json.field("end_usd", figures.end)
    if let trader { json.field("executor", trader.executor) }
    json.field("fees_usd", figures.fees)
    json.field("flows_usd", figures.flows)
    json.field("funding_usd", figures.funding)
    if let trader {
      json.field("id", trader.id.name)
      json.field("is_removed", trader.isRemoved)
    }
    json.field("pnl_usd", figures.pnl)
    json.field("realised_usd", figures.realised)
    optional("return_pct", figures.returnPct, into: &json)
    optional("sharpe", figures.sharpe, into: &json)
    json.field("start_usd", figures.start)
    json.field("trades", figures.trades)
    json.field("unexplained_usd", figures.unexplained)
    json.field("unrealised_change_usd", figures.unrealisedChange)
    optional("win_rate_pct", figures.winRatePct, into: &json)
    json.field("wins", figures.wins)
  }

  private static func optional(
    _ key: String, _ number: Double?, into json: inout CanonicalJSON
  ) {
    if let number, number.isFinite { json.field(key, number) } else { json.null(key) }
  }

  private static func name(
    _ key: String, _ trader: TraderPeriod?, into json: inout CanonicalJSON
  ) {
    if let trader { json.field(key, trader.id.name) } else { json.null(key) }
  }
}
