package import Trading

/// Everything the exports are made from: one arena at one instant.
package struct ArenaView: Sendable, Equatable {
  /// The time of the cycle; every `serverTime` is this.
  package let at: Timestamp
  /// The run that publishes.
  package let run: RunNumber
  /// Its cycle.
  package let cycle: CycleNumber
  /// Whether the market data was made up.
  package let isSynthetic: Bool
  /// The latest price of every traded coin and when it was seen.
  package let prices: [Coin: SeenPrice]
  /// Every trader there ever was, sorted by id.
  package let traders: [TraderView]
  /// The benchmark; `nil` before it was bought.
  package let benchmark: BenchmarkView?
  /// What a trader's start is quoted as, USD; `nil` = raw dollars.
  ///
  /// See ``DollarScale``.
  package let navBase: USD?
  /// What is told of the arena beside its traders.
  package let record: ArenaRecord

  /// A view from its parts; traders in any order.
  package init(
    at: Timestamp, run: RunNumber, cycle: CycleNumber, isSynthetic: Bool,
    prices: [Coin: SeenPrice], traders: [TraderView], benchmark: BenchmarkView?, navBase: USD?,
    record: ArenaRecord = ArenaRecord()
  ) {
    self.record = record
    self.at = at
    self.run = run
    self.cycle = cycle
    self.isSynthetic = isSynthetic
    self.prices = prices
    self.traders = traders.sorted { $0.id < $1.id }
    self.benchmark = benchmark
    self.navBase = navBase
  }

  /// The same arena with these traders, in any order.
  package func showing(_ traders: [TraderView]) -> ArenaView {
    ArenaView(
      at: at, run: run, cycle: cycle, isSynthetic: isSynthetic, prices: prices, traders: traders,
      benchmark: benchmark, navBase: navBase, record: record)
  }
}

/// A price and when it was seen.
package struct SeenPrice: Sendable, Hashable {
  /// The price.
  package let price: Price
  /// When it was seen.
  package let at: Timestamp

  /// A seen price from its parts.
  package init(price: Price, at: Timestamp) {
    self.price = price
    self.at = at
  }
}

/// What the exports know of one trader.
package struct TraderView: Sendable, Equatable {
  /// Its present: words, status, books, totals.
  package let record: TraderRecord
  /// What its open positions are worth and rest on; one for each coin of the ledger's positions.
  package let holdings: [Coin: Holding]
  /// The last equity point of each hour since inception, ascending; rarer ones of long ago.
  package let hourly: [EquityPoint]
  /// Money put in and taken out since inception, ascending; only raw dollars need it.
  package let flows: [CapitalFlow]
  /// Its newest trades in any order; the exports show at most 100.
  package let recentTrades: [Trade]
  /// Its newest turns in any order; the exports show at most 100 of all traders.
  package let recentTurns: [TurnView]
  /// The coins it may trade; minutes are counted over these and those it traded.
  package let coins: [Coin]
  /// The running aggregates of its record.
  package let metrics: TraderMetrics
  /// The medians of its finished positions, which the aggregates cannot tell.
  package let medians: TradeMedians
  /// What its model calls cost, by model; empty when it asks none.
  package let modelUse: [ModelCost]
  /// What was lately and what comes next.
  package var outlook = TraderOutlook()

  /// A view from its parts.
  ///
  /// Traps when an open position has no holding.
  package init(
    record: TraderRecord, holdings: [Coin: Holding], hourly: [EquityPoint],
    flows: [CapitalFlow], recentTrades: [Trade], recentTurns: [TurnView],
    coins: [Coin] = [], metrics: TraderMetrics? = nil, medians: TradeMedians = .none,
    modelUse: [ModelCost] = []
  ) {
    self.metrics = metrics ?? TraderMetrics(inception: record.runtime.inceptionAt)
    self.modelUse = modelUse
    for position in record.ledger.positions where holdings[position.coin] == nil {
      preconditionFailure(
        "expected a mark for \(position.coin), \(record.ledger.trader) holds it and has none")
    }
    self.record = record
    self.holdings = holdings
    self.hourly = hourly
    self.flows = flows
    self.recentTrades = recentTrades
    self.recentTurns = recentTurns
    self.coins = coins
    self.medians = medians
  }

  /// Its id.
  package var id: TraderID { record.ledger.trader }

  /// Profit not yet realised at the marks of its holdings, USD.
  package var unrealised: USD {
    record.ledger.positions.reduce(.zero) { total, position in
      total + (holdings[position.coin].map { position.unrealised(at: $0.mark) } ?? .zero)
    }
  }

  /// Cash plus unrealised profit, USD.
  package var equity: USD { record.ledger.cash + unrealised }
}

/// What an open position is worth and which orders protect it.
package struct Holding: Sendable, Hashable {
  /// The mark price.
  package let mark: Price
  /// Where the venue would liquidate; `nil` = nowhere above zero.
  package let liquidation: Price?
  /// The venue's number of the resting stop; `nil` = none.
  package let stopOrderID: Int64?
  /// The venue's number of the resting target; `nil` = none.
  package let targetOrderID: Int64?

  /// A holding from its parts.
  package init(
    mark: Price, liquidation: Price? = nil, stopOrderID: Int64? = nil,
    targetOrderID: Int64? = nil
  ) {
    self.mark = mark
    self.liquidation = liquidation
    self.stopOrderID = stopOrderID
    self.targetOrderID = targetOrderID
  }
}

/// A turn and when it was taken.
package struct TurnView: Sendable, Equatable {
  /// When.
  package let at: Timestamp
  /// In which run.
  package let run: RunNumber
  /// In which cycle.
  package let cycle: CycleNumber
  /// The turn.
  package let turn: TurnRecord

  /// A turn from its parts.
  package init(at: Timestamp, run: RunNumber, cycle: CycleNumber, turn: TurnRecord) {
    self.at = at
    self.run = run
    self.cycle = cycle
    self.turn = turn
  }
}

/// What the exports know of the benchmark.
package struct BenchmarkView: Sendable, Equatable {
  /// What was bought.
  package let benchmark: Benchmark
  /// The latest price of its coin.
  package let mark: Price
  /// The last equity point of each hour since the purchase, ascending.
  package let hourly: [EquityPoint]
  /// The running aggregates of its curve.
  package let metrics: TraderMetrics

  /// A view from its parts.
  package init(
    benchmark: Benchmark, mark: Price, hourly: [EquityPoint], metrics: TraderMetrics? = nil
  ) {
    self.metrics = metrics ?? TraderMetrics(inception: benchmark.boughtAt, isBenchmark: true)
    self.benchmark = benchmark
    self.mark = mark
    self.hourly = hourly
  }

  /// Profit not yet realised at the mark, USD.
  package var unrealised: USD { mark * benchmark.size - benchmark.price * benchmark.size }
}
