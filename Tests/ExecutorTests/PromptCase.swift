import Executor
import Foundation
import Market
import Testing
import Trading

/// A trader with prompts, put together by hand.
///
/// Closes run on straight lines, so that indicators can be checked in the head: behind a line that
/// rises by s each candle an EMA of n lags (n − 1) / 2 · s; MACD is (12.5 − 5.5) · s = 7 · s; RSI
/// is 100 on a rising line and 0 on a falling one.
struct PromptCase {
  static let now = Timestamp(ms: 1_753_099_200_000)
  static let answerForm = "A JSON object with the field \"decisions\".\n{\"decisions\": []}"

  var traderName = "Hand made"
  var coins = ["BTC", "ETH", "SOL", "DOGE"]
  var hasMarket = true
  var missingReason = "not listed"
  var hasPosition = true
  var invalidation = "4h close below 97500"
  var hasTrade = true
  var rules = [
    RuleText(id: "confidence_low", text: "Confidence must be at least min_confidence (60)."),
    RuleText(id: "reward_risk", text: "(TP − E) / (E − SL) net of fees must reach 1.5."),
  ]
  var totals = PerformanceTotals(
    trades: 8, wins: 5, winnings: USD(whole: 250), losings: USD(whole: -90),
    dayStartNAV: USD(whole: 10_100), lastNAV: USD(whole: 10_200),
    lastDay: CivilDay(PromptCase.now), days: 4, meanDaily: 0.005, sumSquares: 0.0003,
    peakNAV: USD(whole: 10_400), maxDrawdown: 0.0385)
  var interval = Span.minutes(3)
  var needsProtection = true
  var maxRisk: Pct? = Pct(whole: 2)
  var profit = USD(whole: 200)
  var openInterest: Double? = 25_000

