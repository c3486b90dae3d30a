import Exchanges
import Trading

/// The configuration a back-test runs with, and what was changed for it.
struct BacktestConfig: Sendable {
  /// Every exchange is simulated, every market recorded or made up.
  var config: ArenaConfig
  /// What was changed, in words.
  var notices: [String] = []

  /// The configuration of an arena, changed so far that only the past is needed.
  init(_ original: ArenaConfig, for request: BacktestRequest) throws(RunFailure) {
    config = original
    try chooseTraders(request.traders)
    try chooseCoins(request.symbols)
    try simulateMarkets(request)
    simulateExchanges(fillingAt: request.fill)
    if request.answers != .live { liftCaps() }
    liftTimeouts()
    config = config.replacing(issuesForRun: [])
  }

  private mutating func chooseTraders(_ names: [String]) throws(RunFailure) {
    guard !names.isEmpty else { return }
    var chosen: Set<TraderID> = []
    var waiting = names
    while let name = waiting.popLast() {
      guard let spec = config.traders.first(where: { $0.id.name == name }) else {
        let known = config.traders.map(\.id.name).joined(separator: ", ")
        throw RunFailure(.usage, "--trader: no trader is called \(name); there are: \(known)")
      }
      chosen.insert(spec.id)
      if let peer = spec.executor.peer, !chosen.contains(peer) {
        notices.append("\(peer) takes part, too, as \(spec.id) looks at it")
        waiting.append(peer.name)
      }
    }
    if var rules = config.allocation {
      rules.members = rules.members.filter { chosen.contains($0.key) }
      let left: AllocationRules? = rules.members.isEmpty ? nil : rules
      config = config.replacing(allocation: .some(left))
    }
    config = config.replacing(traders: config.traders.filter { chosen.contains($0.id) })
  }

  private mutating func chooseCoins(_ symbols: [String]) throws(RunFailure) {
    guard !symbols.isEmpty else { return }
    var coins: Set<Coin> = []
    for symbol in symbols {
      guard let coin = Coin(symbol) else {
        throw RunFailure(.usage, "--symbols: expected coins such as BTC, was \(symbol)")
      }
      coins.insert(coin)
    }
    let traders = config.traders.map { $0.trading($0.coins.filter(coins.contains)) }
    for spec in traders where spec.coins.isEmpty {
      notices.append("\(spec.id) trades none of \(symbols.joined(separator: ", ")): left out")
    }
    let left = traders.filter { !$0.coins.isEmpty }
    guard !left.isEmpty else {
      throw RunFailure(
        .usage, "--symbols: no trader trades any of \(symbols.joined(separator: ", "))")
    }
    config = config.replacing(traders: left)
    if let benchmark = config.export.benchmark, !coins.contains(benchmark) {
      config = config.replacing(
        export: ExportSection(
          navBase: config.export.navBase, benchmark: nil, riskFree: config.export.riskFree))
    }
  }

  private mutating func simulateMarkets(_ request: BacktestRequest) throws(RunFailure) {
    var markets = config.marketProviders
    for id in Set(config.traders.map(\.market)).sorted() {
      let coins = Set(config.traders.filter { $0.market == id }.flatMap(\.coins)).sorted()
      if let directory = request.directory {
        var (isOnVenueGrid, hasFunding) = (true, true)
        if case .recorded(let section) = markets[id] {
          (isOnVenueGrid, hasFunding) = (section.isOnVenueGrid, section.hasFunding)
        }
        markets[id] = .recorded(
          RecordedSection(
            directory: directory, instrumentsFile: nil, symbols: coins,
            isOnVenueGrid: isOnVenueGrid, hasFunding: hasFunding))
        continue
      }
      switch markets[id] {
      case .recorded: continue
      case .synthetic(let section):
        guard let seed = request.seed else { continue }
        markets[id] = .synthetic(SyntheticSection(seed: seed, symbols: section.symbols))
      case .hyperliquid, .unavailable, nil:
        throw RunFailure(
          .usage,
          "market provider \(id) has no past of its own: give a folder of candles with --data; "
            + "`nof0 market fetch` and `nof0 market export` make one")
      }
    }
    config = config.replacing(marketProviders: markets)
  }

