import Arena
import Foundation
import Testing
import Trading

extension RehearsalSuite {
  @Suite("The store of candles and its files")
  struct MarketFiles {
    private let stage: Rehearsal
    private var given: URL { stage.folder.appending(path: "given") }

    init() throws { stage = try Rehearsal() }

    /// The files of a folder, by name.
    private func files(_ folder: URL) throws -> [String: Data] { try stage.contents(of: folder) }

    private func add(_ more: String..., at path: URL? = nil) throws -> Rehearsal.Ending {
      try stage.finish(
        try stage.start(["market", "import", "--provider", "own", (path ?? given).path] + more))
    }

    private func export(_ folder: String, _ more: String...) throws -> URL {
      let url = stage.folder.appending(path: folder)
      let ending = try stage.finish(
        try stage.start(["market", "export", "--provider", "own", "--dir", url.path] + more))
      #expect(ending.code == 0, "\(ending.error)")
      return url
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func giveBackTheSameBytes(seed: UInt64) throws {
      var folder = try MarketFolder(given, seed: seed)
      for (coin, frame, minutes) in [
        ("BTC", "1m", 1), ("BTC", "15m", 15), ("kPEPE", "5m", 5), ("HYPE", "4h", 240),
      ] {
        try folder.candles(
          coin, frame, minutes: minutes, count: 150, gapEvery: 9, volumeDecimals: Int(seed))
        try folder.funding(coin, count: 60)
      }

      let ending = try add()

      #expect(ending.code == 0, "seed \(seed): \(ending.error)")
      #expect(try files(export("plain", "--plain")) == files(given), "seed \(seed)")
      // Packed, the same bytes each time, and the same candles once more.
      let packed = try export("packed")
      #expect(try files(packed) == files(export("again")), "seed \(seed)")
      let other = try Rehearsal()
      #expect(try other.run("market", "import", "--provider", "own", packed.path).code == 0)
      try stage.takeOver(other)
      #expect(try files(export("third", "--plain")) == files(given), "seed \(seed)")
    }

    @Test func tellGaps() throws {
      var folder = try MarketFolder(given, seed: 1)
      let lines = try folder.candles("BTC", "1m", minutes: 1, count: 100)
      try folder.write(
        Array(lines[0..<10] + lines[40..<90] + lines[91...]),
        header: "timestamp_ms,open,high,low,close,volume", to: "BTC-1m.csv")

      let ending = try add()
      let list = try stage.run("market", "list", "--gaps")
      let json = try stage.run("market", "list", "--format", "json")

      #expect(ending.out.contains("69 candles"), "\(ending.out)")
      #expect(ending.out.contains("2 gaps, 31 missing"), "\(ending.out)")
      for text in [ending.out, list.out] {
        #expect(
          text.contains("missing 30: 2025-07-21T00:10:00Z to 2025-07-21T00:39:00Z"), "\(text)")
        #expect(text.contains("missing 1: 2025-07-21T01:30:00Z\n"), "\(text)")
      }
      #expect(json.out.contains("\"count\":69,\"first_ms\":1753056000000,\"gaps\":[{\"count\":30,"))
      #expect(json.out.contains("\"missing\":31,\"provider\":\"own\",\"symbol\":\"BTC\""))
    }

    @Test func mergeWhatOverlapsAndRefuseWhatDiffers() throws {
      var folder = try MarketFolder(given, seed: 2)
      let lines = try folder.candles("BTC", "1m", minutes: 1, count: 60)
      let whole = try files(given)
      let header = "timestamp_ms,open,high,low,close,volume"
      try folder.write(Array(lines[..<40]), header: header, to: "BTC-1m.csv")
      let first = try add()
      try folder.write(Array(lines[20...]), header: header, to: "BTC-1m.csv")
      let second = try add()
      let third = try add()
      #expect(first.out.contains("40 new"), "\(first.out)")
      #expect(second.out.contains("20 new, 20 known"), "\(second.out)")
      #expect(third.out.contains("0 new, 40 known"), "\(third.out)")
      #expect(try files(export("one", "--plain")) == whole)

      let changed = lines.enumerated().map { $0.offset == 50 ? $0.element + "7" : $0.element }
      try folder.write(changed + ["1753059600000,9,9,9,9,1"], header: header, to: "BTC-1m.csv")
      let refused = try add()
      #expect(refused.code == 74)
      #expect(refused.error.contains("BTC-1m.csv: expected what the store"), "\(refused.error)")
      #expect(refused.error.contains("1 differ; the first is of 2025-07-21T00:50:00Z"))
      #expect(refused.error.contains("--replace"))
      #expect(try files(export("two", "--plain")) == whole)

      let replaced = try add("--replace")
      #expect(replaced.out.contains("1 new, 59 known"), "\(replaced.out)")
      #expect(replaced.out.contains("1 differing"), "\(replaced.out)")
      #expect(try files(export("three", "--plain")) == files(given))
    }

    @Test(arguments: [
      "1753057200000,118000,118001,117999", "1753057200000,118000,118001,117999,-1,5",
      "1753057200000,118000,117000,119000,118000,5", "yesterday,1,1,1,1,1", "",
      "1753057200001,118000,118001,117999,118000,5", "1753057200000,1,1,1,1,nan",
    ])
    func takeNothingOfAFileWithABadLine(line: String) throws {
      var folder = try MarketFolder(given, seed: 3)
      try folder.candles("BTC", "1m", minutes: 1, count: 30)
      let lines = try folder.candles("ETH", "1m", minutes: 1, count: 30)
      let bad = lines.enumerated().map { $0.offset == 20 ? line : $0.element }
      try folder.write(
        bad, header: "timestamp_ms,open,high,low,close,volume", to: "ETH-1m.csv")

      let ending = try add()

      #expect(ending.code == 74)
      #expect(ending.error.contains("ETH-1m.csv:22: expected "), "\(ending.error)")
      #expect(ending.error.contains("nothing of this file was imported; the 1 before it was."))
      #expect(
        try Books(of: stage).texts("SELECT DISTINCT coin FROM market_candles") == ["BTC"])
    }

