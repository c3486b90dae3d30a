import ArenaTesting
import Exchanges
import Market
import Testing
import Trading

/// Random orders over random candles: what must hold whatever happens.
///
/// A failure prints its seed.
@Suite struct SimPropertyTests {
  static let steps = 500
  static let doge = SimBench.instrument("DOGE", 0, [(0, 10), (200_000, 3)])
  static let coins: [(coin: Coin, price: Int64, tick: Int64, size: Int64, lot: Int64)] = [
    (SimBench.btc, 50_000_00000000, 1_00000000, 20_000_000, 1000),
    (SimBench.eth, 2_500_00000000, 10_000_000, 400_000_000, 10_000),
    (perp("DOGE"), 20_000_000, 1000, 5_000_000_000_000, 100_000_000),
  ]

  /// Candles that wander, jump between each other and sometimes crash; a few are missing.
  static func market(_ dice: inout SeededGenerator) -> ScriptedMarket {
    var market = ScriptedMarket(Array(SimBench().market.known.values) + [doge])
    for (index, coin) in coins.enumerated() {
      let timeframe: Timeframe = [.m15, .m15, .h1][index]
      var series = CandleSeries(timeframe: timeframe)
      var last = coin.price
      func near(_ price: Int64, _ bps: Int64, _ dice: inout SeededGenerator) -> Int64 {
        let shift = Int64(dice.pick(Int(2 * bps + 1))) - bps
        return max(coin.tick, (price + price / 10_000 * shift) / coin.tick * coin.tick)
      }
      for number in 0..<Int64(steps) * SimBench.quarter.ms / timeframe.span.ms {
        let isWild = dice.pick(20) == 0
        let open = near(last, isWild ? 300 : 5, &dice)
        let close = near(open, isWild ? 600 : 60, &dice)
        let high = max(open, close, near(open, isWild ? 500 : 50, &dice))
        let low = min(open, close, near(open, isWild ? 500 : 50, &dice))
        last = max(coin.price / 4, min(coin.price * 4, close))
        if dice.pick(50) == 0 { continue }
        let prices = [open, high, low, close].compactMap(Price.init(mantissa:))
        guard
          let candle = Candle(
            openTime: SimBench.start + timeframe.span * number, open: prices[0],
            high: prices[1], low: prices[2], close: prices[3], volume: 1)
        else { preconditionFailure("expected a candle, was \(prices)") }
        series.append(candle)
      }
      market.candles[coin.coin] = series
      market.quote(
        coin.coin, price(USD(mantissa: coin.price).description), from: SimBench.start)
      market.funding[coin.coin] = (1...Int64(steps) / 4).map {
        FundingPoint(
          at: SimBench.start + .hours($0),
          rate: FundingRate(trillionths: Int64(dice.pick(2_000_000_001)) - 1_000_000_000))
      }
    }
    return market
  }

  /// Up to two orders, many of which the venue must refuse.
  static func orders(
    _ quotes: [Coin: Quote], number: Int, trader: String = "alpha",
    _ dice: inout SeededGenerator
  ) -> [RiskApproved<OrderIntent>] {
    (0..<dice.pick(3)).compactMap { index in
      let coin = coins[dice.pick(coins.count)]
      guard let mark = quotes[coin.coin]?.mark else { return nil }
      func level(_ bps: Int) -> String {
        let shift = Int64(dice.pick(2 * bps + 1) - bps)
        let raw = max(coin.tick, mark.mantissa + mark.mantissa / 10_000 * shift)
        return USD(mantissa: max(coin.tick, raw / coin.tick * coin.tick)).description
      }
      let size = USD(mantissa: Int64(dice.pick(Int(coin.size))) / coin.lot * coin.lot)
      let side: OrderSide = dice.pick(2) == 0 ? .buy : .sell
      let purposes: [OrderPurpose] = [.open, .open, .close, .stop, .target, .target]
      let purpose = purposes[dice.pick(purposes.count)]
      let isTrigger = purpose == .stop || purpose == .target
      let kinds = [ioc(level(100)), gtc(level(200)), trigger(level(200), level(800))]
      return order(
        side, size.description, coin.coin, kinds[dice.pick(8) == 0 || isTrigger ? 2 : dice.pick(2)],
        purpose, number: number * 10 + index, leverage: 1 + dice.pick(25),
        reduceOnly: dice.pick(8) == 0 ? false : nil, trader: trader)
    }
  }

