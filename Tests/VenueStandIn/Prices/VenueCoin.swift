package import Trading

/// A perpetual of the venue: its rules and where its price starts from.
package struct VenueCoin: Sendable, Hashable {
  /// Tick, lot, tiers and whether it is delisted.
  package let instrument: Instrument
  /// The price its path moves around.
  package let anchor: Price
  /// The number of its margin table; the greatest leverage where it has a single tier.
  package let tableID: Int

  /// The coin.
  package var coin: Coin { instrument.coin }

  /// A perpetual; `nil` when the texts or tiers are not valid.
  ///
  /// - Parameters:
  ///   - name: Its name, such as `kPEPE`.
  ///   - sizeDecimals: `szDecimals`.
  ///   - anchor: Around which price its path moves.
  ///   - tiers: From which notional (millions of USD) on how much leverage, ascending from 0.
  ///   - tableID: The margin table; 0 = that of its greatest leverage.
  ///   - isDelisted: Whether it only holds its place in the list.
  package init?(
    _ name: String, sizeDecimals: Int, anchor: String, tiers: [(millions: Int64, max: Int)],
    tableID: Int = 0, isDelisted: Bool = false
  ) {
    let tierList = tiers.map {
      MarginTier(lowerBound: USD(whole: $0.millions * 1_000_000), maxLeverage: $0.max)
    }
    guard let coin = Coin(name), let price = Price(anchor),
      let instrument = Instrument(
        coin: coin, sizeDecimals: sizeDecimals, tiers: tierList, isDelisted: isDelisted)
    else { return nil }
    self.instrument = instrument
    self.anchor = price
    self.tableID = tableID == 0 ? instrument.maxLeverage : tableID
  }

  /// Nine perpetuals shaped like the first of the real venue: BTC, ETH, ATOM, the delisted MATIC
  /// at index 3, SOL, DOGE, XRP, BNB, kPEPE.
  package static let standard: [VenueCoin] = [
    VenueCoin(
      "BTC", sizeDecimals: 5, anchor: "65000", tiers: [(0, 40), (150, 20)], tableID: 56),
    VenueCoin(
      "ETH", sizeDecimals: 4, anchor: "3000", tiers: [(0, 25), (100, 15)], tableID: 55),
    VenueCoin("ATOM", sizeDecimals: 2, anchor: "4.5", tiers: [(0, 5)]),
    VenueCoin("MATIC", sizeDecimals: 1, anchor: "0.37", tiers: [(0, 20)], isDelisted: true),
    VenueCoin("SOL", sizeDecimals: 2, anchor: "150", tiers: [(0, 20), (70, 10)], tableID: 54),
    VenueCoin("DOGE", sizeDecimals: 0, anchor: "0.15", tiers: [(0, 10)]),
    VenueCoin("XRP", sizeDecimals: 0, anchor: "2.2", tiers: [(0, 20)]),
    VenueCoin("BNB", sizeDecimals: 3, anchor: "600", tiers: [(0, 10)]),
    VenueCoin("kPEPE", sizeDecimals: 0, anchor: "0.0065", tiers: [(0, 10)]),
  ].compactMap(\.self)
}
