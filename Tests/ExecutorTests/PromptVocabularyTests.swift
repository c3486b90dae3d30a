import Executor
import Market
import Testing
import Trading

@Suite("Every variable renders whatever is missing")
struct PromptVocabularyTests {
  /// Every variable of the list as `name=value;`, those of lists inside their sections.
  private static func everything(_ variables: [PromptVariable]) -> String {
    variables.map { variable in
      switch variable.kind {
      case .text, .number: "\(variable.name)={{\(variable.name)}};\n"
      case .flag:
        "\(variable.name)={{\(variable.name)}}{{#\(variable.name)}}yes{{/\(variable.name)}}"
          + "{{^\(variable.name)}}no{{/\(variable.name)}};\n"
      case .list(let inner):
        "{{#\(variable.name)}}[\(everything(inner))]{{/\(variable.name)}}"
          + "{{^\(variable.name)}}\(variable.name) is empty;{{/\(variable.name)}}"
      }
    }.joined()
  }

  /// Every number in the printf form.
  private static func formats(_ variables: [PromptVariable]) -> String {
    variables.filter { $0.kind == .number }
      .map { "\($0.name)={{printf \"%.3f\" .\($0.name)}};" }.joined(separator: "\n")
  }

  @Test func nothingUnreadableAppears() throws {
    let user = PromptVocabulary.user.variables
    let persona = PromptVocabulary.persona.variables
    let pairs = [
      (
        try PromptText.mustache(Self.everything(persona), .persona),
        try PromptText.mustache(Self.everything(user))
      ),
      (try PromptText.go(Self.formats(persona), .persona), try PromptText.go(Self.formats(user))),
    ]
    for seed in UInt64(1)...60 {
      var random = SeededGenerator(seed: seed)
      let context = try RandomPromptCase(&random).context(&random)
      let brief = MarketBrief(of: context.market)
      for (system, message) in pairs {
        let messages = try PromptRenderer.render(
          persona: system, prompt: message, context: context, brief: brief, answerForm: "form")
        expectReadable(messages.system, seed)
        expectReadable(messages.user, seed)
      }
    }
  }

  private func expectReadable(_ text: String, _ seed: UInt64) {
    for word in ["nan", "inf;", "-inf", "nil", "Optional(", "=;", "e+", "e-0", "{{", "%!"] {
      #expect(!text.contains(word), "seed \(seed): \(word) in \(text)")
    }
    #expect(text.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A }, "seed \(seed)")
  }

  @Test func everyVariableHasASentenceAndAPlainName() {
    for vocabulary in [PromptVocabulary.user, .persona] {
      for variable in Self.flat(vocabulary.variables) {
        #expect(variable.summary.hasSuffix("."), "\(variable.name)")
        #expect(variable.summary.utf8.count > 8, "\(variable.name)")
      }
      let names = vocabulary.variables.map(\.name)
      #expect(Set(names).count == names.count, "\(vocabulary.message)")
    }
  }

  @Test func theDocumentationNamesEveryVariable() {
    let text = PromptVocabulary.user.documentation

    #expect(text.hasPrefix("time (text): Time of the decision, ISO 8601 in UTC.\n"))
    #expect(
      text.contains("\n  short_closes (text): The last short closes, USD, oldest → newest.\n"))
    #expect(
      text.split(separator: "\n").count == Self.flat(PromptVocabulary.user.variables).count)
  }

  private static func flat(_ variables: [PromptVariable]) -> [PromptVariable] {
    variables.flatMap { variable in
      guard case .list(let inner) = variable.kind else { return [variable] }
      return [variable] + flat(inner)
    }
  }
}

/// A context with about half of everything missing.
struct RandomPromptCase {
  private var scene: PromptCase

  init(_ random: inout SeededGenerator) {
    scene = PromptCase(
      hasPosition: random.below(2) == 0, invalidation: random.below(2) == 0 ? "" : "x",
      hasTrade: random.below(2) == 0)
    scene.interval = [.minutes(1), .minutes(3), .hours(4), .day][random.below(4)]
    scene.maxRisk = random.below(2) == 0 ? nil : Pct(whole: 1)
    if random.below(2) == 0 { scene.totals = PerformanceTotals() }
    if random.below(2) == 0 { scene.rules = [] }
  }

  func context(_ random: inout SeededGenerator) throws -> ExecutorContext {
    let known = try scene.context()
    let market = try market(&random)
    let equity = USD(mantissa: Int64(random.next() >> 2) >> random.below(50))
    return ExecutorContext(
      at: known.at, cycle: known.cycle, slot: known.slot, inceptionAt: known.inceptionAt,
      trader: known.trader,
      account: AccountView(
        equity: random.below(3) == 0 ? .zero : equity, available: .zero, marginUsed: .zero,
        profit: random.below(2) == 0 ? .zero : equity),
      performance: known.performance, positions: known.positions, closedCoins: [],
      market: market, recentTrades: known.recentTrades, rules: known.rules)
  }

  private func market(_ random: inout SeededGenerator) throws -> MarketSnapshot {
    var coins: [CoinSnapshot] = []
    for name in ["BTC", "ETH", "SOL"] where random.below(3) > 0 {
      coins.append(try coin(name, &random))
    }
    return try MarketSnapshot(
      at: PromptCase.now, source: try #require(ProviderID("hand")), coins: coins)
  }

  private func coin(_ name: String, _ random: inout SeededGenerator) throws -> CoinSnapshot {
    let coin = try PromptCase.coin(name)
    let price = try price(&random)
    let impact = random.below(2) == 0 ? nil : price
    var candles: [Timeframe: CandleSeries] = [:]
    for frame in [Timeframe.m1, .m3, .h4, .d1] where random.below(3) > 0 {
      candles[frame] = try series(frame, &random)
    }
    return CoinSnapshot(
      instrument: try #require(
        Instrument(
          coin: coin, sizeDecimals: 2, tiers: [MarginTier(lowerBound: .zero, maxLeverage: 20)])),
      quote: Quote(
        coin: coin, asOf: PromptCase.now, mid: price, mark: price, oracle: price,
        impactBid: impact, impactAsk: impact),
      funding: random.below(2) == 0
        ? nil : FundingPoint(at: PromptCase.now, rate: FundingRate(trillionths: 1)),
      openInterest: odd(&random), dayVolumeUSD: odd(&random), change1hPct: odd(&random),
      change4hPct: odd(&random), candles: candles)
  }

  /// From 1e-8 to about 4e10 USD.
  private func price(_ random: inout SeededGenerator) throws -> Price {
    let mantissa = Int64(random.next() >> 2) >> random.below(62)
    return try #require(Price(mantissa: max(1, mantissa)))
  }

  /// Missing, tiny, huge, or not a number at all.
  private func odd(_ random: inout SeededGenerator) -> Double? {
    [nil, 0, 1e-13, -1e-7, 0.5, -12.25, 1e15, 1e21, .nan, .infinity, -.infinity][random.below(11)]
  }

  private func series(
    _ timeframe: Timeframe, _ random: inout SeededGenerator
  ) throws -> CandleSeries {
    var series = CandleSeries(timeframe: timeframe)
    let count = [0, 1, 7, 14, 20, 34, 60][random.below(7)]
    let end = PromptCase.now.floored(to: timeframe.span)
    for index in 0..<count {
      let price = try price(&random)
      let candle = Candle(
        openTime: end - timeframe.span * Int64(count - index), open: price, high: price,
        low: price, close: price, volume: random.below(2) == 0 ? 0 : 1e9)
      series.append(try #require(candle))
    }
    return series
  }
}
