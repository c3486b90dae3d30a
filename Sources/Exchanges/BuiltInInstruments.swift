package import Trading

/// How the best-known perpetuals are traded on Hyperliquid, for markets that cannot be asked.
///
/// Source: the venue's `meta` as recorded in September 2026 (protocol fact sheet §8).
package enum BuiltInInstruments {
  /// The instruments, by coin: BTC, ETH, SOL, BNB, XRP and DOGE.
  package static let all: [Coin: Instrument] = Dictionary(
    table.compactMap { row in
      instrument(row.coin, sizeDecimals: row.sizeDecimals, tiers: row.tiers).map { ($0.coin, $0) }
    }
  ) { first, _ in first }

  /// The built-in instrument of a coin; a coin without one gets one decimal and 10x.
  package static func orPlain(_ coin: Coin) -> Instrument {
    if let known = all[coin] { return known }
    guard let plain = instrument(coin.name, sizeDecimals: 1, tiers: [(0, 10)]) else {
      preconditionFailure("expected a plain instrument for \(coin)")
    }
    return plain
  }

  private typealias Row = (coin: String, sizeDecimals: Int, tiers: [(millions: Int64, max: Int)])

  private static let table: [Row] = [
    ("BTC", 5, [(0, 40), (150, 20)]),
    ("ETH", 4, [(0, 25), (100, 15)]),
    ("SOL", 2, [(0, 20), (70, 10)]),
    ("BNB", 3, [(0, 10)]),
    ("XRP", 0, [(0, 20)]),
    ("DOGE", 0, [(0, 10)]),
  ]

  private static func instrument(
    _ name: String, sizeDecimals: Int, tiers: [(millions: Int64, max: Int)]
  ) -> Instrument? {
    guard let coin = Coin(name) else { return nil }
    return Instrument(
      coin: coin, sizeDecimals: sizeDecimals,
      tiers: tiers.map {
        MarginTier(lowerBound: USD(whole: $0.millions * 1_000_000), maxLeverage: $0.max)
      })
  }
}
