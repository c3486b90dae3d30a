import Analytics
import Testing
import Trading

/// A small arena with known numbers: `alpha` began with 2,500 USD and has traded, `beta` began
/// with 10,000 USD and has not, and a benchmark.
struct SampleArena {
  static let start = Timestamp(ms: 1_763_633_400_000)  // 2025-11-20T10:10:00Z
  static let now = start + .hours(2) + .minutes(30)

  let alpha: TraderID
  let beta: TraderID
  let btc: Coin
  let eth: Coin

  init() throws {
    alpha = try #require(TraderID("alpha"))
    beta = try #require(TraderID("beta"))
    btc = try #require(Coin("BTC"))
    eth = try #require(Coin("ETH"))
  }

  func view(navBase: USD? = USD(whole: 10_000), withBenchmark: Bool = true) throws -> ArenaView {
    ArenaView(
      at: Self.now, run: 7, cycle: 6, isSynthetic: true,
      prices: [
        btc: SeenPrice(price: try price("101500.5"), at: Self.now - .seconds(1)),
        eth: SeenPrice(price: try price("3900"), at: Self.now),
      ],
      traders: [try betaView(), try alphaView()],
      benchmark: withBenchmark ? try benchmark() : nil, navBase: navBase)
  }

  /// Long 0.01 BTC at 100,000 (fee 0.45), closed at 101,000 (fee 0.4545): gross 10, net 9.0955.
  ///
  /// Then short 0.5 ETH at 4,000 (fee 0.9), funding +0.05; the mark is 3,900: unrealised 50. Cash
  /// 2500 + 10 + 0.05 − 1.8045 = 2508.2455; equity 2558.2455.
  func alphaView() throws -> TraderView {
    var ledger = Ledger(trader: alpha)
    ledger.book(flow: USD(whole: 2500), equity: .zero)
    var next: PositionNumber = 1
    let opened = Self.start + .minutes(5)
    let plan = ExitPlan(
      stop: try price("98000"), target: try price("105000"), invalidation: "4h close < 98,000")
    let claim = EntryClaim(
      cycle: 1, leverage: 5, confidence: 70, riskUSD: USD(whole: 20), exitPlan: plan)
    _ = ledger.book(
      try fill(1, btc, .buy, "100000", "0.01", "0.45", opened), claim: claim, nextPosition: &next)
    let events = ledger.book(
      try fill(2, btc, .sell, "101000", "0.01", "0.4545", opened + .minutes(90)), claim: claim,
      nextPosition: &next)
    let short = EntryClaim(
      cycle: 4, leverage: 10, confidence: nil, riskUSD: USD(whole: 30),
      exitPlan: ExitPlan(stop: try price("4100"), target: nil))
    _ = ledger.book(
      try fill(3, eth, .sell, "4000", "0.5", "0.9", opened + .minutes(100)), claim: short,
      nextPosition: &next)
    ledger.book(try alphaFunding())
    guard case .closed(let trade) = events[0] else {
      throw SampleError(description: "expected a closed trade, was \(events)")
    }
    var totals = PerformanceTotals()
    totals.fold(trade)
    return TraderView(
      record: record(ledger, executor: "ema_cross", totals: totals),
      holdings: [
        eth: Holding(mark: try price("3900"), liquidation: try price("8763.5"), stopOrderID: 12)
      ],
      hourly: [
        try point(alpha, 59, equity: "2519.5", nav: "10078", cash: "2499.5", unrealised: "20"),
        try point(alpha, 118, equity: "2509.0955", nav: "10036.382", cash: "2509.0955"),
      ],
      flows: [
        CapitalFlow(trader: alpha, at: Self.start, amount: USD(whole: 2500), reason: "initial")
      ],
      recentTrades: [trade], recentTurns: try alphaTurns(),
      coins: [btc, eth], metrics: try alphaMetrics(trade),
      medians: TradeMedians(holdingMinutes: 90, notional: 1000))
  }

  private func betaView() throws -> TraderView {
    var ledger = Ledger(trader: beta)
    ledger.book(flow: USD(whole: 10_000), equity: .zero)
    let failed = TurnView(
      at: Self.start + .minutes(3), run: 1, cycle: 1,
      turn: TurnRecord(
        trader: beta, era: 1, slot: 1, failure: "timed out after 60s", decisions: []))
    return TraderView(
      record: record(ledger, executor: "flat"), holdings: [:], hourly: [], flows: [],
      recentTrades: [], recentTurns: [failed], coins: [btc, eth])
  }

