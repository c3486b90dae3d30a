import Executor
import Trading

/// Puts the checked files together: what one file alone cannot tell is checked here.
struct ConfigAssembly {
  let sections: [ConfigFile: Section]
  let environment: ConfigEnvironment
  let surroundings: ConfigSurroundings
  var issues: [ConfigIssue] = []
  var runIssues: [ConfigIssue] = []
  var derived: [DerivedValue] = []
  var exchanges: [ProviderID: ExchangeSection] = [:]
  var markets: [ProviderID: MarketSection] = [:]
  /// How money is split; `nil` until that is settled, and when it is not split.
  var allocation: AllocationRules?
  var models = ModelTable()
  /// Templates read, by the path as written.
  var prompts: [String: PromptSource] = [:]
  /// Templates checked, each by its key and path.
  var checkedPrompts: Set<String> = []
  /// Templates that could be parsed.
  var templates: [PromptSource: PromptTemplate] = [:]
  var executorKeys: [TraderID: SecretReference] = [:]
  /// What is to be said beside the source of a key in manager.yaml.
  var remarks: [String: String] = [:]

  init(
    sections: [ConfigFile: Section], environment: ConfigEnvironment,
    surroundings: ConfigSurroundings
  ) {
    self.sections = sections
    self.environment = environment
    self.surroundings = surroundings
  }

  /// The configuration; `nil` when something is missing, which an issue tells.
  mutating func config() -> ArenaConfig? {
    readProviders()
    readModels()
    checkExecutorFile()
    let drafts = traderDrafts()
    checkPeers(drafts)
    checkManager(drafts)
    checkVenues(drafts)
    for draft in drafts { checkLimits(of: draft) }
    let llmSection = llmSection()
    let alertSection = alertSection()
    let journalSection = journalSection(drafts)
    let specs = drafts.compactMap { $0.spec(models) }
    guard specs.count == drafts.count, let arena = sections[.arena],
      let environment = arena.word("environment").flatMap(ArenaEnvironment.init(rawValue:)),
      let run = arena.section("run").flatMap(RunSection.init),
      let export = arena.section("export").flatMap(ExportSection.init),
      let manager = sections[.manager]?.section("manager"),
      let limits = manager.section("limits").flatMap(GlobalLimits.init),
      let conflicts = manager.section("conflicts").flatMap(ConflictRules.init),
      let isolation = manager.section("isolation").flatMap(IsolationRules.init),
      let llm = llmSection, let alerts = alertSection,
      let journal = journalSection,
      let executor = sections[.executor].flatMap(ExecutorSection.init),
      let name = arena.text("name")
    else { return nil }
    return ArenaConfig(
      name: name, environment: environment, run: run, export: export, traders: specs,
      exchangeProviders: exchanges, marketProviders: markets, globalLimits: limits,
      allocation: allocation, conflicts: conflicts, isolation: isolation, llm: llm,
      executor: executor, alerts: alerts, journal: journal,
      executorKeys: executorKeys, issuesForRun: runIssues)
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

  /// The same unless it is on record already.
  mutating func errorOnce(
    _ section: Section, _ key: String, _ problem: String, _ advice: String
  ) {
    guard !issues.contains(where: { $0.problem == problem }) else { return }
    error(section, key, problem, advice)
  }

  /// An error that only a run minds.
  mutating func reportForRun(
    _ section: Section, _ key: String, _ problem: String, _ advice: String
  ) {
    runIssues.append(
      ConfigIssue(
        .error, at: section.place(of: key), key: join(section.path, key), problem: problem,
        advice: advice))
  }

  /// An error about a whole group.
  mutating func report(_ section: Section, _ problem: String, _ advice: String) {
    issues.append(
      ConfigIssue(
        .error, at: section.place, key: section.path, problem: problem, advice: advice))
  }

  /// Notes a value that no file states.
  mutating func derive(
    _ section: Section, _ key: String, _ value: String, _ source: String,
    in file: ConfigFile = .llm
  ) {
    derived.append(
      DerivedValue(
        file: file, key: join(section.path, key), value: value, source: source))
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
      let key = venueKey(section)
      guard let id = ProviderID(section.name), let exchange = ExchangeSection(section, key: key)
      else { continue }
      exchanges[id] = exchange
      if case .hyperliquid = exchange { checkPlace(section, in: .exchange) }
      if case .unavailable(let type) = exchange {
        notice(
          section, "type", "\(section.path) is of type \(type), which this version cannot trade on",
          "use type: sim or type: hyperliquid for traders that are to run")
      }
    }
    for section in sections[.market]?.sections("providers") ?? [] {
      guard let id = ProviderID(section.name), let market = MarketSection(section) else {
        continue
      }
      markets[id] = market
      if case .hyperliquid = market { checkPlace(section, in: .market) }
      if case .unavailable(let type) = market {
        notice(
          section, "type",
          "\(section.path) is of type \(type), which this version cannot read from",
          "use type: synthetic, recorded or hyperliquid for traders that are to run")
      }
    }
    checkVenueAccounts()
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
    guard let base = section.usd("nav_base_usd"), let benchmark = section.text("benchmark"),
      let riskFree = section.pct("risk_free_pct")
    else { return nil }
    self.init(
      navBase: base.unlessZero, benchmark: Coin(benchmark), riskFree: riskFree.double / 100)
  }
}
