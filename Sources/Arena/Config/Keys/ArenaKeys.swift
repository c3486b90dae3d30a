/// The files of the configuration, in the order in which they are shown and their issues sorted.
enum ConfigFile: String, CaseIterable, Sendable {
  case arena = "nof0.yaml"
  case llm = "llm.yaml"
  case executor = "executor.yaml"
  case manager = "manager.yaml"
  case exchange = "exchange.yaml"
  case market = "market.yaml"

  /// The keys the file may have.
  var keys: [ConfigKey] {
    switch self {
    case .arena: ArenaKeys.all
    case .llm: LLMKeys.all
    case .executor: ExecutorKeys.all
    case .manager: ManagerKeys.all
    case .exchange: ExchangeKeys.all
    case .market: MarketKeys.all
    }
  }

  /// The section of nof0.yaml whose `file` may name another file; `nil` for nof0.yaml itself.
  var section: String? {
    switch self {
    case .arena: nil
    case .llm: "llm"
    case .executor: "executor"
    case .manager: "manager"
    case .exchange: "exchange"
    case .market: "market"
    }
  }

  /// Whether the file may be absent because every key has a default.
  var isOptional: Bool { self == .llm || self == .executor }
}

/// The keys of nof0.yaml; names match in any case, as go-zero's did.
enum ArenaKeys {
  static let all: [ConfigKey] =
    [
      .key("name", .text, "nof0", "The arena's name."),
      .key(
        "environment", .word(["test", "dev", "prod"]), "test", alias: "env",
        "What this arena is for: test, dev or prod."),
      .section("run", run, "Times of one run."),
      .section("export", export, "What the exported files show."),
      .section("alerts", AlertKeys.all, "From where on alerts are told, and to whom."),
      .section("journal", journal, "What is kept of each cycle, to be replayed."),
    ]
    + ConfigFile.allCases.compactMap(\.section).map { section in
      .section(
        section,
        [
          .key(
            "file", .text, "\(section).yaml",
            "The \(section) file, relative to the directory of nof0.yaml.")
        ], "Where the \(section) keys are.")
    } + meaningless

  private static let run: [ConfigKey] = [
    .key("deadline", .span(orZero: false), "150s", "How long one run may take."),
    .key(
      "order_expiry", .span(orZero: false), "20s",
      "After this time the venue refuses an order that was sent."),
    .key(
      "stale_after", .span(orZero: false), "10m",
      "Market data older than this permits reductions only."),
  ]

  private static let export: [ConfigKey] = [
    .key(
      "nav_base_usd", .decimal(from: 0, to: 1_000_000_000), "10000",
      "The value every trader's equity curve starts from; 0 shows raw dollars."),
    .key(
      "benchmark", .coin(orNone: true), "BTC",
      "The coin whose buy-and-hold curve is shown beside the traders; empty for none."),
    .key(
      "risk_free_pct", .decimal(from: -100, to: 1000), "0",
      "Yearly return of money that takes no risk, in per cent, for Sharpe and Sortino ratios."),
  ]

  private static let journal: [ConfigKey] = [
    .key("enabled", .flag, "true", "Whether each cycle is kept in the journal."),
    .key(
      "keep", .span(orZero: true), "30d",
      "How long records are kept, in whole days; 0 keeps them for ever."),
  ]

  private static let server = "there is no server, nof0 runs as a batch job"
  private static let store = "everything is kept in SQLite in the state directory"

  private static let meaningless: [ConfigKey] =
    [
      "host", "port", "cors", "mode", "timeout", "certfile", "keyfile", "verbose", "maxconns",
      "maxbytes", "cputhreshold", "signature", "middlewares", "shutdown", "devserver",
    ].map { .meaningless($0, server) } + [
      .meaningless("datapath", "the exported files go to the directory of --out"),
      .meaningless("postgres", store),
      .meaningless("cache", store),
      .meaningless("ttl", "nothing is cached between runs"),
      .meaningless("logging", "use --log-level; nothing else about logs can be set"),
      .meaningless("log", "use --log-level; nothing else about logs can be set"),
      .meaningless("prometheus", "every run writes metrics.prom into its exports"),
      .meaningless("metricsurl", "every run writes metrics.prom into its exports"),
      .meaningless("telemetry", "every run is recorded in the state directory"),
    ]
}
