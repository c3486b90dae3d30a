import Journal
import Trading

extension ArenaStatus.Sighting {
  var json: String {
    let bytes = CanonicalJSON.document { json in
      json.array("alert_channels", channels) { json, state in
        json.object { ArenaStatus.write(state, into: &$0) }
      }
      json.array("alerts", alerts) { json, record in
        json.object { json in
          json.field("key", record.alert.key)
          json.field("message", record.alert.message)
          json.field("opened_at_ms", record.openedAt.ms)
          json.field("severity", record.alert.severity.rawValue)
        }
      }
      if let at { json.field("at_ms", at.ms) } else { json.null("at_ms") }
      if let benchmark {
        json.object("benchmark") { json in
          json.field("id", benchmark.name)
          json.field("nav_usd", benchmark.nav)
        }
      } else {
        json.null("benchmark")
      }
      if let capital {
        json.object("capital") { ArenaStatus.write(capital, into: &$0) }
      } else {
        json.null("capital")
      }
      json.array("conflicts", conflicts) { json, row in json.object { row.write(into: &$0) } }
      json.array("kill_switches", switches.prefix(ArenaStatus.shown)) { json, fired in
        json.object { RecordTables.write(fired, into: &$0) }
      }
      if let spending {
        json.object("models") { spending.write(into: &$0) }
      } else {
        json.null("models")
      }
      json.array("refusals", refusals) { json, row in json.object { row.write(into: &$0) } }
      json.array("runs", runs) { json, run in
        json.object { json in
          json.field("at_ms", run.at.ms)
          if let error = run.error { json.field("error", error) } else { json.null("error") }
          json.field("run", run.run)
          json.field("status", run.status.rawValue)
        }
      }
      json.array("traders", ranks) { json, record in json.object { write(record, into: &$0) } }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(_ record: TraderRecord, into json: inout CanonicalJSON) {
    json.field("executor", record.executor)
    json.field("id", record.ledger.trader.name)
    json.field("max_drawdown_pct", 100 * record.totals.maxDrawdown)
    if let nav = record.totals.lastNAV {
      json.field("nav_usd", nav)
    } else {
      json.null("nav_usd")
    }
    json.optional("paused_until_ms", record.runtime.pausedUntil?.ms)
    json.array("positions", record.ledger.positions) { json, position in
      json.object { ArenaStatus.write(position, into: &$0) }
    }
    json.field("reason", record.runtime.reason)
    json.optional("removed_at_ms", record.runtime.removedAt?.ms)
    if let score = score(record) {
      json.field("score", score)
    } else {
      json.null("score")
    }
    if let sharpe = record.totals.sharpe {
      json.field("sharpe", sharpe)
    } else {
      json.null("sharpe")
    }
    json.field("status", record.runtime.status.rawValue)
    json.field("trades", record.totals.trades)
    json.field("wins", record.totals.wins)
  }
}
