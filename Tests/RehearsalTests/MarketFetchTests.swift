import Arena
import Foundation
import Testing
import Trading
import VenueStandIn

extension RehearsalSuite {
  @Suite("Candles fetched from the venue")
  struct MarketFetched {
    private let stage: VenueStage
    private static let days3 = (VenueStage.start - .day * 3).description
    private static let end = VenueStage.start.description

    /// What ended at the last instant asked for is finished for certain.
    init() throws {
      stage = try VenueStage(isMoving: true)
      stage.pass(minutes: 1)
    }

    private func fetch(_ more: String..., fault: String? = nil) throws -> Rehearsal.Ending {
      try stage.command(["market", "fetch", "--to", Self.end] + more, fault: fault)
    }

    private func export(_ folder: String, _ more: String...) throws -> [String: Data] {
      let url = stage.stage.folder.appending(path: folder)
      let ending = try stage.command(
        ["market", "export", "--provider", "venue", "--plain", "--dir", url.path] + more)
      #expect(ending.code == 0, "\(ending.error)")
      return try stage.stage.contents(of: url)
    }

    private func count(_ frame: String, _ coin: String = "BTC") throws -> Int {
      try stage.books.number(
        "SELECT count(*) FROM market_candles WHERE timeframe = '\(frame)' AND coin = '\(coin)'")
    }

    private var candleQuestions: Int {
      stage.venue.receivedQuestions.filter { $0.type == "candleSnapshot" }.count
    }

    @Test func areAllOfThemPageByPage() throws {
      let ending = try fetch("--symbols", "BTC,ETH", "--timeframes", "1m,1h", "--from", Self.days3)

      #expect(ending.code == 0, "\(ending.error)")
      for coin in ["BTC", "ETH"] {
        #expect(try count("1m", coin) == 3 * 24 * 60)
        #expect(try count("1h", coin) == 72)
      }
      #expect(ending.out.contains("BTC 1m: 4320 candles"), "\(ending.out)")
      #expect(ending.out.contains("4320 new, no gaps"), "\(ending.out)")
      #expect(ending.out.contains("ETH funding: 72 rates"), "\(ending.out)")
      // 1200 + 1200 + 1920 minutes, and the hours, of two coins.
      #expect(candleQuestions == 2 * (3 + 1))
      // Hours made of the minutes have the prices of the venue's own.
      let own = try export("own", "--timeframes", "1h")
      try stage.books.execute("DELETE FROM market_candles WHERE timeframe = '1h'")
      let made = try export("made", "--timeframes", "1h")
      for name in ["BTC-1h.csv", "ETH-1h.csv"] {
        #expect(try Self.prices(own[name]) == Self.prices(made[name]))
      }
    }

    private static func prices(_ file: Data?) throws -> [String] {
      try String(decoding: #require(file), as: UTF8.self).split(separator: "\n").map {
        $0.split(separator: ",").prefix(5).joined(separator: ",")
      }
    }

    @Test func areNotAskedForAgain() throws {
      let options = ["--timeframes", "5m", "--from", Self.days3]
      _ = try fetch(options[0], options[1], options[2], options[3])
      let before = candleQuestions

      let ending = try fetch(options[0], options[1], options[2], options[3])

      #expect(ending.code == 0, "\(ending.error)")
      #expect(candleQuestions == before)
      #expect(ending.out.contains("864 candles"), "\(ending.out)")
      #expect(ending.out.contains("0 new, no gaps"), "\(ending.out)")
      let again = try fetch(options[0], options[1], options[2], options[3], "--replace")
      #expect(again.out.contains("0 new, 864 known, no gaps"), "\(again.out)")
      #expect(candleQuestions == before + 1)
    }

    /// Whatever was saved is not asked for again, and no hole is left that runs would not ask for.
    @Test(arguments: [(1, 1200), (2, 2400), (3, 4320)])
    func goOnWhereAFetchWasKilled(write: Int, saved: Int) throws {
      let arguments = ["--timeframes", "1m,1h", "--from", Self.days3]
      // The schema is written before anything is fetched.
      _ = try fetch("--timeframes", "1d", "--from", Self.days3, "--no-funding")
      try stage.books.execute("DELETE FROM market_candles")
      let before = candleQuestions

      let killed = try fetch(
        arguments[0], arguments[1], arguments[2], arguments[3],
        fault: "kill@write.after:\(write)")
      #expect(killed.code == -9, "\(killed.error)")
      #expect(candleQuestions == before + write)
      #expect(try count("1m") == saved)
      #expect(try export("part", "--timeframes", "1m").count == 1)
      let ending = try fetch(arguments[0], arguments[1], arguments[2], arguments[3])

      #expect(ending.code == 0, "\(ending.error)")
      #expect(candleQuestions == before + 4)
      #expect(try count("1m") == 4320)
      #expect(try count("1h") == 72)
    }

