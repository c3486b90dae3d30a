package import Market
package import Trading

/// A CSV file of one coin in the layout that ``RecordedMarketData`` reads:
/// `SYMBOL-INTERVAL.csv` or `SYMBOL-funding-1h.csv`, plain or gzip (`.gz`).
package struct RecordedFile: Sendable, Hashable {
  /// What a file holds.
  package enum Content: Sendable, Hashable {
    /// Finished candles of a time frame.
    case candles(Timeframe)
    /// Hourly funding rates.
    case funding
  }

  /// Where it is.
  package let path: String
  /// Whose market it is of.
  package let coin: Coin
  /// What it holds.
  package let content: Content

  /// The file of that path, by its name; `nil` when the name is not of the layout.
  package init?(path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let ending = [".csv", ".csv.gz"].first(where: { name.hasSuffix($0) }) else { return nil }
    let stem = name.dropLast(ending.utf8.count)
    guard let dash = stem.lastIndex(of: "-") else { return nil }
    if stem.hasSuffix(Self.fundingEnding) {
      guard let coin = Coin(String(stem.dropLast(Self.fundingEnding.utf8.count))) else {
        return nil
      }
      self.init(path: path, coin: coin, content: .funding)
      return
    }
    guard let coin = Coin(String(stem[..<dash])),
      let timeframe = Timeframe(rawValue: String(stem[stem.index(after: dash)...]))
    else { return nil }
    self.init(path: path, coin: coin, content: .candles(timeframe))
  }

  /// The file of a coin's content in a directory.
  package init(_ content: Content, of coin: Coin, in directory: String, isPacked: Bool) {
    let middle =
      switch content {
      case .candles(let timeframe): "-\(timeframe)"
      case .funding: Self.fundingEnding
      }
    let folder = directory.hasSuffix("/") ? directory : directory + "/"
    self.init(
      path: "\(folder)\(coin)\(middle).csv" + (isPacked ? ".gz" : ""), coin: coin,
      content: content)
  }

  private init(path: String, coin: Coin, content: Content) {
    self.path = path
    self.coin = coin
    self.content = content
  }

  private static let fundingEnding = "-funding-1h"

  /// The files of the layout in a directory, by coin, candles before funding, finest first; files
  /// of other names are left alone.
  package static func all(in directory: String) throws(MarketDataError) -> [RecordedFile] {
    let folder = directory.hasSuffix("/") ? directory : directory + "/"
    let files = try MarketFile.names(in: directory).compactMap { RecordedFile(path: folder + $0) }
    return files.sorted { ($0.coin, $0.rank, $0.path) < ($1.coin, $1.rank, $1.path) }
  }

  private var rank: Int64 {
    switch content {
    case .candles(let timeframe): timeframe.span.ms
    case .funding: .max
    }
  }

  /// Its candles, at least one; of a file of funding rates there are none to read.
  package func candles(_ timeframe: Timeframe) throws(MarketDataError) -> CandleSeries {
    try CandleFile.read(path, timeframe: timeframe, endingBy: nil)
  }

  /// Its funding rates by full hour.
  package func funding() throws(MarketDataError) -> [FundingPoint] {
    try FundingFile.read(path, until: nil)
  }
}

extension RecordedFile {
  /// What the file that says how coins are traded needs for a coin that is not built in.
  package static func instrumentExample(_ coin: Coin, in directory: String) -> String {
    let folder = directory.hasSuffix("/") ? directory : directory + "/"
    return InstrumentsFile.example(coin) + " (\(folder)instruments.json)"
  }
}