  /// Bought 0.09995 BTC at 100,000 less 4.5: equity at 101,500.5 is 10145.474975.
  private func benchmark() throws -> BenchmarkView {
    let id = try #require(TraderID("buynhold_btc"))
    return BenchmarkView(
      benchmark: Benchmark(
        id: id, coin: btc, boughtAt: Self.start, price: try price("100000"),
        size: try #require(Quantity("0.09995")), fee: try usd("4.5"), start: USD(whole: 10_000)),
      mark: try price("101500.5"),
      hourly: [
        try point(id, 59, equity: "9995.5", nav: "9995.5", cash: "9995.5")
      ])
  }

  private func alphaTurns() throws -> [TurnView] {
    let enter = Decision(
      .buyToEnter, coin: btc, leverage: 5, positionSize: USD(whole: 1000),
      entryPrice: try price("100000"), stopLoss: try price("98000"),
      takeProfit: try price("105000"), riskUSD: USD(whole: 20), confidence: 70,
      invalidation: "4h close < 98,000", reasoning: "EMA20 crossed above EMA50.")
    let close = Decision(.close, coin: btc, reasoning: "EMA20 crossed below EMA50.")
    let turns: [(Decision, Int64)] = [(enter, 3), (close, 93), (Decision(.hold, coin: nil), 120)]
    return turns.map { decision, minute in
      TurnView(
        at: Self.start + .minutes(minute), run: 2, cycle: minute,
        turn: TurnRecord(
          trader: alpha, era: 1, slot: minute, failure: nil,
          decisions: [
            DecisionRecord(
              trader: alpha, index: 0, decision: decision,
              verdict: decision.action == .hold ? .held : .accepted,
              notes: [RuleNote(rule: "lot", text: "rounded down")], order: nil)
          ]))
    }
  }

  private func alphaFunding() throws -> FundingPayment {
    FundingPayment(
      account: try account(), coin: eth, at: Self.start + .hours(2),
      size: SignedQuantity(mantissa: -50_000_000), rate: .zero, amount: try usd("0.05"))
  }

  /// What alpha's trade, four turns, points, fills and funding come to.
  private func alphaMetrics(_ trade: Trade) throws -> TraderMetrics {
    var metrics = TraderMetrics(inception: Self.start)
    metrics.fold(trade, equityAtEntry: nil)
    let decisions: [(minute: Int64, decision: Decision)] = [
      (3, Decision(.buyToEnter, coin: btc, leverage: 5, confidence: 70)),
      (93, Decision(.close, coin: btc, confidence: 60)),
      (99, Decision(.sellToEnter, coin: eth, leverage: 10)),
      (120, Decision(.hold, coin: nil)),
    ]
    for (minute, decision) in decisions {
      metrics.fold(
        TurnRecord(
          trader: alpha, era: 1, slot: minute, failure: nil,
          decisions: [
            DecisionRecord(
              trader: alpha, index: 0, decision: decision,
              verdict: decision.action == .hold ? .held : .accepted, notes: [], order: nil)
          ]), at: Self.start + .minutes(minute))
    }
    metrics.fold(
      try point(alpha, 59, equity: "2519.5", nav: "10078", cash: "2499.5", unrealised: "20"))
    metrics.fold(
      try point(alpha, 118, equity: "2509.0955", nav: "10036.382", cash: "2509.0955"))
    let opened = Self.start + .minutes(5)
    metrics.fold(
      try fill(1, btc, .buy, "100000", "0.01", "0.45", opened), of: .open,
      decisionMid: try price("99990"))
    metrics.fold(
      try fill(2, btc, .sell, "101000", "0.01", "0.4545", opened + .minutes(90)), of: .close,
      decisionMid: try price("101010"))
    metrics.fold(
      try fill(3, eth, .sell, "4000", "0.5", "0.9", opened + .minutes(100)), of: .open,
      decisionMid: nil)
    metrics.fold(try alphaFunding())
    return metrics
  }

  // MARK: Parts

  func record(
    _ ledger: Ledger, executor: String, totals: PerformanceTotals = PerformanceTotals()
  ) -> TraderRecord {
    guard let provider = ProviderID("sim"), let account = AccountID("sim.main") else {
      preconditionFailure("expected the names sim and sim.main to be allowed")
    }
    return TraderRecord(
      name: "Trader \(ledger.trader.name)", executor: executor, exchange: provider,
      account: account,
      runtime: TraderRuntime(
        status: .running, invocations: 4, inceptionAt: Self.start,
        era: TraderEra(number: 1, startedAt: Self.start, configDigest: "d")),
      ledger: ledger, totals: totals)
  }

  func fill(
    _ id: Int64, _ coin: Coin, _ side: OrderSide, _ price: String, _ size: String, _ fee: String,
    _ at: Timestamp
  ) throws -> Fill {
    Fill(
      id: id, account: try account(), coin: coin, side: side, price: try self.price(price),
      size: try #require(Quantity(size)), fee: try usd(fee), isTaker: true, at: at,
      orderID: 100 + id, clientOrderID: nil, cause: .order)
  }

  func point(
    _ id: TraderID, _ minute: Int64, equity: String, nav: String, cash: String,
    unrealised: String = "0"
  ) throws -> EquityPoint {
    EquityPoint(
      trader: id, at: Self.start + .minutes(minute), equity: try usd(equity), nav: try usd(nav),
      cash: try usd(cash), unrealised: try usd(unrealised), marginUsed: .zero)
  }

  func price(_ text: String) throws -> Price { try #require(Price(text)) }

  func usd(_ text: String) throws -> USD { try #require(USD(text)) }

  private func account() throws -> AccountID { try #require(AccountID("sim.main")) }
}

/// The sample did not come out as written.
struct SampleError: Error, CustomStringConvertible {
  let description: String
}
