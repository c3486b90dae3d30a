import Exchanges
import Glibc
import Journal
import Market
import Trading

/// How the market commands find the configuration and the store.
enum MarketPlaces {
  /// The configuration; `nil` where there is none at the usual place: a store can be filled before
  /// anything is configured.
  static func config(
    _ places: Places, _ environment: [String: String], isNeeded: Bool
  ) throws(RunFailure) -> ArenaConfig? {
    if !isNeeded, places.config == "config", access(places.config, F_OK) != 0 { return nil }
    let onlyErrors = Output(format: .text, logLevel: "error", isQuiet: true)
    return try ConfigCommand.load(places, environment, onlyErrors, toRun: false)
  }

  /// The section of a provider, by default that of the first trader.
  static func section(
    of provider: ProviderID?, in config: ArenaConfig
  ) throws(RunFailure) -> (id: ProviderID, section: MarketSection) {
    guard let id = provider ?? config.traders.first?.market else {
      throw RunFailure(.usage, "--provider: expected one of market.yaml, was nothing")
    }
    if let section = config.marketProviders[id] { return (id, section) }
    let known = config.marketProviders.keys.map(\.name).sorted()
    let advice =
      NearestName.of(id.name, among: known).map { "did you mean \($0)?" }
      ?? "there \(known.count == 1 ? "is" : "are") \(known.joined(separator: ", "))."
    throw RunFailure(
      .usage,
      "--provider: market.yaml has no \(quoted(id.name)); \(advice) What else is in the store is "
        + "told by `nof0 market list`, and `nof0 market export` writes it for a provider of type "
        + "recorded.")
  }

  /// The coins a provider offers: its own list, else those of the traders that use it.
  static func coins(of id: ProviderID, _ section: MarketSection, _ config: ArenaConfig) -> [Coin] {
    let own: [Coin] =
      switch section {
      case .synthetic(let section): section.symbols
      case .recorded(let section): section.symbols
      case .hyperliquid(let section): section.symbols
      case .unavailable: []
      }
    guard own.isEmpty else { return own }
    return Set(config.traders.filter { $0.market == id }.flatMap(\.coins)).sorted()
  }

  /// The database for reading, if there is one.
  static func readStore(_ places: Places) throws(RunFailure) -> StateStore? {
    guard access(places.database, F_OK) == 0 else { return nil }
    return StateStore(try StateFolder.openForReading(places))
  }

  /// The database for reading, which has to be there.
  static func neededStore(_ places: Places) throws(RunFailure) -> StateStore {
    guard let store = try readStore(places) else {
      throw RunFailure(
        .inputOutput,
        "there is no state at \(places.database) yet. `nof0 market import` or `nof0 market fetch` "
          + "fills the store, or give the folder with --state.")
    }
    return store
  }
}

extension MarketStore {
  /// What is kept of a provider, to look at; saving keeps nothing.
  static func reading(_ store: StateStore, of provider: ProviderID) -> MarketStore {
    MarketStore(
      candles: {
        try store.marketCandles(provider: provider, coin: $0, timeframe: $1, from: $2, to: $3)
      },
      funding: { try store.marketFunding(provider: provider, coin: $0, from: $1, to: $2) },
      averageOpenInterest: { try store.averageOpenInterest(provider: provider, coin: $0) },
      save: { _, _ in })
  }
}

/// Which times a provider's store may hold.
struct MarketBounds {
  /// Older than this is dropped by the provider's next run; `nil` = nothing is dropped.
  let keptFrom: Timestamp?
  /// What ends later has not happened yet; `nil` = the provider's time is not ours.
  let knownUntil: Timestamp?
  private let provider: ProviderID
  private let retention: Span?

  init(of provider: ProviderID, in config: ArenaConfig?, now: Timestamp) {
    self.provider = provider
    guard case .hyperliquid(let section) = config?.marketProviders[provider] else {
      retention = nil
      keptFrom = nil
      knownUntil = nil
      return
    }
    retention = section.retention
    keptFrom = now - section.retention
    knownUntil = now
  }

  /// Why something that begins then cannot be kept; `nil` = it can.
  func refusal(ofBeginning first: Timestamp) -> String? {
    guard let keptFrom, let retention, first < keptFrom else { return nil }
    return "expected nothing before \(keptFrom), because the next run drops what is older than "
      + "the `retention` of \(provider) in market.yaml (\(retention)), was \(first). Give a later "
      + "--from, raise `retention`, or use a --provider that market.yaml does not have: its "
      + "candles stay"
  }

  /// Why something that ends then cannot be kept; `nil` = it can.
  func refusal(ofEnd end: Timestamp) -> String? {
    guard let knownUntil, end > knownUntil else { return nil }
    return "expected nothing that ends after \(knownUntil), the present of \(provider), was \(end)"
  }
}