  static func coin(_ name: String) throws -> Coin { try #require(Coin(name)) }
  static func price(_ text: String) throws -> Price { try #require(Price(text)) }

  func context() throws -> ExecutorContext {
    ExecutorContext(
      at: Self.now, cycle: 42, slot: 9, inceptionAt: Self.now - .minutes(8274),
      trader: try spec(),
      account: AccountView(
        equity: USD(whole: 10_200), available: USD(whole: 9_000), marginUsed: USD(whole: 1_000),
        profit: profit),
      performance: PerformanceView(
        totals: totals, fees: USD(whole: 24), funding: USD(whole: -3), opensInLastHour: 1),
      positions: hasPosition ? [try position()] : [], closedCoins: [], market: try market(),
      recentTrades: hasTrade ? [try trade()] : [], rules: rules, takerFee: Bps("4.5"))
  }

  func brief() throws -> MarketBrief { MarketBrief(of: try market()) }

  func market() throws -> MarketSnapshot {
    let missing = try Dictionary(
      uniqueKeysWithValues: ["DOGE"].map { (try Self.coin($0), missingReason) })
    return try MarketSnapshot(
      at: Self.now, source: try #require(ProviderID("hand")),
      coins: hasMarket ? [try btc(), try eth(), try sol()] : [], missing: missing)
  }

  // MARK: Coins

  /// Rises by 10 USD every three minutes and by 100 USD every four hours to 100,000 USD.
  private func btc() throws -> CoinSnapshot {
    CoinSnapshot(
      instrument: try instrument("BTC", 50),
      quote: Quote(
        coin: try Self.coin("BTC"), asOf: Self.now - .seconds(2), mid: try Self.price("100001.5"),
        mark: try Self.price("100000"), oracle: try Self.price("99990"),
        impactBid: try Self.price("99996.5"), impactAsk: try Self.price("100006.5")),
      funding: FundingPoint(at: Self.now, rate: FundingRate(trillionths: 12_500_000)),
      openInterest: openInterest, dayVolumeUSD: 1_234_567_890.4, change1hPct: 0.2, change4hPct: 0.8,
      candles: [
        .m3: try line(.m3, last: 100_000, step: 10, reach: 5),
        .h4: try line(.h4, last: 100_000, step: 100, reach: 50),
      ])
  }

  /// Falls by 1 USD every three minutes to 4,000 USD; no wider picture.
  private func eth() throws -> CoinSnapshot {
    let price = try Self.price("4000")
    return CoinSnapshot(
      instrument: try instrument("ETH", 25),
      quote: Quote(
        coin: try Self.coin("ETH"), asOf: Self.now, mid: price, mark: price, oracle: price),
      funding: FundingPoint(at: Self.now, rate: FundingRate(trillionths: -3_000_000)),
      openInterest: 500_000, change1hPct: -0.5,
      candles: [.m3: try line(.m3, last: 4_000, step: -1, reach: 0.5)])
  }

  /// Nothing but a price is known.
  private func sol() throws -> CoinSnapshot {
    let price = try Self.price("186.125")
    return CoinSnapshot(
      instrument: try instrument("SOL", 20),
      quote: Quote(
        coin: try Self.coin("SOL"), asOf: Self.now, mid: price, mark: price, oracle: price))
  }

  private func instrument(_ coin: String, _ leverage: Int) throws -> Instrument {
    let coin = try Self.coin(coin)
    let tiers = [MarginTier(lowerBound: .zero, maxLeverage: leverage)]
    return try #require(Instrument(coin: coin, sizeDecimals: 2, tiers: tiers))
  }

  /// 240 candles up to now; highs and lows `reach` away, volumes 100, 101, ….
  private func line(
    _ timeframe: Timeframe, last: Double, step: Double, reach: Double
  ) throws -> CandleSeries {
    var series = CandleSeries(timeframe: timeframe)
    let end = Self.now.floored(to: timeframe.span)
    for index in 0..<240 {
      let close = last - step * Double(239 - index)
      let price = try #require(Price(approximating: close))
      let high = try #require(Price(approximating: close + reach))
      let low = try #require(Price(approximating: close - reach))
      let candle = Candle(
        openTime: end - timeframe.span * Int64(240 - index), open: price, high: high, low: low,
        close: price, volume: Double(100 + index))
      series.append(try #require(candle))
    }
    return series
  }

  // MARK: Account

  private func fill(
    _ id: Int64, _ coin: String, _ side: OrderSide, _ price: String, _ size: String, _ ago: Span,
    _ cause: FillCause = .order
  ) throws -> Fill {
    Fill(
      id: id, account: try #require(AccountID("hand.alpha")), coin: try Self.coin(coin),
      side: side, price: try Self.price(price), size: try #require(Quantity(size)),
      fee: USD(whole: 2), isTaker: true, at: Self.now - ago, orderID: id, clientOrderID: nil,
      cause: cause)
  }

  private func claim() throws -> EntryClaim {
    EntryClaim(
      cycle: 30, leverage: 5, confidence: 70, riskUSD: USD(whole: 55),
      exitPlan: ExitPlan(
        stop: try Self.price("98000"), target: try Self.price("103000"),
        invalidation: invalidation))
  }

  /// 0.05 BTC bought at 99,000 USD: 50 USD in profit at 100,000.
  private func position() throws -> PositionView {
    var ledger = Ledger(trader: try #require(TraderID("alpha")))
    var number: PositionNumber = 1
    _ = ledger.book(
      try fill(1, "BTC", .buy, "99000", "0.05", .minutes(42)), claim: try claim(),
      nextPosition: &number)
    var position = try #require(ledger.positions.first)
    position.peakGain = 0.02
    return PositionView(
      position: position, mark: try Self.price("100000"), marginUsed: USD(whole: 1_000),
      liquidationPrice: try Self.price("80000"), restingStop: try Self.price("98000"),
      restingTarget: nil)
  }

  /// 1 ETH sold at 4,100 and bought back at 4,050 USD: 46 USD after fees of 4.
  private func trade() throws -> Trade {
    var ledger = Ledger(trader: try #require(TraderID("alpha")))
    var number: PositionNumber = 2
    _ = ledger.book(
      try fill(2, "ETH", .sell, "4100", "1", .minutes(95)), claim: try claim(),
      nextPosition: &number)
    let events = ledger.book(
      try fill(3, "ETH", .buy, "4050", "1", .minutes(35), .target), claim: try claim(),
      nextPosition: &number)
    for event in events {
      if case .closed(let trade) = event { return trade }
    }
    throw Missing.trade
  }

  private enum Missing: Error { case trade }

  private func spec() throws -> TraderSpec {
    TraderSpec(
      id: try #require(TraderID("alpha")), name: traderName,
      exchange: try #require(ProviderID("hand")), market: try #require(ProviderID("hand")),
      account: try #require(AccountID("hand.alpha")), executor: .baseline(.flat),
      coins: try coins.map(Self.coin), decisionInterval: interval, decisionTimeout: .minute,
      autoStart: true, initialEquity: USD(whole: 10_000), orderStyle: .limitIOC,
      marketSlippage: Bps(whole: 50),
      risk: RiskLimits(
        maxPositions: 3, maxPositionSize: USD(whole: 5_000), maxMarginUsage: Pct(whole: 60),
        majorLeverage: 10, altLeverage: 5, minRewardRisk: try #require(Factor("1.5")),
        minConfidence: 60, needsStop: needsProtection, needsTarget: needsProtection,
        maxRisk: maxRisk, maxEntryDeviation: Pct(whole: 2), allowsScaleIn: false),
      guards: ExecutionGuards(maxOpensPerHour: 4, cooldownAfterClose: .minutes(15)),
      configDigest: "x")
  }
}

/// Templates for tests.
enum PromptText {
  /// A user message of the text.
  static func mustache(
    _ text: String, _ vocabulary: PromptVocabulary = .user
  ) throws -> PromptTemplate {
    try PromptTemplate(text, path: "t.mustache", format: .mustache, vocabulary: vocabulary)
  }

  /// A user message of the text in nof0's language.
  static func go(
    _ text: String, _ vocabulary: PromptVocabulary = .user
  ) throws -> PromptTemplate {
    try PromptTemplate(text, path: "t.tmpl", format: .goTemplate, vocabulary: vocabulary)
  }

  /// What the template says as the user message of a case.
  static func render(_ template: PromptTemplate, _ scene: PromptCase = PromptCase()) throws
    -> String
  {
    try PromptRenderer.render(
      persona: try mustache("x", .persona), prompt: template, context: try scene.context(),
      brief: try scene.brief(), answerForm: PromptCase.answerForm
    ).user
  }

  /// A template of the repository, for example `executor/default`.
  static func shipped(_ name: String) throws -> PromptTemplate {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(
      contentsOf: root.appending(path: "prompts/\(name).mustache"), encoding: .utf8)
    return try PromptTemplate(
      PromptSource(path: "prompts/\(name).mustache", text: text, digest: ""),
      vocabulary: name.hasPrefix("manager/") ? .persona : .user)
  }
}
