import Exchanges
import Foundation
import Market
import Testing
import Trading

@Suite("Files of recorded market data")
struct RecordedMarketDataFileTests {
  /// Lives as long as the test: files are read late.
  private let folder: RecordedFolder

  init() throws { folder = try RecordedFolder() }

  @Test(arguments: malformedCandles)
  func nameTheLineThatIsWrong(_ text: String, _ line: Int, _ cause: String) async throws {
    let path = try folder.write(text, to: "BTC-1m.csv")

    let error = await #expect(throws: MarketDataError.self) {
      _ = try await folder.open().quotes(for: [listedCoin("BTC")], at: time("2025-07-21T13:00Z"))
    }

    #expect(error == .malformed(path: path, line: line, cause: cause))
  }

  @Test(arguments: [
    (
      "timestamp_ms,funding_rate\n1753099200000,x\n", 2,
      "expected a funding rate as a fraction from -1 to 1, was \"x\""
    ),
    (
      "timestamp_ms,funding_rate\n1753099200000,1.5\n", 2,
      "expected a funding rate as a fraction from -1 to 1, was \"1.5\""
    ),
    (
      "timestamp_ms,funding_rate\n1753099200000,0\n1753095600000,0\n", 3,
      "expected a time not before 2025-07-21T12:00:00Z, was 2025-07-21T11:00:00Z"
    ),
    ("timestamp_ms,funding_rate\n1753099200000\n", 2, "expected 2 columns, was 1"),
  ])
  func nameTheFundingLineThatIsWrong(_ text: String, _ line: Int, _ cause: String) async throws {
    try folder.write(header + good, to: "BTC-1m.csv")
    let path = try folder.write(text, to: "BTC-funding-1h.csv")
    let at = try time("2025-07-21T13:00Z")

    let error = await #expect(throws: MarketDataError.self) {
      _ = try await folder.open().replay(
        of: [listedCoin("BTC")], after: at - .hours(2), through: at)
    }

    #expect(error == .malformed(path: path, line: line, cause: cause))
  }

  // Made with Python: gzip.GzipFile(mtime=0, filename="").write(header + good).
  private static let first =
    "1f8b08000000000002ff2bc9cc4d2d2e49cc2d88cf2dd6c92f48cdd3c9c84ccfd0c9c92fd749cec9"
    + "2f4ed529cbcf29cd4de53234373536b0b4343200011d43103634d0b104314d750cf54cb9002a7081"
    + "8749000000"
  // The same way: "1753099260000,105,106,104,104.5,2\n".
  private static let second =
    "1f8b08000000000002ff3334373536b0b434323300021d430353203603621310d633d531e20200de"
    + "b2fab222000000"

  @Test func mayBeGzipOfSeveralMembers() async throws {
    try folder.write(bytes(Self.first) + bytes(Self.second), to: "BTC-1m.csv.gz")

    let quotes = try await folder.open().quotes(
      for: [listedCoin("BTC")], at: time("2025-07-21T12:02Z"))

    #expect(try quotes[listedCoin("BTC")]?.mid == Price("104.5"))
  }

  @Test func mayHaveCarriageReturnsAndNoLastLineFeed() async throws {
    try folder.write(
      "timestamp_ms,open,high,low,close,volume\r\n1753099200000,1,2,1,1.5,1e3", to: "BTC-1m.csv")

    let quotes = try await folder.open().quotes(
      for: [listedCoin("BTC")], at: time("2025-07-21T12:01Z"))

    #expect(try quotes[listedCoin("BTC")]?.mid == Price("1.5"))
  }

  @Test func sayWhenGzipIsCutOff() throws {
    for count in [12, 30, bytes(Self.first).count - 1] {
      let path = try folder.write(bytes(Self.first).prefix(count), to: "BTC-1m.csv.gz")

      #expect(
        throws: MarketDataError.unreadable(
          path: path, cause: "expected more data, the gzip stream ends too early")
      ) { try folder.open() }
    }
  }

  @Test func sayWhenGzipIsDamagedOrNotGzipAtAll() throws {
    var damaged = bytes(Self.first)
    damaged[damaged.count - 8] ^= 1
    var path = try folder.write(damaged, to: "BTC-1m.csv.gz")
    #expect(
      throws: MarketDataError.unreadable(
        path: path, cause: "expected intact gzip data (\(path): incorrect data check)")
    ) { try folder.open() }

    path = try folder.write(header + good, to: "BTC-1m.csv.gz")
    #expect(
      throws: MarketDataError.unreadable(
        path: path, cause: "expected gzip data, as the name ends in .gz")
    ) { try folder.open() }
  }

  @Test func mustBeThere() throws {
    #expect(
      throws: MarketDataError.unreadable(
        path: folder.path, cause: "expected files named SYMBOL-INTERVAL.csv or .csv.gz, was none")
    ) { try folder.open() }
    #expect(
      throws: MarketDataError.unreadable(
        path: "/nowhere/at/all", cause: "No such file or directory")
    ) {
      try RecordedMarketData(
        id: #require(ProviderID("r")), directory: "/nowhere/at/all", coins: nil, knownUntil: nil)
    }
  }

  @Test func mustNotBeThereTwice() throws {
    let plain = try folder.write(header + good, to: "BTC-1m.csv")
    let packed = try folder.write(bytes(Self.first), to: "BTC-1m.csv.gz")

    #expect(
      throws: MarketDataError.unreadable(
        path: packed, cause: "expected one file, was also \(plain); remove one of them")
    ) { try folder.open() }
  }

  private func bytes(_ hex: String) -> Data {
    Data(
      stride(from: 0, to: hex.count, by: 2).compactMap { offset in
        UInt8(hex.dropFirst(offset).prefix(2), radix: 16)
      })
  }
}