    @Test func takeAFileWholeOrNotAtAllWhenKilled() throws {
      var folder = try MarketFolder(given, seed: 4)
      try folder.candles("BTC", "1m", minutes: 1, count: 500)
      let count = "SELECT count(*) FROM market_candles"
      for (fault, expected) in [("write.before", 0), ("write.after", 500)] {
        // The database is there already, so the only write is that of the file.
        _ = try stage.run("market", "import", "--provider", "other", given.path)
        try Books(of: stage).execute("DELETE FROM market_candles")

        let ending = try stage.run(
          "market", "import", "--provider", "own", given.path,
          environment: ["NOF0_FAULT": "kill@\(fault)"])

        #expect(ending.code == -9, "\(fault): \(ending.code) \(ending.error)")
        #expect(try Books(of: stage).number(count) == expected, "\(fault)")
      }
    }

    @Test func areWrittenUnderTheLockAndReadWithoutIt() throws {
      var folder = try MarketFolder(given, seed: 5)
      try folder.candles("BTC", "1m", minutes: 1, count: 30)
      _ = try add()
      let lock = try RunLock.take(
        path: stage.state.appending(path: "nof0.lock").path, now: Timestamp(ms: 0))

      let refused = try add()
      let list = try stage.run("market", "list")
      let out = try export("locked", "--plain")
      withExtendedLifetime(lock) {}

      #expect(refused.code == 75, "\(refused.error)")
      #expect(list.code == 0 && list.out.contains("BTC"), "\(list.error)")
      #expect(try files(out) == files(given))
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func makeLongerCandlesExactly(seed: UInt64) throws {
      var folder = try MarketFolder(given, seed: seed)
      let lines = try folder.candles(
        "BTC", "1m", minutes: 1, count: 24 * 60, gapEvery: 150, volumeDecimals: Int(seed) + 1)
      _ = try add()

      let out = try export("made", "--plain", "--timeframes", "5m,15m,4h")

      for (frame, minutes) in [("5m", 5), ("15m", 15), ("4h", 240)] {
        let expected = Self.grouped(lines, minutes: minutes, volumeDecimals: Int(seed) + 1)
        let name = out.appending(path: "BTC-\(frame).csv")
        guard !expected.isEmpty else {
          #expect(!stage.exists(name), "seed \(seed) \(frame)")
          continue
        }
        let made = try String(contentsOf: name, encoding: .utf8).split(separator: "\n").dropFirst()
        #expect(made.map(String.init) == expected, "seed \(seed) \(frame)")
      }
    }

    /// Groups of minutes that are all there, computed on the texts in decimal arithmetic.
    private static func grouped(
      _ lines: [String], minutes: Int, volumeDecimals: Int
    ) -> [String] {
      let rows = lines.map { $0.split(separator: ",").map(String.init) }
      let groups = Dictionary(grouping: rows) { row in
        (Int(row[0]) ?? 0) / (minutes * 60_000) * (minutes * 60_000)
      }
      return groups.filter { $0.value.count == minutes }.sorted { $0.key < $1.key }.map {
        start, rows in
        let high = rows.map { $0[2] }.max { decimal($0) < decimal($1) } ?? ""
        let low = rows.map { $0[3] }.min { decimal($0) < decimal($1) } ?? ""
        let volume = rows.map { decimal($0[5]) }.reduce(Decimal(0), +)
        return "\(start),\(rows[0][1]),\(high),\(low),\(rows[minutes - 1][4]),\(volume)"
      }
    }

    private static func decimal(_ text: String) -> Decimal { Decimal(string: text) ?? .nan }

    @Test func namesThatAreNotOfTheLayoutAreRefused() throws {
      var folder = try MarketFolder(given, seed: 6)
      try folder.candles("BTC", "1m", minutes: 1, count: 5)
      let odd = given.appending(path: "btc_minutes.csv")
      try FileManager.default.moveItem(at: given.appending(path: "BTC-1m.csv"), to: odd)

      for path in [odd, given] {
        let ending = try add(at: path)
        #expect(ending.code == 64)
        #expect(ending.error.contains("SYMBOL-INTERVAL.csv"), "\(ending.error)")
      }
      #expect(try add(at: stage.folder.appending(path: "nowhere")).code == 74)
      #expect(!stage.exists(stage.state))
    }

    @Test func whatIsThereIsNotWrittenOver() throws {
      var folder = try MarketFolder(given, seed: 7)
      try folder.candles("BTC", "1m", minutes: 1, count: 5)
      _ = try add()
      let before = try files(given)

      let arguments = ["market", "export", "--provider", "own", "--plain", "--dir", given.path]
      let refused = try stage.finish(try stage.start(arguments))
      let unknown = try stage.run("market", "export", "--provider", "owm", "--dir", "x")
      let replaced = try stage.finish(try stage.start(arguments + ["--replace"]))

      #expect(refused.code == 74 && refused.error.contains("BTC-1m.csv"), "\(refused.error)")
      #expect(unknown.code == 64 && unknown.error.contains("only of own"), "\(unknown.error)")
      #expect(replaced.code == 0)
      #expect(try files(given) == before)
    }
  }
}
