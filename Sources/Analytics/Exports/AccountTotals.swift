import Trading

extension Export {
  /// The equity history: one row per holder and hour since its inception, ascending by time, then
  /// by id.
  ///
  /// Only the newest row of a holder, its present, names its positions and its Sharpe ratio (null
  /// while undefined); older rows have `{}` and null, which no reader uses. Rows become rarer with
  /// age, see ``CurveGrain/rows``, so that the file stays small whatever the history.
  package static let accountTotals = Export(
    name: "account-totals.json", summary: "Equity by the hour, with the present positions."
  ) { view in
    let holders = view.holders
    let rows = holders.map { equityRows(of: $0, in: view, .rows) }
    let lastMarker = rows.joined().reduce(Int64(0)) { max($0, $1.hourlyMarker) }
    let places = RowPlace.sorted(rows)
    return CanonicalJSON.document(capacity: 1024 + 300 * places.count) { json in
      json.array("accountTotals", places) { json, place in
        let row = rows[place.holder][place.index]
        let isPresent = place.index == rows[place.holder].count - 1
        let present = isPresent ? holders[place.holder] : nil
        json.object { $0.fields(of: row, present: present, in: view) }
      }
      json.field("lastHourlyMarkerRead", lastMarker)
      json.field("serverTime", view.at.ms)
    }
  }
}

/// Where a row stands among those of all holders: moving the rows themselves took longer.
private struct RowPlace {
  let at: Timestamp
  let holder: Int
  let index: Int

  /// The places of all rows, ascending by time, then by holder.
  static func sorted(_ rows: [[EquityRow]]) -> [RowPlace] {
    var places: [RowPlace] = []
    for (holder, own) in rows.enumerated() {
      for (index, row) in own.enumerated() {
        places.append(RowPlace(at: row.at, holder: holder, index: index))
      }
    }
    places.sort { $0.at == $1.at ? $0.holder < $1.holder : $0.at < $1.at }
    return places
  }
}

/// One row per hourly marker: the last point of each, ascending, as far as the grain keeps it; the
/// present last of all.
private func equityRows(
  of holder: Holder, in view: ArenaView, _ grain: CurveGrain
) -> [EquityRow] {
  let present = holder.present(in: view)
  var flows: [CapitalFlow] = []
  var latestFlows = USD.zero
  switch holder {
  case .trader(let trader):
    flows = trader.flows
    latestFlows = flows.isEmpty ? trader.record.ledger.flows : .zero
  case .benchmark(let held): latestFlows = held.benchmark.start
  }
  let points = holder.past(before: present, at: view.at, grain)
  var rows: [EquityRow] = []
  rows.reserveCapacity(points.count + 1)
  var nextFlow = 0
  for point in points {
    while nextFlow < flows.count, flows[nextFlow].at <= point.at {
      latestFlows += flows[nextFlow].amount
      nextFlow += 1
    }
    rows.append(
      EquityRow(
        point, inceptionAt: present.inceptionAt, flows: latestFlows, navBase: view.navBase))
  }
  rows.append(present)
  return rows
}

extension CanonicalJSON {
  /// A row; `present` is its holder on the newest row of that.
  fileprivate mutating func fields(of row: EquityRow, present: Holder?, in view: ArenaView) {
    field("cum_pnl_pct", row.returnPct(decimals: 3))
    field("dollar_equity", row.equity)
    field("id", row.id.name, numbered: row.hourlyMarker)
    field("model_id", row.id.name)
    if let holder = present {
      positions(of: holder, in: view)
    } else {
      object("positions") { _ in }
    }
    field("realized_pnl", row.realised)
    if case .trader(let trader) = present, let sharpe = trader.record.totals.sharpe {
      field("sharpe_ratio", sharpe)
    } else {
      null("sharpe_ratio")
    }
    field("since_inception_hourly_marker", row.hourlyMarker)
    field("since_inception_minute_marker", row.minuteMarker)
    field("timestamp", seconds: row.at)
    field("total_unrealized_pnl", row.unrealised)
  }
}
