import Market
import Trading

/// What the venue said of all its coins at once (`metaAndAssetCtxs`), and of which instants it
/// counts.
struct VenueReading: Sendable {
  /// When it was read, by the venue's clock.
  let readAt: Timestamp
  /// All coins with their asset ids.
  let universe: VenueUniverse
  /// All coins there are.
  let instruments: [Coin: Instrument]
  /// Prices and rates, by coin.
  let contexts: [Coin: AssetContext]
  /// The instants it counts as the present of.
  var instants: Set<Timestamp> = []

  init(_ universe: VenueUniverse, _ contexts: [AssetContext?], readAt: Timestamp) {
    self.readAt = readAt
    self.universe = universe
    instruments = Dictionary(
      universe.assets.map { ($0.instrument.coin, $0.instrument) }
    ) { first, _ in first }
    self.contexts = Dictionary(
      universe.assets.compactMap { asset in
        guard contexts.indices.contains(asset.index) else { return nil }
        return contexts[asset.index].map { (asset.instrument.coin, $0) }
      }
    ) { first, _ in first }
  }

  /// The prices of a coin; `nil` = it is unknown, delisted or has none.
  ///
  /// They count as of the instant of the cycle, though they were read during it: a cycle is one
  /// moment, and nothing else in it knows what happened since it began.
  func quote(of coin: Coin, at now: Timestamp) -> Quote? {
    guard let context = contexts[coin], let mid = context.mid,
      instruments[coin]?.isDelisted == false
    else { return nil }
    return Quote(
      coin: coin, asOf: now, mid: mid, mark: context.mark, oracle: context.oracle,
      impactBid: context.impactBid, impactAsk: context.impactAsk)
  }

  /// Why a coin has no price, in words.
  func absence(of coin: Coin) -> String {
    if let instrument = instruments[coin] {
      if instrument.isDelisted { return "\(coin) is delisted at Hyperliquid" }
      return contexts[coin] == nil
        ? "\(coin) has no mark price at Hyperliquid"
        : "\(coin) has no mid price at Hyperliquid: a side of its order book is empty"
    }
    let names = instruments.values.filter { !$0.isDelisted }.map(\.coin.name).sorted()
    let hint = NearestName.of(coin.name, among: names).map { "; did you mean \($0)?" } ?? ""
    return "Hyperliquid has no coin \(coin)\(hint)"
  }
}
