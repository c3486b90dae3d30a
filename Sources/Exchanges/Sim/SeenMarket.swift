import Market
import Trading

/// What the market said of the instants and stretches of time asked about last.
///
/// All accounts of a cycle ask about the same ones: a thousand of them took 60 ms to have the same
/// minutes made again and again. What a market said of a time it says again, so nothing here grows
/// stale; only the newest is kept.
struct SeenMarket {
  /// Time from one instant to another.
  struct Stretch: Hashable {
    let start: Timestamp
    let end: Timestamp
  }

  private var quotes: [Timestamp: [Coin: Quote?]] = [:]
  private var replays: [Coin: MarketReplay?] = [:]
  private var stretch: Stretch?

  /// Instants kept: that of the last cycle and the present one.
  private static let kept = 2

  /// Whether the price of a coin at an instant is kept, or that there was none.
  func asked(for coin: Coin, at instant: Timestamp) -> Bool { quotes[instant]?[coin] != nil }

  /// The prices kept of an instant.
  func quotes(of coins: [Coin], at instant: Timestamp) -> [Coin: Quote] {
    let known = quotes[instant] ?? [:]
    return Dictionary(
      uniqueKeysWithValues: coins.compactMap { coin in
        (known[coin] ?? nil).map { (coin, $0) }
      })
  }

  /// Keeps what was said of coins at an instant.
  mutating func keep(_ found: [Coin: Quote], of coins: [Coin], at instant: Timestamp) {
    if quotes[instant] == nil, quotes.count >= Self.kept, let oldest = quotes.keys.min() {
      quotes[oldest] = nil
    }
    for coin in coins { quotes[instant, default: [:]][coin] = .some(found[coin]) }
  }

  /// Whether what happened to a coin in a stretch is kept, or that nothing is known.
  func asked(for coin: Coin, in stretch: Stretch) -> Bool {
    self.stretch == stretch && replays[coin] != nil
  }

  /// What is kept of a stretch.
  func replays(of coins: [Coin], in stretch: Stretch) -> [Coin: MarketReplay] {
    guard self.stretch == stretch else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: coins.compactMap { coin in
        (replays[coin] ?? nil).map { (coin, $0) }
      })
  }

  /// Keeps what was said of coins in a stretch.
  mutating func keep(_ found: [Coin: MarketReplay], of coins: [Coin], in stretch: Stretch) {
    if self.stretch != stretch {
      replays = [:]
      self.stretch = stretch
    }
    for coin in coins { replays[coin] = .some(found[coin]) }
  }
}