  @Test(arguments: SimMarginMode.allCases, Array(UInt64(1)...12))
  func conservesMoneyAndCoinsAtEveryStep(mode: SimMarginMode, seed: UInt64) async throws {
    // Poor accounts get liquidated, rich ones trade on.
    let deposit = seed % 2 == 0 ? "20000" : "1000"
    var dice = SeededGenerator(seeds: seed, 1)
    var bench = SimBench()
    bench.config = Self.config(mode)
    bench.market = Self.market(&dice)
    let exchange = try await bench.opened(deposit)
    var witness = SimWitness(deposit: usd(deposit))
    var now = SimBench.start

    for step in 0..<Self.steps {
      let since = now
      now = now + Span(ms: Int64(dice.pick(Int(2 * SimBench.quarter.ms))))
      let report = try await exchange.report(on: SimBench.account, since: since, at: now)
      let quotes = try await bench.market.quotes(for: Self.coins.map(\.coin), at: now)
      witness.book(report, marks: quotes.mapValues(\.mark))
      let sent = Self.orders(quotes, number: step, &dice)
      let outcomes = await exchange.submit(sent, at: now)
      witness.note(sent.map(\.request.request), outcomes)
      let after = try await exchange.report(on: SimBench.account, since: now, at: now)
      witness.book(after, marks: quotes.mapValues(\.mark))
      for (id, outcome) in step % 25 == 0 ? witness.takeAccepted() : [:] {
        let found = try await exchange.lookUp(id, of: SimBench.account, at: now)
        witness.judge(id, accepted: outcome, found: found, resting: after.snapshot.orders)
      }
      guard witness.faults.isEmpty else { break }
    }

    #expect(witness.faults == [], "seed \(seed) \(mode)")
    #expect(
      witness.causes.count >= (seed % 2 == 0 ? 4 : 2), "seed \(seed) saw only \(witness.causes)")
  }

  @Test(arguments: SimMarginMode.allCases, Array(UInt64(1)...10))
  func seesTheSameHoweverOftenItLooks(mode: SimMarginMode, seed: UInt64) async throws {
    var dice = SeededGenerator(seeds: seed, 2)
    var bench = SimBench()
    bench.config = Self.config(mode)
    bench.market = Self.market(&dice)
    let stores = [SimStore.inMemory(), .inMemory()]
    let seldomly = try await bench.opened("30000", stores[0])
    _ = try await bench.opened("30000", stores[1])
    var now = SimBench.start

    for step in 0..<60 {
      let quotes = try await bench.market.quotes(for: Self.coins.map(\.coin), at: now)
      let sent = Self.orders(quotes, number: step, &dice)
      let first = await seldomly.submit(sent, at: now)
      // The other one is a new process every time, as with cron.
      let second = await bench.exchange(stores[1]).submit(sent, at: now)
      #expect(first == second, "seed \(seed) step \(step)")
      for _ in 0..<dice.pick(6) {
        now = now + Span(ms: Int64(dice.pick(Int(2 * SimBench.quarter.ms))))
        _ = try await bench.exchange(stores[1]).report(
          on: SimBench.account, since: SimBench.start, at: now)
      }
      let fresh = try await bench.exchange(stores[1]).report(
        on: SimBench.account, since: SimBench.start, at: now)
      let rare = try await seldomly.report(
        on: SimBench.account, since: SimBench.start, at: now)
      #expect(fresh == rare, "seed \(seed) step \(step)")
      guard fresh == rare, first == second else { return }
      if step % 7 == 0 { now = now + .hours(5) }
    }
  }

  static func config(_ mode: SimMarginMode) -> SimConfig {
    SimConfig(
      spreadBps: Bps(whole: 2), slippageBpsPer100k: Bps(whole: 5), depth: USD(whole: 15_000),
      fees: FeeSchedule(taker: bps("4.5"), maker: bps("1.5")), liquidationFeeBps: bps("50"),
      marginMode: mode, loseAnswerEvery: 0)
  }
}

