package import Trading

/// The last equity point of an hour or a day, with what was known of the record then.
package struct PeriodTotal: Sendable, Equatable {
  /// The point.
  package let point: EquityPoint
  /// Full hours from the trader's inception to the point.
  package let hour: Int64
  /// The annualised Sharpe ratio at the time; `nil` = not defined yet.
  package let sharpe: Double?

  /// A total from its parts.
  package init(point: EquityPoint, hour: Int64, sharpe: Double?) {
    self.point = point
    self.hour = hour
    self.sharpe = sharpe
  }
}

extension EquityPoint {
  static let columns = Columns(
    "equity_points", "trader at_ms equity nav cash unrealised margin_used")
  static let upsert = columns.upsert(key: "trader", "at_ms")

  /// The values of its columns.
  var values: [any Column] { [trader, at, equity, nav, cash, unrealised, marginUsed] }

  /// The point of the next columns.
  init(_ row: inout RowReader) throws {
    self.init(
      trader: try row.next(), at: try row.next(), equity: try row.next(), nav: try row.next(),
      cash: try row.next(), unrealised: try row.next(), marginUsed: try row.next())
  }
}

extension PeriodTotal {
  private static let names =
    "trader at_ms equity nav cash unrealised margin_used hour sharpe"
  /// A later point replaces an earlier one of the same hour, never the other way round.
  private static let later = " WHERE excluded.at_ms >= at_ms"
  static let hourly = Columns("hourly_totals", names)
  static let daily = Columns("daily_totals", names + " day")
  static let upsertHourly = hourly.upsert(key: "trader", "hour") + later
  static let upsertDaily = daily.upsert(key: "trader", "day") + later

  /// The values of its columns; the day comes after them in the daily table.
  var values: [any Column] { point.values + [hour, sharpe] }

  /// The total of the next columns.
  init(_ row: inout RowReader) throws {
    self.init(point: try EquityPoint(&row), hour: try row.next(), sharpe: try row.next())
  }
}

extension Benchmark {
  static let columns = Columns("benchmark", "one id coin bought_at_ms price size fee start")
  static let upsert = columns.upsert(key: "one")

  /// The values of its columns.
  var values: [any Column] { [1, id, coin, boughtAt, price, size, fee, start] }

  /// The benchmark of the columns after the first.
  init(_ row: inout RowReader) throws {
    row.skip(1)
    self.init(
      id: try row.next(), coin: try row.next(), boughtAt: try row.next(),
      price: try row.next(), size: try row.next(), fee: try row.next(), start: try row.next())
  }
}
