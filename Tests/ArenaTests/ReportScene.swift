import Journal
import Testing
import Trading

/// A record of four runs with numbers that can be checked by hand; see ``ReportTextTests``.
struct ReportScene {
  /// 2025-07-20T11:00Z, the time of the first run.
  static let start = Timestamp(ms: 1_753_009_200_000)

  let store: StateStore
  private let anna: TraderID
  private let bert: TraderID
  private let btc: Coin
  private let eth: Coin

  init() throws {
    anna = try #require(TraderID("anna"))
    bert = try #require(TraderID("bert"))
    btc = try #require(Coin("BTC"))
    eth = try #require(Coin("ETH"))
    store = StateStore(try JournalDatabase.inMemory())
    try store.prepare(arenaID: "scene", name: "<The> arena", createdAt: Self.start)
    var records = try [anna, bert].map { try record($0) }
    try opening(&records)
    try buying(&records)
    try closing(&records)
    try lastRun(&records)
  }

  /// 11:00: anna is given 1000, bert 2000, and an alert opens that is not of the last day.
  private func opening(_ records: inout [TraderRecord]) throws {
    try run(at: Self.start, &records, marks: []) { records, changes in
      for (index, dollars) in [1000, 2000].enumerated() {
        let flow = CapitalFlow(
          trader: records[index].ledger.trader, at: Self.start,
          amount: USD(whole: Int64(dollars)), reason: "initial equity")
        records[index].ledger.book(flow: flow.amount, equity: .zero)
        changes.flows.append(flow)
      }
      changes.openAlerts = [
        Alert(key: "early", severity: .low, trader: nil, message: "before the period")
      ]
    }
  }

  /// 12:00: anna buys 1 BTC at 100 with a fee of 0.045; the mark is 110.
  ///
  /// A benchmark is bought.
  private func buying(_ records: inout [TraderRecord]) throws {
    let at = Self.start + .hour
    let benchmark = try self.benchmark(at)
    try run(at: at, &records, marks: [("BTC", "110")]) { records, changes in
      try book(&records[0], &changes, fill(1, anna, btc, .buy, "100", "1", "0.045", at))
      changes.benchmark = benchmark
      changes.equityPoints.append(try point(benchmark.id, at, "10000"))
      changes.benchmarkTotals = PerformanceTotals()
      changes.benchmarkTotals?.fold(try point(benchmark.id, at, "10000"))
    }
  }