    @Test func areLeftAloneWhileARunGoesOn() throws {
      _ = try fetch("--timeframes", "1d", "--from", Self.days3, "--no-funding")
      let asked = stage.venue.receivedQuestions.count
      let lock = try RunLock.take(
        path: stage.stage.state.appending(path: "nof0.lock").path, now: Timestamp(ms: 0))

      let ending = try fetch("--timeframes", "1h", "--from", Self.days3)
      withExtendedLifetime(lock) {}

      #expect(ending.code == 75, "\(ending.error)")
      #expect(stage.venue.receivedQuestions.count == asked)
    }

    @Test func reachToWhatIsKeptNearby() throws {
      let begin = VenueStage.start - .hours(6)
      _ = try fetch("--timeframes", "1m", "--from", begin.description, "--no-funding")

      // It ends ten hours before what is kept begins: less than runs would ask for.
      let ending = try stage.command([
        "market", "fetch", "--timeframes", "1m", "--no-funding", "--from",
        (begin - .hours(20)).description, "--to", (begin - .hours(10)).description,
      ])

      #expect(ending.code == 0, "\(ending.error)")
      #expect(try count("1m") == 26 * 60)
    }

    @Test func surviveAVenueThatSaysTooMany() throws {
      stage.venue.inject(.rateLimited, on: .info("candleSnapshot"), nth: 1, times: 1)
      stage.venue.inject(
        .serverErrorBefore(status: 502), on: .info("candleSnapshot"), nth: 3, times: 1)

      let ending = try fetch("--timeframes", "1m", "--from", Self.days3)

      #expect(ending.code == 0, "\(ending.error)")
      #expect(stage.venue.injectedFaults.count == 2)
      #expect(try count("1m") == 4320)
    }

    @Test func stayWhereAnAnswerMakesNoSense() throws {
      stage.venue.inject(.malformed, on: .info("candleSnapshot"), nth: 2, times: 1)
      let arguments = ["--timeframes", "1m", "--from", Self.days3]

      let broken = try fetch(arguments[0], arguments[1], arguments[2], arguments[3])
      let saved = try count("1m")
      let ending = try fetch(arguments[0], arguments[1], arguments[2], arguments[3])

      #expect(broken.code == 74)
      #expect(broken.error.contains("2 of 4 pieces are saved"), "\(broken.error)")
      #expect(saved == 2400)
      #expect(ending.code == 0, "\(ending.error)")
      #expect(try count("1m") == 4320)
    }

    @Test func areFinishedOnesThatTheVenueStillHas() throws {
      let now = stage.venue.now
      let ending = try stage.command(
        ["market", "fetch", "--timeframes", "1m", "--from", (now - .day * 5).description])

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("the venue keeps about 5000 candles"), "\(ending.out)")
      let last = try stage.books.number("SELECT max(open_ms) FROM market_candles")
      #expect(Int64(last) + 60_000 <= stage.venue.now.ms)
      #expect(try count("1m") >= 4980)
      #expect(ending.out.contains("no gaps"), "\(ending.out)")
    }

    @Test func areRefusedWhereTheyCannotBe() throws {
      for (arguments, code, words) in [
        (["--symbols", "BTX"], 64, "Did you mean BTC?"),
        (["--from", "2026-01-01"], 64, "`retention`"),
        (["--provider", "venus"], 64, "did you mean venue?"),
      ] {
        let ending = try stage.command(["market", "fetch"] + arguments)
        #expect(ending.code == code, "\(arguments): \(ending.error)")
        #expect(ending.error.contains(words), "\(ending.error)")
      }
      stage.venue.stop()
      // A closed port: it is tried for some seconds.
      let files = try MarketFolder(stage.stage.folder.appending(path: "old"), seed: 1)
      try files.write(
        ["1753056000000,1,1,1,1,1"], header: "timestamp_ms,open,high,low,close,volume",
        to: "BTC-1m.csv")
      let old = try stage.command(["market", "import", "--provider", "venue", files.folder.path])
      #expect(old.code == 74 && old.error.contains("`retention`"), "\(old.error)")
    }
  }
}
