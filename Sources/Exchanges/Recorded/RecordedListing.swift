import Market
import Trading

/// Which files of a directory hold what.
struct RecordedListing {
  /// The candle files by coin and time frame.
  private(set) var candlePaths: [Coin: [Timeframe: String]] = [:]
  /// The funding files by coin.
  private(set) var fundingPaths: [Coin: String] = [:]
  /// The file that says how coins are traded; `nil` = there is none.
  private(set) var instrumentsPath: String?

  /// Lists a directory; only of some coins, or of all (`nil`).
  init(directory: String, coins: [Coin]?) throws(MarketDataError) {
    let wanted = coins.map(Set.init)
    for name in try MarketFile.names(in: directory) {
      let path = directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
      if name == "instruments.json" { instrumentsPath = path }
      guard let stem = Self.stem(of: name) else { continue }
      if let coin = Self.coin(of: stem, before: "-funding-1h") {
        guard wanted?.contains(coin) ?? true else { continue }
        if let other = fundingPaths[coin] { throw Self.twice(path, other) }
        fundingPaths[coin] = path
      }
      for timeframe in Timeframe.allCases {
        guard let coin = Self.coin(of: stem, before: "-\(timeframe)"),
          !stem.hasSuffix("-funding-1h"), wanted?.contains(coin) ?? true
        else { continue }
        if let other = candlePaths[coin]?[timeframe] { throw Self.twice(path, other) }
        candlePaths[coin, default: [:]][timeframe] = path
      }
    }
    if candlePaths.isEmpty {
      throw .unreadable(
        path: directory, cause: "expected files named SYMBOL-INTERVAL.csv or .csv.gz, was none")
    }
  }

  /// Four hours after every coin has had a candle of the finest time frame common to all coins,
  /// or of its own finest where there is no common one.
  func firstCycleAt() throws(MarketDataError) -> Timestamp? {
    let common = Timeframe.allCases.first { timeframe in
      candlePaths.values.allSatisfy { $0[timeframe] != nil }
    }
    var latest: Timestamp?
    for coin in candlePaths.keys.sorted() {
      let files = candlePaths[coin] ?? [:]
      guard let timeframe = common ?? files.keys.min(), let path = files[timeframe] else {
        continue
      }
      let end = try CandleFile.firstOpen(path, timeframe: timeframe) + timeframe.span
      latest = max(latest ?? end, end)
    }
    return latest.map { $0 + .hours(4) }
  }

  private static func stem(of name: String) -> Substring? {
    for ending in [".csv", ".csv.gz"] where name.hasSuffix(ending) {
      return name.dropLast(ending.utf8.count)
    }
    return nil
  }

  private static func coin(of stem: Substring, before ending: String) -> Coin? {
    guard stem.hasSuffix(ending) else { return nil }
    return Coin(String(stem.dropLast(ending.utf8.count)))
  }

  private static func twice(_ path: String, _ other: String) -> MarketDataError {
    .unreadable(path: path, cause: "expected one file, was also \(other); remove one of them")
  }
}
