import Manager
import Market
import Testing
import Trading

/// Short names for the values of these tests; a wrong literal fails the test that uses it.
enum Make {
  static func coin(_ name: String) throws -> Coin { try #require(Coin(name)) }
  static func usd(_ text: String) throws -> USD { try #require(USD(text)) }
  static func price(_ text: String) throws -> Price { try #require(Price(text)) }
  static func size(_ text: String) throws -> Quantity { try #require(Quantity(text)) }
  static func factor(_ text: String) throws -> Factor { try #require(Factor(text)) }
  static func bps(_ text: String) throws -> Bps { try #require(Bps(text)) }
  static func pct(_ text: String) throws -> Pct { try #require(Pct(text)) }

  static let now = Timestamp(ms: 1_753_099_200_000)

  /// Lots of 0.001; prices to three decimals; leverage 40 below 1000 USD, 20 above.
  static func instrument(
    _ name: String, sizeDecimals: Int = 3, tiers: [(Int64, Int)] = [(0, 40)],
    isDelisted: Bool = false
  ) throws -> Instrument {
    try #require(
      Instrument(
        coin: try coin(name), sizeDecimals: sizeDecimals,
        tiers: tiers.map { MarginTier(lowerBound: USD(whole: $0.0), maxLeverage: $0.1) },
        isDelisted: isDelisted))
  }

  static func snapshot(
    _ name: String, mid: String = "100", mark: String? = nil, age: Span = .seconds(1),
    openInterest: Double? = nil, sizeDecimals: Int = 3, tiers: [(Int64, Int)] = [(0, 40)],
    isDelisted: Bool = false, candles: CandleSeries? = nil
  ) throws -> CoinSnapshot {
    CoinSnapshot(
      instrument: try instrument(
        name, sizeDecimals: sizeDecimals, tiers: tiers, isDelisted: isDelisted),
      quote: Quote(
        coin: try coin(name), asOf: now - age, mid: try price(mid), mark: try price(mark ?? mid),
        oracle: try price(mid)),
      openInterest: openInterest, candles: candles.map { [$0.timeframe: $0] } ?? [:])
  }

  /// Candles of one hour, the last one ended that long ago; `nil` leaves a gap.
  static func candles(
    _ bars: [(high: Double, low: Double, close: Double)?], endedAgo: Span = .zero
  ) throws -> CandleSeries {
    var series = CandleSeries(timeframe: .h1)
    let start = now - endedAgo - .hours(Int64(bars.count))
    for (index, bar) in bars.enumerated() {
      guard let bar else { continue }
      let close = try #require(Price(approximating: bar.close))
      let high = try #require(Price(approximating: bar.high))
      let low = try #require(Price(approximating: bar.low))
      let openTime = start + .hours(Int64(index))
      let candle = try #require(
        Candle(openTime: openTime, open: close, high: high, low: low, close: close, volume: 1))
      let isAppended = series.append(candle)
      try #require(isAppended)
    }
    return series
  }

  static func limits() throws -> RiskLimits {
    RiskLimits(
      maxPositions: 3, maxPositionSize: USD(whole: 500), maxMarginUsage: nil, majorLeverage: 20,
      altLeverage: 10, minRewardRisk: try factor("2"), minConfidence: 70, needsStop: true,
      needsTarget: true, maxRisk: nil, maxEntryDeviation: Pct(whole: 2), allowsScaleIn: false)
  }

  static func trader(
    _ id: String = "bold", coins: [String] = ["BTC", "ETH", "SOL", "XRP"],
    executor: ExecutorSpec = .baseline(.flat), interval: Span = .minutes(3),
    risk: RiskLimits? = nil, guards: ExecutionGuards = ExecutionGuards(),
    slippage: Bps = Bps(whole: 75)
  ) throws -> TraderSpec {
    TraderSpec(
      id: try #require(TraderID(id)), name: id, exchange: try #require(ProviderID("sim")),
      market: try #require(ProviderID("sim")), account: try #require(AccountID("sim.\(id)")),
      executor: executor, coins: try coins.map(coin), decisionInterval: interval,
      decisionTimeout: .minute, autoStart: true, initialEquity: USD(whole: 1000),
      orderStyle: .limitIOC, marketSlippage: slippage, risk: try risk ?? limits(),
      guards: guards, configDigest: "x")
  }

  /// 1000 USD, nothing open, SOL, BTC and ETH at 100, no fee and no slippage.
  static func state(
    coins: [CoinSnapshot]? = nil, missing: [Coin: String] = [:], positions: [Exposure] = [],
    _ change: (inout AdmissionState) throws -> Void = { _ in }
  ) throws -> AdmissionState {
    let market = try MarketSnapshot(
      at: now, source: try #require(ProviderID("sim")),
      coins: try coins ?? [snapshot("SOL"), snapshot("BTC"), snapshot("ETH")], missing: missing)
    var state = AdmissionState(
      trader: try trader(), now: now, equity: USD(whole: 1000), marginUsed: .zero,
      free: USD(whole: 1000), positions: positions, opensWithinHour: 0, lastClosedAt: [:],
      market: market, staleAfter: .minute, takerFee: .zero, expectedSlippage: .zero)
    try change(&state)
    return state
  }

  /// A long of 200 USD at 5x with its stop 5 % below and its target 20 % above.
  static func buy(
    _ name: String = "SOL", confidence: Int? = 80, leverage: Int? = 5, size: String? = "200",
    entry: String? = "100", stop: String? = "95", target: String? = "120",
    malformed: [String] = []
  ) throws -> Decision {
    try open(
      .buyToEnter, name, confidence, leverage, size, entry, stop, target, malformed)
  }

  /// A short of 200 USD at 5x with its stop 5 % above and its target 20 % below.
  static func sell(
    _ name: String = "SOL", confidence: Int? = 80, leverage: Int? = 5, size: String? = "200",
    entry: String? = "100", stop: String? = "105", target: String? = "80"
  ) throws -> Decision {
    try open(.sellToEnter, name, confidence, leverage, size, entry, stop, target, [])
  }

  static func held(
    _ name: String = "SOL", _ side: PositionSide = .long, size: String = "2",
    entry: String = "100", margin: String = "40", age: Span = .hours(2), stop: String? = "90",
    target: String? = "130"
  ) throws -> Exposure {
    Exposure(
      coin: try coin(name), side: side, size: try self.size(size), entryPrice: try price(entry),
      notional: try price(entry) * (try self.size(size)), margin: try usd(margin),
      openedAt: now - age,
      exitPlan: ExitPlan(stop: try stop.map(price), target: try target.map(price)))
  }

  private static func open(
    _ action: DecisionAction, _ name: String, _ confidence: Int?, _ leverage: Int?,
    _ size: String?, _ entry: String?, _ stop: String?, _ target: String?, _ malformed: [String]
  ) throws -> Decision {
    Decision(
      action, coin: try coin(name), leverage: leverage, positionSize: try size.map(usd),
      entryPrice: try entry.map(price), stopLoss: try stop.map(price),
      takeProfit: try target.map(price), confidence: confidence, malformedFields: malformed)
  }
}

extension AdmissionState {
  /// The same state with other limits.
  mutating func setRisk(_ change: (inout RiskLimits) throws -> Void) throws {
    var risk = trader.risk
    try change(&risk)
    trader = try Make.trader(
      coins: trader.coins.map(\.name), risk: risk, guards: trader.guards)
  }

  /// The same state with other guards.
  mutating func setGuards(_ change: (inout ExecutionGuards) throws -> Void) throws {
    var guards = trader.guards
    try change(&guards)
    trader = try Make.trader(
      coins: trader.coins.map(\.name), risk: trader.risk, guards: guards)
  }
}
