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
    let rows = holders.indices.flatMap { historyRows(of: $0, among: holders, in: view) }
    let sorted = rows.sorted { left, right in
      left.row.at == right.row.at ? left.row.id < right.row.id : left.row.at < right.row.at
    }
    let lastMarker = rows.reduce(Int64(0)) { max($0, $1.row.hourlyMarker) }
    return CanonicalJSON.document(capacity: 1024 + 300 * rows.count) { json in
      json.array("accountTotals", sorted) { json, entry in
        json.object { $0.fields(of: entry, among: holders, in: view) }
      }
      json.field("lastHourlyMarkerRead", lastMarker)
      json.field("serverTime", view.at.ms)
    }
  }
}

/// A row and, on the newest one, the place of its holder.
///
/// Not the holder itself, which is a kilobyte: sorting moved hundreds of megabytes of them.
private struct HistoryRow {
  let row: EquityRow
  let present: Int?
}

private func historyRows(
  of place: Int, among holders: [Holder], in view: ArenaView
) -> [HistoryRow] {
  let rows = equityRows(of: holders[place], in: view, .rows)
  return rows.enumerated().map { index, row in
    HistoryRow(row: row, present: index == rows.count - 1 ? place : nil)
  }
}

/// One row per hourly marker: the last point of each, ascending, as far as the grain keeps it; the
/// present last of all.
func equityRows(of holder: Holder, in view: ArenaView, _ grain: CurveGrain) -> [EquityRow] {
  let present: EquityRow
  let points: [EquityPoint]
  var flows: [CapitalFlow] = []
  var latestFlows = USD.zero
  switch holder {
  case .trader(let trader):
    present = .present(of: trader, in: view)
    points = grain.thinned(trader.hourly, at: view.at)
    flows = trader.flows
    latestFlows = flows.isEmpty ? trader.record.ledger.flows : .zero
  case .benchmark(let held):
    present = .present(of: held, in: view)
    points = grain.thinned(held.hourly, at: view.at)
    latestFlows = held.benchmark.start
  }
  var rows: [EquityRow] = []
  rows.reserveCapacity(points.count + 1)
  var nextFlow = 0
  for point in points {
    while nextFlow < flows.count, flows[nextFlow].at <= point.at {
      latestFlows += flows[nextFlow].amount
      nextFlow += 1
    }
    let row = EquityRow(
      point, inceptionAt: present.inceptionAt, flows: latestFlows, navBase: view.navBase)
    if rows.last?.hourlyMarker == row.hourlyMarker { rows.removeLast() }
    rows.append(row)
  }
  while let last = rows.last, last.hourlyMarker >= present.hourlyMarker { rows.removeLast() }
  rows.append(present)
  return rows
}

extension CanonicalJSON {
  fileprivate mutating func fields(
    of entry: HistoryRow, among holders: [Holder], in view: ArenaView
  ) {
    let row = entry.row
    let present = entry.present.map { holders[$0] }
    field("cum_pnl_pct", row.returnPct(decimals: 3))
    field("dollar_equity", row.equity)
    field("id", "\(row.id.name)_\(row.hourlyMarker)")
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
