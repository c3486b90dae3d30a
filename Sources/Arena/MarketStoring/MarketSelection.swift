import Market
package import Trading

/// Which part of a market a command is about, in the words of the command line.
package struct MarketSelection: Sendable, Equatable {
  /// The provider's name; `nil` = not told.
  package let provider: String?
  /// Coins, several of them with commas between; empty = all there are.
  package let symbols: [String]
  /// Time frames, several of them with commas between; empty = those that are usual.
  package let timeframes: [String]
  /// Nothing before it; `nil` = as far back as possible.
  package let from: Timestamp?
  /// Nothing from it on; `nil` = up to now.
  package let to: Timestamp?

  /// A selection from its parts.
  package init(
    provider: String?, symbols: [String] = [], timeframes: [String] = [], from: Timestamp? = nil,
    to: Timestamp? = nil
  ) {
    self.provider = provider
    self.symbols = symbols
    self.timeframes = timeframes
    self.from = from
    self.to = to
  }
}

extension MarketSelection {
  /// The provider, exit code 64 when its name cannot be one; `nil` = not told.
  func providerID() throws(RunFailure) -> ProviderID? {
    guard let provider else { return nil }
    guard let id = ProviderID(provider) else {
      throw RunFailure(
        .usage,
        "--provider: expected a name as in market.yaml, was \(quoted(provider))")
    }
    return id
  }

  /// The provider, which must be told.
  func requiredProvider() throws(RunFailure) -> ProviderID {
    guard let id = try providerID() else {
      throw RunFailure(.usage, "--provider: expected whose market it is, was nothing")
    }
    return id
  }

  /// The coins in the order told, each once; `nil` = all.
  func coins() throws(RunFailure) -> [Coin]? {
    var coins: [Coin] = []
    for name in Self.names(symbols) {
      guard let coin = Coin(name) else {
        throw RunFailure(
          .usage, "--symbols: expected coins such as BTC,ETH, was \(quoted(name))")
      }
      if !coins.contains(coin) { coins.append(coin) }
    }
    return coins.isEmpty ? nil : coins
  }

  /// The time frames, from short to long; `nil` = those that are usual.
  func frames() throws(RunFailure) -> [Timeframe]? {
    var frames: Set<Timeframe> = []
    for name in Self.names(timeframes) {
      guard let frame = Timeframe(rawValue: name) else {
        throw RunFailure(
          .usage,
          "--timeframes: expected some of "
            + Timeframe.allCases.map(\.rawValue).joined(separator: ",") + ", was \(quoted(name))")
      }
      frames.insert(frame)
    }
    return frames.isEmpty ? nil : frames.sorted()
  }

  /// The stretch of time, exit code 64 when it ends before it begins.
  func stretch() throws(RunFailure) -> Range<Timestamp> {
    let first = from ?? Self.earliest
    let end = to ?? Self.latest
    guard first < end else {
      throw RunFailure(.usage, "--to: expected a time after --from \(first), was \(end)")
    }
    return first..<end
  }

  private static let earliest = Timestamp(ms: 0)
  /// The year 9999, as in dates.
  private static let latest = Timestamp(ms: 253_402_300_800_000)

  private static func names(_ lists: [String]) -> [String] {
    lists.flatMap { $0.split(separator: ",").map { $0.trimming(" ") } }.filter { !$0.isEmpty }
  }
}

extension Substring {
  fileprivate func trimming(_ character: Character) -> String {
    String(drop { $0 == character }.reversed().drop { $0 == character }.reversed())
  }
}