extension SeededGenerator {
  /// A number in 0..<bound from the remainder; even enough for tests.
  mutating func pick(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

extension SimBench {
  static let quarter = Span.minutes(15)
}

/// Books kept beside the venue's, from its reports alone.
struct SimWitness {
  var ledger: Ledger
  var faults: [String] = []
  var causes: Set<FillCause> = []
  private var accepted: [ClientOrderID: OrderOutcome] = [:]
  private var requests: [ClientOrderID: OrderRequest] = [:]
  private var sizes: [Coin: SignedQuantity] = [:]
  private var seenFills: Set<Int64> = []
  private var seenFunding: Set<FundingPayment> = []
  private var nextPosition: PositionNumber = 1

  init(deposit: USD) {
    guard let trader = TraderID("alpha") else { preconditionFailure("expected a trader id") }
    ledger = Ledger(trader: trader)
    ledger.book(flow: deposit, equity: .zero)
  }

  mutating func note(_ sent: [OrderRequest], _ outcomes: [OrderOutcome]) {
    for (request, outcome) in zip(sent, outcomes) {
      requests[request.clientOrderID] = request
      switch outcome {
      case .filled, .resting: accepted[request.clientOrderID] = outcome
      case .rejected: break
      case .unknown(let text): faults.append("unknown: \(text)")
      }
    }
  }

  mutating func book(_ report: AccountReport, marks: [Coin: Price]) {
    let claim = EntryClaim(
      cycle: 1, leverage: 1, confidence: nil, riskUSD: .zero,
      exitPlan: ExitPlan(stop: nil, target: nil))
    for payment in report.funding where seenFunding.insert(payment).inserted {
      ledger.book(payment)
    }
    for fill in report.fills where seenFills.insert(fill.id).inserted {
      causes.insert(fill.cause)
      _ = ledger.book(fill, claim: claim, nextPosition: &nextPosition)
      check(fill)
    }
    faults += Conservation.check([ledger], against: report.snapshot, marks: marks)
      .map(\.description)
    for position in report.snapshot.positions {
      // Whoever is past the liquidation price was liquidated, but for a funding since.
      guard let mark = marks[position.coin], let level = position.liquidationPrice else { continue }
      let room = mark.double / level.double - 1
      if (position.size.side == .long ? room : -room) < -0.002 {
        faults.append("still open at \(mark): \(position)")
      }
    }
    for order in report.snapshot.orders where order.reduceOnly {
      let held = report.snapshot.position(in: order.coin)?.size ?? .zero
      if held.side?.closing != order.side || order.size > held.magnitude || order.size == .zero {
        faults.append("reduce-only \(order.side) \(order.size) rests beside \(held)")
      }
    }
  }

  private mutating func check(_ fill: Fill) {
    let before = sizes[fill.coin] ?? .zero
    let after = before + fill.size.signed(fill.side)
    sizes[fill.coin] = after
    guard let request = fill.clientOrderID.flatMap({ requests[$0] }) else {
      if fill.cause != .liquidation || after != .zero { faults.append("stray fill \(fill)") }
      return
    }
    let isBeyond =
      fill.side == .buy ? fill.price > request.limitPrice : fill.price < request.limitPrice
    if isBeyond { faults.append("fill beyond its limit: \(fill)") }
    if request.reduceOnly, after.side == before.side?.opposite || after.magnitude > before.magnitude
    {
      faults.append("reduce-only fill turned \(before) into \(after)")
    }
  }

  /// The orders accepted since this was last asked, and the resting ones of before.
  mutating func takeAccepted() -> [ClientOrderID: OrderOutcome] {
    defer { accepted = accepted.filter { $0.value.label == "resting" } }
    return accepted
  }

  /// An accepted order rests, or has ended; never both, never neither.
  mutating func judge(
    _ id: ClientOrderID, accepted: OrderOutcome, found: OrderLookup, resting: [RestingOrder]
  ) {
    let isShown = resting.contains { $0.clientOrderID == id }
    switch found {
    case .absent: faults.append("\(id) was accepted as \(accepted.label) and is lost")
    case .found(.resting): if !isShown { faults.append("\(id) rests but is not shown") }
    case .found(.filled), .found(.rejected): if isShown { faults.append("\(id) ended but rests") }
    case .found(.unknown): faults.append("\(id) is unknown")
    }
  }
}