  /// 11:00 of the next day: anna pays 0.125 of funding, sells at 120.5 with a fee of 0.05, and is
  /// given 500; bert sells 2 ETH at 50 with a fee of 0.09, at a mark of 51, and asks a model.
  private func closing(_ records: inout [TraderRecord]) throws {
    let at = Self.start + .day
    try run(at: at, &records, marks: [("ETH", "51")]) { records, changes in
      let payment = FundingPayment(
        account: records[0].account, coin: btc, at: at,
        size: SignedQuantity(mantissa: 100_000_000), rate: .zero,
        amount: try #require(USD("-0.125")))
      records[0].ledger.book(payment)
      changes.funding.append(BookedFunding(payment: payment, trader: anna))
      try book(&records[0], &changes, fill(2, anna, btc, .sell, "120.5", "1", "0.05", at))
      let flow = CapitalFlow(
        trader: anna, at: at, amount: USD(whole: 500), reason: "more",
        equity: records[0].ledger.cash)
      records[0].ledger.book(flow: flow.amount, equity: records[0].ledger.cash)
      changes.flows.append(flow)
      try book(&records[1], &changes, fill(1, bert, eth, .sell, "50", "2", "0.09", at))
      changes.openAlerts = [
        Alert(
          key: "no_stop.bert", severity: .high, trader: bert,
          message: "bert holds <b>ETH</b> | without a stop")
      ]
      changes.resolvedAlerts = ["early"]
      try ask(at, run: changes.run)
    }
  }

  /// 12:00: nothing is traded; ETH is at 49, the benchmark 1 % up, a kill switch fires.
  private func lastRun(_ records: inout [TraderRecord]) throws {
    let at = Self.start + .day + .hour
    try run(at: at, &records, marks: [("ETH", "49")]) { records, changes in
      let point = try point(#require(TraderID("buynhold_btc")), at, "10100")
      changes.equityPoints.append(point)
      changes.benchmarkTotals = PerformanceTotals()
      changes.benchmarkTotals?.fold(point)
      changes.killSwitches = [
        KillSwitch(
          number: 1, account: records[1].account, trader: bert, cause: KillSwitch.manualCause,
          measured: nil, threshold: nil, action: .block, reset: .manual, firedAt: at,
          reason: "a *bad* day")
      ]
    }
  }

  // MARK: Parts

  private func run(
    at: Timestamp, _ records: inout [TraderRecord], marks: [(String, String)],
    _ work: (inout [TraderRecord], inout StateChanges) throws -> Void
  ) throws {
    let run = try store.beginRun(at: at, wallStart: at, pid: 1)
    var changes = StateChanges(cycle: run, run: run, at: at)
    changes.turns = []
    try work(&records, &changes)
    let prices = try marks.map { coin, price in
      (try #require(Coin(coin)), try #require(Price(price)))
    }
    let known = Dictionary(uniqueKeysWithValues: prices)
    for index in records.indices {
      let ledger = records[index].ledger
      let unrealised = try #require(ledger.unrealised(marks: known))
      let equity = ledger.cash + unrealised
      let point = EquityPoint(
        trader: ledger.trader, at: at, equity: equity,
        nav: try #require(ledger.nav(equity: equity, base: USD(whole: 10_000))),
        cash: ledger.cash, unrealised: unrealised, marginUsed: .zero)
      records[index].totals.fold(point)
      changes.equityPoints.append(point)
    }
    changes.traders = records
    changes.nextPosition = 10 * (run + 1)
    try store.commit(changes)
    try store.finishRun(
      run, cycle: run, wallEnd: at + .seconds(1),
      phases: [PhaseTiming(phase: "decide", tookMs: 12)], error: nil)
  }

  private func record(_ id: TraderID) throws -> TraderRecord {
    TraderRecord(
      name: id.name, executor: "buy_and_hold", exchange: try #require(ProviderID("sim")),
      account: try #require(AccountID("sim.\(id.name)")),
      runtime: TraderRuntime(
        status: .running, inceptionAt: Self.start,
        era: TraderEra(number: 1, startedAt: Self.start, configDigest: "d")),
      ledger: Ledger(trader: id))
  }

  private func book(
    _ record: inout TraderRecord, _ changes: inout StateChanges, _ fill: Fill
  ) throws {
    var next = changes.run * 10
    let claim = EntryClaim(
      cycle: changes.cycle, leverage: 1, confidence: nil, riskUSD: .zero,
      exitPlan: ExitPlan(stop: nil, target: nil))
    let event = try #require(
      record.ledger.book(fill, claim: claim, nextPosition: &next).first)
    let position: PositionNumber
    switch event {
    case .opened(let opened): position = opened.number
    case .changed(let changed): position = changed.number
    case .closed(let trade):
      position = trade.position
      record.totals.fold(trade)
      changes.trades.append(trade)
    }
    changes.fills.append(
      BookedFill(fill: fill, trader: record.ledger.trader, position: position))
  }

  private func fill(
    _ id: Int64, _ trader: TraderID, _ coin: Coin, _ side: OrderSide, _ price: String,
    _ size: String, _ fee: String, _ at: Timestamp
  ) throws -> Fill {
    Fill(
      id: id, account: try #require(AccountID("sim.\(trader.name)")), coin: coin, side: side,
      price: try #require(Price(price)), size: try #require(Quantity(size)),
      fee: try #require(USD(fee)), isTaker: true, at: at, orderID: id, clientOrderID: nil,
      cause: .order)
  }

  private func benchmark(_ at: Timestamp) throws -> Benchmark {
    Benchmark(
      id: try #require(TraderID("buynhold_btc")), coin: btc, boughtAt: at,
      price: try #require(Price("100")), size: try #require(Quantity("100")), fee: .zero,
      start: USD(whole: 10_000))
  }

  private func point(_ id: TraderID, _ at: Timestamp, _ nav: String) throws -> EquityPoint {
    let worth = try #require(USD(nav))
    return EquityPoint(
      trader: id, at: at, equity: worth, nav: worth, cash: worth, unrealised: .zero,
      marginUsed: .zero)
  }

  private func ask(_ at: Timestamp, run: RunNumber) throws {
    let spending = SpendingStore(store.database)
    let wish = CallWish(
      trader: bert, model: try #require(ModelAlias("deepseek")), purpose: .decision, cycle: run,
      worst: Spent(tokens: 5000, cost: USD(whole: 1)), estimate: .zero, questionDigest: "d")
    let call = try #require(
      try spending.reserve(
        [wish],
        caps: SpendingCaps(
          arenaTokens: nil, arenaCost: nil, traderTokens: nil, traderCost: nil,
          alertAt: Pct(whole: 80), isStrict: true), run: run, at: at, expiresAt: at + .minute
      ).first
    ).get()
    try spending.settle(
      [
        CallSettlement(
          call: call, status: .answered,
          usage: TokenUsage(prompt: 1200, completion: 345, isEstimated: false),
          cost: try #require(USD("0.0375")), latencyMs: 900, answeredBy: "deepseek-chat",
          finishReason: "stop", error: "")
      ], at: at)
  }
}
