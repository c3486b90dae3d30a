import Trading

/// Puts the checked files together: what one file alone cannot tell is checked here.
struct ConfigAssembly {
  let sections: [ConfigFile: Section]
  var issues: [ConfigIssue] = []
  var runIssues: [ConfigIssue] = []
  var derived: [DerivedValue] = []
  var exchanges: [ProviderID: ExchangeSection] = [:]
  var markets: [ProviderID: MarketSection] = [:]

  init(sections: [ConfigFile: Section]) { self.sections = sections }

  /// The configuration; `nil` when something is missing, which an issue tells.
  mutating func config() -> ArenaConfig? {
    readProviders()
    let drafts = traderDrafts()
    checkPeers(drafts)
    for draft in drafts { checkLimits(of: draft) }
    let specs = drafts.compactMap { $0.spec() }
    guard specs.count == drafts.count, let arena = sections[.arena],
      let environment = arena.word("environment").flatMap(ArenaEnvironment.init(rawValue:)),
      let run = arena.section("run").flatMap(RunSection.init),
      let export = arena.section("export").flatMap(ExportSection.init),
      let limits = sections[.manager]?.section("manager")?.section("limits")
        .flatMap(GlobalLimits.init),
      let llm = sections[.llm].flatMap(LLMSection.init),
      let executor = sections[.executor].flatMap(ExecutorSection.init),
      let name = arena.text("name")
    else { return nil }
    return ArenaConfig(
      name: name, environment: environment, run: run, export: export, traders: specs,
      exchangeProviders: exchanges, marketProviders: markets, globalLimits: limits, llm: llm,
      executor: executor, issuesForRun: runIssues)
  }

  mutating func error(
    _ section: Section, _ key: String, _ problem: String, _ advice: String
  ) {
    add(.error, section, key, problem, advice)
  }

  mutating func notice(
    _ section: Section, _ key: String, _ problem: String, _ advice: String
  ) {
    add(.notice, section, key, problem, advice)
  }

  private mutating func add(
    _ severity: ConfigIssue.Severity, _ section: Section, _ key: String, _ problem: String,
    _ advice: String
  ) {
    issues.append(
      ConfigIssue(
        severity, at: section.place(of: key), key: join(section.path, key), problem: problem,
        advice: advice))
  }
}

extension ConfigAssembly {
  /// The names of all providers of a file, of refused ones too.
  func providerNames(_ file: ConfigFile) -> [String] {
    sections[file]?.sections("providers").map(\.name) ?? []
  }

  private mutating func readProviders() {
    for section in sections[.exchange]?.sections("providers") ?? [] {
      guard let id = ProviderID(section.name), let exchange = ExchangeSection(section) else {
        continue
      }
      exchanges[id] = exchange
      if case .unavailable(let type) = exchange {
        notice(
          section, "type", "\(section.path) is of type \(type), which this version cannot trade on",
          "use type: sim for traders that are to run")
      }
    }
    for section in sections[.market]?.sections("providers") ?? [] {
      guard let id = ProviderID(section.name), let market = MarketSection(section) else {
        continue
      }
      markets[id] = market
      if case .unavailable(let type) = market {
        notice(
          section, "type",
          "\(section.path) is of type \(type), which this version cannot read from",
          "use type: synthetic or type: recorded for traders that are to run")
      }
    }
    for file in [ConfigFile.exchange, .market] {
      guard let section = sections[file], let name = section.text("default") else { continue }
      checkProvider(name, section, "default", file)
    }
  }

  /// Reports a provider that does not exist.
  mutating func checkProvider(
    _ name: String, _ section: Section, _ key: String, _ file: ConfigFile
  ) {
    let names = providerNames(file)
    guard !names.isEmpty, !names.contains(name) else { return }
    let nearest = NearestName.of(name, among: names).map { "did you mean \($0)?" }
    error(
      section, key,
      "\(join(section.path, key)): \(file.rawValue) has no provider \(quoted(name))",
      nearest ?? "use one of \(names.joined(separator: ", "))")
  }
}

extension RunSection {
  fileprivate init?(_ section: Section) {
    guard let deadline = section.span("deadline"), let expiry = section.span("order_expiry"),
      let stale = section.span("stale_after")
    else { return nil }
    self.init(deadline: deadline, orderExpiry: expiry, staleAfter: stale)
  }
}

extension ExportSection {
  fileprivate init?(_ section: Section) {
    guard let base = section.usd("nav_base_usd"), let benchmark = section.text("benchmark") else {
      return nil
    }
    self.init(navBase: base.unlessZero, benchmark: Coin(benchmark))
  }
}

extension GlobalLimits {
  fileprivate init?(_ section: Section) {
    guard let margin = section.pct("max_margin_usage_pct"),
      let positions = section.whole("max_positions"), let symbol = section.pct("max_symbol_pct"),
      let loss = section.pct("max_unrealised_loss_pct")
    else { return nil }
    self.init(
      maxMarginUsage: margin.unlessZero, maxPositions: positions.unlessZero,
      maxSymbol: symbol.unlessZero, maxUnrealisedLoss: loss.unlessZero)
  }
}

extension LLMSection {
  fileprivate init?(_ section: Section) {
    guard let url = section.text("base_url"), let model = section.text("default_model"),
      let timeout = section.span("timeout"), let retries = section.whole("max_retries")
    else { return nil }
    let file = section.text("api_key_file").map { SecretReference.file(path: $0) }
    self.init(
      baseURL: url, apiKey: section.secret("api_key") ?? file, defaultModel: model,
      timeout: timeout, maxRetries: retries,
      models: section.sections("models").map { model in
        ModelSection(
          alias: model.name, provider: model.text("provider") ?? "",
          modelName: model.text("model_name") ?? model.name)
      })
  }
}

extension ExecutorSection {
  fileprivate init?(_ section: Section) {
    guard let concurrent = section.whole("max_concurrent_decisions") else { return nil }
    self.init(
      maxConcurrentDecisions: max(1, concurrent),
      promptSchemaVersion: section.text("prompt_schema_version") ?? "")
  }
}
