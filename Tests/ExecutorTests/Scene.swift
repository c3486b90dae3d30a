import Executor
import Market
import Testing
import Trading

/// A context put together by hand: equity 9,000 USD, prices as given, nothing open.
struct Scene {
  static let now = Timestamp(ms: 1_753_099_200_000)

  var kind = BaselineKind.flat
  var trader = "alpha"
  var slot: Int64 = 100
  var prices = ["BTC": "100000", "ETH": "4000", "SOL": "200"]
  var moves: [String: Double] = [:]
  var closes: [String: [Double]] = [:]
  var positions: [(coin: String, side: PositionSide)] = []
  var closed: [String] = []
  var available = USD(whole: 9_000)
  var peer: PeerView?
  var needsProtection = true
  var minRewardRisk = "1.5"
  var maxPositions = 3

  /// What the rule decides here.
  func decisions() throws -> [Decision] { Baseline.decisions(of: kind, in: try context()) }

  /// Actions with their coins, for example `buy_to_enter BTC`.
  func words() throws -> [String] {
    try decisions().map { "\($0.action.rawValue) \($0.coin?.name ?? "-")" }
  }

  static func coin(_ name: String) throws -> Coin { try #require(Coin(name)) }
  static func price(_ text: String) throws -> Price { try #require(Price(text)) }

  func context() throws -> ExecutorContext {
    let coins = try prices.keys.sorted().map(Self.coin)
    let market = try MarketSnapshot(
      at: Self.now, source: try #require(ProviderID("hand")), coins: try coins.map(snapshot))
    return ExecutorContext(
      at: Self.now, cycle: 1, slot: slot, inceptionAt: Self.now, trader: try spec(),
      account: AccountView(
        equity: USD(whole: 9_000), available: available, marginUsed: .zero, profit: .zero),
      performance: PerformanceView(
        totals: PerformanceTotals(), fees: .zero, funding: .zero, opensInLastHour: 0),
      positions: try positions.map(view), closedCoins: Set(try closed.map(Self.coin)),
      market: market, peer: peer)
  }

  private func snapshot(_ coin: Coin) throws -> CoinSnapshot {
    let price = try Self.price(try #require(prices[coin.name]))
    let instrument = try #require(
      Instrument(
        coin: coin, sizeDecimals: 2, tiers: [MarginTier(lowerBound: .zero, maxLeverage: 20)]))
    var series = CandleSeries(timeframe: .m3)
    let known = closes[coin.name] ?? []
    for (index, close) in known.enumerated() {
      let at = Self.now - .minutes(3) * Int64(known.count - index)
      let value = try #require(Price(approximating: close))
      series.append(
        try #require(
          Candle(openTime: at, open: value, high: value, low: value, close: value, volume: 1)))
    }
    return CoinSnapshot(
      instrument: instrument,
      quote: Quote(coin: coin, asOf: Self.now, mid: price, mark: price, oracle: price),
      change4hPct: moves[coin.name], candles: [.m3: series])
  }

  private func view(_ coin: String, _ side: PositionSide) throws -> PositionView {
    let entry = try Self.price(prices[coin] ?? "100")
    var number: PositionNumber = 1
    var ledger = Ledger(trader: try #require(TraderID(trader)))
    _ = ledger.book(
      Fill(
        id: 1, account: try #require(AccountID("hand.alpha")), coin: try Self.coin(coin),
        side: side.opening, price: entry, size: try #require(Quantity("1")), fee: .zero,
        isTaker: true, at: Self.now - .hour, orderID: 1, clientOrderID: nil, cause: .order),
      claim: EntryClaim(
        cycle: 1, leverage: 1, confidence: nil, riskUSD: .zero,
        exitPlan: ExitPlan(stop: nil, target: nil)), nextPosition: &number)
    return PositionView(
      position: try #require(ledger.positions.first), mark: entry, marginUsed: .zero,
      liquidationPrice: nil, restingStop: nil, restingTarget: nil)
  }

  func spec() throws -> TraderSpec {
    TraderSpec(
      id: try #require(TraderID(trader)), name: trader,
      exchange: try #require(ProviderID("hand")), market: try #require(ProviderID("hand")),
      account: try #require(AccountID("hand.\(trader)")), executor: .baseline(kind),
      coins: try ["BTC", "ETH", "SOL"].map(Self.coin), decisionInterval: .minutes(3),
      decisionTimeout: .minute, autoStart: true, initialEquity: USD(whole: 9_000),
      orderStyle: .limitIOC, marketSlippage: Bps(whole: 50),
      risk: RiskLimits(
        maxPositions: maxPositions, maxPositionSize: USD(whole: 5_000),
        maxMarginUsage: Pct(whole: 60), majorLeverage: 3, altLeverage: 2,
        minRewardRisk: try #require(Factor(minRewardRisk)), minConfidence: 50,
        needsStop: needsProtection, needsTarget: needsProtection, maxRisk: nil,
        maxEntryDeviation: Pct(whole: 2), allowsScaleIn: false),
      guards: ExecutionGuards(), configDigest: "x")
  }
}