  /// Trades on a simulated venue with Hyperliquid's fees in place of a real one.
  private mutating func simulateExchanges(fillingAt fill: BacktestFill) {
    var venues = config.exchangeProviders
    for id in Set(config.traders.map(\.exchange)).sorted() {
      if case .sim(var rules) = venues[id] {
        rules.fillAt = fill.price
        venues[id] = .sim(rules)
        continue
      }
      var rules = SimSection.standIn
      rules.fillAt = fill.price
      venues[id] = .sim(rules)
      notices.append(
        "exchange \(id) is simulated: fees 4.5 and 1.5 bps, spread 1 bps, slippage 2 bps for "
          + "each 100,000 USD")
    }
    config = config.replacing(exchangeProviders: venues)
  }

  /// Who decides inside the program is never late: the past must not depend on how busy the machine
  /// is that looks at it.
  private mutating func liftTimeouts() {
    config = config.replacing(
      traders: config.traders.map { $0.executor.isOutside ? $0 : $0.withoutHaste })
  }

  /// An answer that is there already costs nothing.
  private mutating func liftCaps() {
    let llm = config.llm
    config = config.replacing(
      llm: LLMSection(
        baseURL: llm.baseURL, apiKey: llm.apiKey, defaultModel: llm.defaultModel,
        timeout: llm.timeout, maxRetries: llm.maxRetries, cacheTTL: llm.cacheTTL,
        caFile: llm.caFile, caps: .none, models: llm.models, usedModels: llm.usedModels))
  }
}

extension SimSection {
  /// What stands in for a real venue: Hyperliquid's fees, a market of the usual depth.
  static let standIn = SimSection(
    spread: Bps(whole: 1), slippagePer100k: Bps(whole: 2), depth: USD(whole: 2_000_000),
    takerFee: Bps("4.5") ?? .zero, makerFee: Bps("1.5") ?? .zero, liquidationFee: .zero,
    marginMode: .cross, fillAt: .lastClose, isSharedAccount: false, loseAnswerEvery: nil)
}

extension BacktestFill {
  /// The venue's word for it.
  fileprivate var price: SimSection.FillPrice {
    switch self {
    case .nextOpen: .nextOpen
    case .lastClose: .lastClose
    }
  }
}

extension ArenaConfig {
  /// The same with some parts replaced.
  func replacing(
    traders: [TraderSpec]? = nil, export: ExportSection? = nil,
    exchangeProviders: [ProviderID: ExchangeSection]? = nil,
    marketProviders: [ProviderID: MarketSection]? = nil,
    allocation: AllocationRules?? = .none, llm: LLMSection? = nil,
    issuesForRun: [ConfigIssue]? = nil
  ) -> ArenaConfig {
    ArenaConfig(
      name: name, environment: environment, run: run, export: export ?? self.export,
      traders: traders ?? self.traders,
      exchangeProviders: exchangeProviders ?? self.exchangeProviders,
      marketProviders: marketProviders ?? self.marketProviders, globalLimits: globalLimits,
      allocation: allocation ?? self.allocation, conflicts: conflicts, isolation: isolation,
      llm: llm ?? self.llm, executor: executor, alerts: alerts, journal: journal,
      executorKeys: executorKeys,
      issuesForRun: issuesForRun ?? self.issuesForRun)
  }
}

extension TraderSpec {
  /// The same trader with other coins.
  fileprivate func trading(_ coins: [Coin]) -> TraderSpec {
    replacing(coins: coins, decisionTimeout: decisionTimeout)
  }

  /// The same trader with all the time in the world.
  fileprivate var withoutHaste: TraderSpec { replacing(coins: coins, decisionTimeout: .day) }

  private func replacing(coins: [Coin], decisionTimeout: Span) -> TraderSpec {
    TraderSpec(
      id: id, name: name, exchange: exchange, market: market, account: account,
      executor: executor, coins: coins, decisionInterval: decisionInterval,
      decisionTimeout: decisionTimeout, autoStart: autoStart, initialEquity: initialEquity,
      orderStyle: orderStyle, marketSlippage: marketSlippage, risk: risk, guards: guards,
      configDigest: configDigest)
  }
}
