package import Trading

extension Export {
  /// The analytics of every trader, sorted by id.
  package static let analytics = Export(
    name: "analytics.json", summary: "The 92 statistics of every trader."
  ) { view in
    analyticsDocument(of: view.traders.map { analyticsObject(of: $0, in: view) }, in: view)
  }

  /// The analytics of one trader as an object, the form nof0's API serves; empty when there is no
  /// such trader.
  package static func modelAnalytics(_ id: TraderID) -> Export {
    Export(name: "analytics-\(id.name).json", summary: "The 92 statistics of \(id.name).") { view in
      let trader = view.traders.first { $0.id == id }
      let object = trader.map { analyticsObject(of: $0, in: view) }
      return analyticsPage(of: object ?? CanonicalJSON.fragment { _ in }, in: view)
    }
  }

  /// The object that stands for a trader in `analytics.json` and in its own file: what takes time
  /// is made once for both.
  package static func analyticsObject(of trader: TraderView, in view: ArenaView) -> [UInt8] {
    CanonicalJSON.fragment(capacity: 6000) { $0.analytics(of: trader, in: view) }
  }

  /// The bytes of `analytics.json` from the objects of all traders in their order.
  package static func analyticsDocument(of objects: [[UInt8]], in view: ArenaView) -> [UInt8] {
    let size = objects.reduce(0) { $0 + $1.count + 1 }
    return CanonicalJSON.document(capacity: 1024 + size) { json in
      json.array("analytics", objects) { json, object in json.value(fragment: object) }
      json.field("serverTime", view.at.ms)
    }
  }

  /// The bytes of `analytics-ID.json` from the object of its trader.
  package static func analyticsPage(of object: [UInt8], in view: ArenaView) -> [UInt8] {
    CanonicalJSON.document(capacity: 64 + object.count) { json in
      json.key("analytics")
      json.value(fragment: object)
      json.field("serverTime", view.at.ms)
    }
  }
}

extension CanonicalJSON {
  fileprivate mutating func analytics(of trader: TraderView, in view: ArenaView) {
    let tables = TraderAnalytics(of: trader, in: view).tables
    let lastTurn = trader.recentTurns.max { $0.at < $1.at }
    let lastTrade = trader.recentTrades.max {
      $0.closedAt == $1.closedAt ? $0.position < $1.position : $0.closedAt < $1.closedAt
    }
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
    field("updated_at", seconds: view.present(of: trader))
    table(tables[5])
  }
}