@Suite("The instruments file of recorded market data")
struct RecordedMarketDataInstrumentsTests {
  /// Lives as long as the test: files are read late.
  private let folder: RecordedFolder

  init() throws { folder = try RecordedFolder() }

  private static let candles = "2025-07-21T12:00Z 100 110 90 105 1.5"

  @Test func tellsHowANewCoinIsTraded() async throws {
    try folder.candles(Self.candles, to: "HYPE-1m.csv")
    try folder.write(
      """
      [{"coin": "HYPE", "size_decimals": 2, "min_notional_usd": 11.5, "delisted": true,
        "tiers": [{"lower_bound_usd": 0, "max_leverage": 10},
                  {"lower_bound_usd": "20000000.5", "max_leverage": 5}]}]
      """, to: "instruments.json")

    let instrument = try #require(try await folder.open().instruments()[listedCoin("HYPE")])

    #expect(instrument.sizeDecimals == 2)
    #expect(instrument.tiers.map(\.maxLeverage) == [10, 5])
    #expect(instrument.tiers[1].lowerBound == USD("20000000.5"))
    #expect(instrument.minNotional == USD("11.5"))
    #expect(instrument.isDelisted)
  }

  @Test func isAskedForWhereACoinIsNotBuiltIn() throws {
    try folder.candles(Self.candles, to: "HYPE-1m.csv")

    let error = #expect(throws: MarketDataError.self) { try folder.open() }

    #expect(
      error?.description
        == "cannot read market data \(folder.path)/instruments.json: expected an entry for HYPE, "
        + "which has candles; add {\"coin\": \"HYPE\", \"size_decimals\": 1, \"tiers\": "
        + "[{\"lower_bound_usd\": \"0\", \"max_leverage\": 10}]} with the venue's numbers to the "
        + "list in that file. Check `directory` in market.yaml.")
  }

  @Test(arguments: [
    ("{}", "expected a JSON list of instruments, the file is of another kind"),
    (
      "[{\"coin\": \"HYPE\", \"tiers\": []}]",
      "expected a JSON list of instruments, key \"size_decimals\" is missing in entry 1"
    ),
    (
      "[{\"coin\": \"HYPE\", \"size_decimals\": 1, \"tiers\": []}]",
      "expected entry 1 (HYPE) to have 0 to 6 size_decimals, tiers that begin at 0 with "
        + "ascending bounds and falling leverage of at least 1, and min_notional_usd of at least 0"
    ),
    (
      "[{\"coin\": \"HYPE\", \"size_decimals\": \"1\", \"tiers\": []}]",
      "expected a JSON list of instruments, entry 1, \"size_decimals\" is of another kind"
    ),
  ])
  func saysWhatIsWrongWithIt(_ json: String, _ cause: String) throws {
    try folder.candles(Self.candles, to: "HYPE-1m.csv")
    let path = try folder.write(json, to: "instruments.json")

    #expect(throws: MarketDataError.unreadable(path: path, cause: cause)) { try folder.open() }
  }

  @Test func isNotNeededForTheBuiltInCoins() throws {
    let all = BuiltInInstruments.all

    // The numbers are the venue's meta of September 2026.
    let rows = all.values.sorted { $0.coin < $1.coin }.map { instrument in
      let tiers = instrument.tiers.map { "\($0.maxLeverage)x from \($0.lowerBound)" }
      return "\(instrument.coin) \(instrument.sizeDecimals) " + tiers.joined(separator: ", ")
    }
    #expect(
      rows == [
        "BNB 3 10x from 0", "BTC 5 40x from 0, 20x from 150000000", "DOGE 0 10x from 0",
        "ETH 4 25x from 0, 15x from 100000000", "SOL 2 20x from 0, 10x from 70000000",
        "XRP 0 20x from 0",
      ])
    #expect(all.values.allSatisfy { $0.minNotional == USD(whole: 10) && !$0.isDelisted })
  }
}

