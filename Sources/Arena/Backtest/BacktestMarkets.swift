package import Exchanges
package import Trading

/// Makes the markets of a back-test, once for the cycles and anew for each proof.
package struct BacktestMarkets: Sendable {
  /// A market of a provider: its coins, and the instant after which it knows nothing (`nil` = it
  /// knows all there is).
  package typealias Maker =
    @Sendable (ProviderID, [Coin], Timestamp?) throws -> any MarketData

  private let make: Maker

  /// Markets that something else makes.
  package init(_ make: @escaping Maker) { self.make = make }

  /// The configured markets.
  init(of config: ArenaConfig) {
    let sections = config.marketProviders
    make = { id, coins, end in
      switch sections[id] {
      case .synthetic(let section):
        // Made from its seed minute by minute: what comes later is not there to be looked at.
        return SyntheticMarketData(id: id, seed: section.seed, coins: coins)
      case .recorded(let section):
        return try RecordedMarketData(
          id: id, directory: section.directory, coins: coins, knownUntil: end,
          isOnVenueGrid: section.isOnVenueGrid, hasFunding: section.hasFunding)
      case .hyperliquid, .unavailable, nil:
        preconditionFailure("expected a recorded or synthetic market \(id) in a back-test")
      }
    }
  }

  /// The markets of all traders, which know nothing after `end`.
  func all(
    for config: ArenaConfig, knownUntil end: Timestamp?
  ) throws -> [ProviderID: any MarketData] {
    var markets: [ProviderID: any MarketData] = [:]
    for id in Set(config.traders.map(\.market)).sorted() {
      let coins = Set(config.traders.filter { $0.market == id }.flatMap(\.coins))
        .union(config.export.benchmark.map { [$0] } ?? []).sorted()
      markets[id] = try make(id, coins, end)
    }
    return markets
  }
}
