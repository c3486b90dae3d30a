package import Trading

/// What a back-test came to, per trader and over all of them.
///
/// It follows from the record alone: the same record gives the same bytes.
package struct BacktestReport: Sendable, Equatable {
  /// Where the prices came from, in words.
  package let source: String
  /// Whether prices were made up.
  package let isSynthetic: Bool
  /// The first cycle; `nil` = there was none.
  package let from: Timestamp?
  /// The last cycle; `nil` = there was none.
  package let to: Timestamp?
  /// Cycles that were run.
  package let cycles: Int
  /// Turns that were taken.
  package let traderCycles: Int
  /// Which way they were run.
  package let engine: String
  /// How decisions were filled.
  package let fillRule: String
  /// Things worth knowing, in words.
  package let notices: [String]
  /// What each coin did, by name.
  package let coins: [BacktestCoin]
  /// The traders, in the order of the configuration.
  package let traders: [BacktestFigures]
  /// All of them together: their curves added up, their round trips in the order they ended.
  package let total: BacktestFigures
  /// The curves, thinned for drawing.
  let curves: BacktestCurves

  /// Sums up a record.
  ///
  /// - Parameters:
  ///   - record: What was done; each curve has one value per instant.
  ///   - riskFree: Yearly return of money that takes no risk, as a fraction; for Sharpe's and
  ///     Sortino's ratio.
  /// - Returns: The report.
  package static func make(
    from record: BacktestRecord, riskFree: Double = 0
  ) -> BacktestReport {
    BacktestReport(record, riskFree: riskFree)
  }

  private init(_ record: BacktestRecord, riskFree: Double) {
    source = record.source
    isSynthetic = record.isSynthetic
    from = record.timesMs.first.map { Timestamp(ms: $0) }
    to = record.timesMs.last.map { Timestamp(ms: $0) }
    cycles = record.cycles
    traderCycles = record.traderCycles
    engine = record.engine
    fillRule = record.fillRule
    notices = record.notices
    coins = record.coins.sorted { $0.coin < $1.coin }
    traders = record.traders.map { trader in
      BacktestFigures(trader, id: trader.id, timesMs: record.timesMs, riskFree: riskFree) {
        for trade in trader.trades { $0(trade) }
      }
    }
    let all = BacktestTrader(sumOf: record.traders, instants: record.timesMs.count)
    let lists = record.traders.map(\.trades)
    total = BacktestFigures(all, id: nil, timesMs: record.timesMs, riskFree: riskFree) {
      Self.merge(lists, into: $0)
    }
    curves = BacktestCurves(record, total: all)
  }

  /// Mean change of the coins' prices from the first cycle to the last, per cent; `nil` = no coins.
  package var marketChangePct: Double? {
    ratio(coins.reduce(0) { $0 + $1.changePct }, of: Double(coins.count))
  }

  /// The traders, the best return first.
  var ranked: [BacktestFigures] {
    traders.enumerated().sorted { left, right in
      switch (left.element.returnPct, right.element.returnPct) {
      case (let one?, let other?) where one != other: one > other
      case (nil, _?): false
      case (_?, nil): true
      case (_, _): left.offset < right.offset
      }
    }.map(\.element)
  }

  /// Gives the round trips of some lists in the order they ended; each list is in that order.
  private static func merge(_ lists: [[Trade]], into fold: (Trade) -> Void) {
    var places = lists.map(\.startIndex)
    while true {
      var next: (list: Int, closed: Timestamp, position: PositionNumber)?
      for (index, list) in lists.enumerated() where places[index] < list.endIndex {
        let (closed, position) = (list[places[index]].closedAt, list[places[index]].position)
        if let next, (next.closed, next.position) <= (closed, position) { continue }
        next = (index, closed, position)
      }
      guard let next else { return }
      fold(lists[next.list][places[next.list]])
      places[next.list] += 1
    }
  }
}

extension BacktestCoin {
  /// What it did from the first cycle to the last, per cent.
  package var changePct: Double { last.changePct(from: first) }
}

extension BacktestTrader {
  /// All traders as one, without their trades.
  fileprivate init(sumOf traders: [BacktestTrader], instants: Int) {
    // An id is wanted for points, which nobody sees.
    guard let id = traders.first?.id ?? TraderID("all") else {
      preconditionFailure("expected `all` to be an id")
    }
    self.init(
      id: id, name: "all", executor: "", start: traders.reduce(.zero) { $0 + $1.start })
    equity = traders.first?.equity ?? [Int64](repeating: 0, count: instants)
    for trader in traders.dropFirst() {
      precondition(
        trader.equity.count == equity.count,
        "expected \(equity.count) values of equity of \(trader.id), was \(trader.equity.count)")
      for index in equity.indices { equity[index] += trader.equity[index] }
    }
    for trader in traders {
      fees += trader.fees
      funding += trader.funding
      volume += trader.volume
      cash += trader.cash - trader.start
      fills += trader.fills
      openPositions += trader.openPositions
      decisions.merge(trader.decisions, uniquingKeysWith: +)
      rejections.merge(trader.rejections, uniquingKeysWith: +)
      failures.merge(trader.failures, uniquingKeysWith: +)
    }
  }
}