private let header = "timestamp_ms,open,high,low,close,volume\n"
private let good = "1753099200000,100,110,90,105,1.5\n"

/// Files with a wrong line: text, line, what is wrong.
private let malformedCandles: [(text: String, line: Int, cause: String)] = [
  (
    "", 1,
    "expected the header \"timestamp_ms,open,high,low,close,volume\", was an empty file"
  ),
  (
    "time,o\n", 1,
    "expected the header \"timestamp_ms,open,high,low,close,volume\", was \"time,o\""
  ),
  (header, 2, "expected at least one candle, was the end of the file"),
  (
    header + good
      + "1753099260000,1,2,1,1\n", 3, "expected 6 columns, was 5"
  ),
  (
    header + good
      + "1753099260000,1,2,1,1,1,1\n", 3, "expected 6 columns, was 7"
  ),
  (
    header + good + "\n"
      + good, 3, "expected 6 columns, was 1"
  ),
  (
    header + good
      + good, 3,
    "expected a time after 2025-07-21T12:00:00Z, was 2025-07-21T12:00:00Z"
  ),
  (
    header + good
      + "1753099140000,1,2,1,1,1\n", 3,
    "expected a time after 2025-07-21T12:00:00Z, was 2025-07-21T11:59:00Z"
  ),
  (
    header + "1753099200001,1,2,1,1,1\n", 2,
    "expected a time that is a multiple of 1m, was 2025-07-21T12:00:00.001Z"
  ),
  (
    header + "noon,1,2,1,1,1\n", 2,
    "expected a time in ms since 1970, was \"noon\""
  ),
  (
    header + "1753099200000,nan,2,1,1,1\n", 2,
    "expected open as a number above zero with at most 8 decimals, was \"nan\""
  ),
  (
    header + "1753099200000,1,-2,1,1,1\n", 2,
    "expected high as a number above zero with at most 8 decimals, was \"-2\""
  ),
  (
    header + "1753099200000,1,2,0,1,1\n", 2,
    "expected low as a number above zero with at most 8 decimals, was \"0\""
  ),
  (
    header + "1753099200000,1,2,1,1.000000001,1\n", 2,
    "expected close as a number above zero with at most 8 decimals, was \"1.000000001\""
  ),
  (
    header + "1753099200000,1,2,1,,1\n", 2,
    "expected close as a number above zero with at most 8 decimals, was \"\""
  ),
  (
    header + "1753099200000,1,2,3,2,1\n", 2,
    "expected low ≤ open, close ≤ high, was open 1, high 2, low 3, close 2"
  ),
  (
    header + "1753099200000,1,2,1,2,-1\n", 2,
    "expected volume as a number of coins of at least 0, was \"-1\""
  ),
  (
    header + "1753099200000,1,2,1,2,nan\n", 2,
    "expected volume as a number of coins of at least 0, was \"nan\""
  ),
  (
    header + "1753099200000,1,2,1,2,1e999\n", 2,
    "expected volume as a number of coins of at least 0, was \"1e999\""
  ),
]
