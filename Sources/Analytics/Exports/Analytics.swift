package import Trading

extension Export {
  /// The analytics of every trader, sorted by id.
  package static let analytics = Export(
    name: "analytics.json", summary: "The 92 statistics of every trader."
  ) { view in
    CanonicalJSON.document(capacity: 1024 + 6000 * view.traders.count) { json in
      json.array("analytics", view.traders) { json, trader in
        json.object { $0.analytics(of: trader, in: view) }
      }
      json.field("serverTime", view.at.ms)
    }
  }

  /// The analytics of one trader as an object, the form nof0's API serves; empty when there is no
  /// such trader.
  package static func modelAnalytics(_ id: TraderID) -> Export {
    Export(name: "analytics-\(id.name).json", summary: "The 92 statistics of \(id.name).") { view in
      CanonicalJSON.document(capacity: 8192) { json in
        json.object("analytics") { json in
          guard let trader = view.traders.first(where: { $0.id == id }) else { return }
          json.analytics(of: trader, in: view)
        }
        json.field("serverTime", view.at.ms)
      }
    }
  }
}

/// The six tables of one trader, sorted by name.
package struct TraderAnalytics: Sendable, Equatable {
  /// The tables.
  package let tables: [BreakdownTable]

  /// The tables of a trader at the time of a view.
  package init(of trader: TraderView, in view: ArenaView) {
    let scale = view.scale(of: trader)
    let input = trader.analyticsInput
    let figures = input.trades.map {
      TradeFigures($0, scale: scale, equity: trader.equity(before: $0.openedAt))
    }
    let held = HeldTime(input, open: trader.record.ledger.positions, until: view.at)
    tables = [
      .feesAndPnL(figures),
      .invocations(count: trader.record.runtime.invocations, times: input.invocations),
      .longsAndShorts(figures),
      .tradesOverview(figures, decisions: input.decisions),
      .signals(input.decisions, held: held),
      .winnersAndLosers(figures),
    ]
  }
}

extension TraderView {
  /// The raw equity at the last hourly point before or at an instant, USD; `nil` without one.
  fileprivate func equity(before instant: Timestamp) -> USD? {
    var low = 0
    var high = hourly.count
    while low < high {
      let middle = (low + high) / 2
      if hourly[middle].at <= instant { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : hourly[low - 1].equity
  }
}

extension CanonicalJSON {
  fileprivate mutating func analytics(of trader: TraderView, in view: ArenaView) {
    let tables = TraderAnalytics(of: trader, in: view).tables
    let lastTurn = trader.recentTurns.max { $0.at < $1.at }
    let lastTrade = trader.analyticsInput.trades.last
    table(tables[0])
    field("id", trader.id.name)
    table(tables[1])
    field("last_convo_doc_id", lastTurn?.documentID ?? "")
    if let lastTurn {
      field("last_convo_timestamp", seconds: lastTurn.at)
    } else {
      field("last_convo_timestamp", 0)
    }
    field("last_trade_doc_id", lastTrade?.documentID ?? "")
    if let lastTrade {
      field("last_trade_exit_time", seconds: lastTrade.closedAt)
    } else {
      field("last_trade_exit_time", 0)
    }
    table(tables[2])
    field("model_id", trader.id.name)
    table(tables[3])
    table(tables[4])
    field("updated_at", seconds: view.at)
    table(tables[5])
  }
}
