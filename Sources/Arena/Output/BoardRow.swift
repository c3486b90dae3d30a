import Analytics
import Trading

/// One line of the leaderboard.
struct BoardRow {
  /// The place, from 1; empty for who does not take part any more.
  let rank: String
  /// The trader or the benchmark.
  let id: String
  let status: String
  let rule: String
  let nav: USD?
  let score: Double?
  let totals: PerformanceTotals
  /// Open positions.
  let positions: Int

  init(_ record: TraderRecord, rank: Int, score: Double?) {
    let isRemoved = record.runtime.removedAt != nil
    self.rank = isRemoved ? "" : "\(rank)"
    id = record.ledger.trader.name
    status = isRemoved ? "removed" : record.runtime.status.rawValue
    rule = Readable.clipped(record.executor, to: 16)
    nav = record.totals.lastNAV
    self.score = score
    totals = record.totals
    positions = record.ledger.positions.count
  }

  init(benchmark: String, nav: USD) {
    rank = ""
    id = benchmark
    status = ""
    rule = "benchmark"
    self.nav = nav
    score = nil
    totals = PerformanceTotals()
    positions = 0
  }

  var name: String { Readable.clipped(id, to: 24) }

  /// The return on what 10,000 became, per cent.
  var returnPct: Double? { nav.map(Self.returnPct) }

  static func returnPct(_ nav: USD) -> Double { 100 * (nav.double / 10_000 - 1) }

  var returnTint: Tint? { Tint.of(returnPct) }

  var statusTint: Tint? {
    switch status {
    case TraderStatus.running.rawValue: .good
    case TraderStatus.isolated.rawValue, TraderStatus.error.rawValue: .bad
    case "removed": .faint
    default: .warning
    }
  }

  func figure(_ value: (PerformanceTotals) -> Double?) -> String {
    value(totals).map(Readable.decimals2) ?? "–"
  }

  /// The ends of the confidence interval of the return.
  func interval(_ statistics: ArenaStatistics) -> String {
    guard let interval = statistics.traders.first(where: { $0.id == id })?.returnPct else {
      return "–"
    }
    let ends = [interval.low, interval.high].map { Readable.signedPct($0).dropLast(2) }
    return "\(ends[0])…\(ends[1]) %"
  }

  /// The group of traders that it cannot be told apart from, from 1; the best first.
  func tier(_ statistics: ArenaStatistics) -> String {
    statistics.tiers.firstIndex { $0.contains(id) }.map { "\($0 + 1)" } ?? "–"
  }
}

/// One column of the leaderboard.
struct BoardColumn {
  let column: TextTable.Column
  let tint: (BoardRow) -> Tint?
  let text: (BoardRow) -> String

  init(
    _ title: String, _ alignment: TextTable.Alignment, drop: Int = 0, least: Int? = nil,
    tint: @escaping (BoardRow) -> Tint? = { _ in nil }, text: @escaping (BoardRow) -> String
  ) {
    column = TextTable.Column(title, alignment, drop: drop, least: least)
    self.tint = tint
    self.text = text
  }
}
