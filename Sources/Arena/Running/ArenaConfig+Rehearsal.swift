import Trading

extension ArenaConfig {
  /// Whether nobody outside this machine notices.
  ///
  /// Every trader has a simulated exchange and market, or stand-ins for the real ones, whose
  /// `base_url` is on loopback.
  package var isRehearsal: Bool {
    traders.allSatisfy { trader in
      let isVenueHarmless =
        switch exchangeProviders[trader.exchange] {
        case .sim: true
        case .hyperliquid(let venue): venue.isStandIn
        case .unavailable, nil: false
        }
      let isMarketHarmless =
        switch marketProviders[trader.market] {
        case .synthetic, .recorded: true
        case .hyperliquid(let market): market.isStandIn
        case .unavailable, nil: false
        }
      return isVenueHarmless && isMarketHarmless
    }
  }
}
