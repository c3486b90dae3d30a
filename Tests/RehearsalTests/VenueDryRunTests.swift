import Foundation
import Testing
import Trading
import VenueStandIn

extension RehearsalSuite {
  @Suite("A dry run on a real venue")
  struct VenueDryRun {
    /// A way to a dry run, and what it says of why.
    struct Way: Sendable, CustomTestStringConvertible {
      let arguments: [String]
      let isLive: Bool
      let words: String
      var testDescription: String { words }

      static let all = [
        Way(arguments: ["--live", "--dry-run"], isLive: true, words: "dry run"),
        Way(arguments: [], isLive: true, words: "--live is missing on the command line"),
        Way(arguments: ["--live"], isLive: false, words: "exchange venue is not live"),
        Way(arguments: [], isLive: false, words: "exchange venue is not live"),
      ]
    }

    @Test(arguments: Way.all)
    func printsTheOrdersItWouldSignAndSendsNone(way: Way) throws {
      let stage = try VenueStage(settings: VenueStage.Settings(isLive: way.isLive))
      try stage.tell("one", [.long])

      let ending = try stage.command(["run"] + way.arguments)

      #expect(ending.code == 0, "\(ending.error)")
      // 1000 USD at 65000 less what the worst price costs: 0.015 BTC and a little.
      #expect(ending.out.contains("would send: "), "\(ending.out)")
      #expect(ending.out.contains("buy 0.015"), "\(ending.out)")
      #expect(ending.out.contains("62400"), "expected the stop 4 % below: \(ending.out)")
      #expect((ending.out + ending.error).contains(way.words), "\(ending.out)\(ending.error)")
      try expectNothingKept(stage)
    }

    @Test(arguments: Way.all)
    func tellsProgramsToo(way: Way) throws {
      let stage = try VenueStage(settings: VenueStage.Settings(isLive: way.isLive))
      try stage.tell("one", [.long])

      let ending = try stage.command(["run", "--format", "json"] + way.arguments)

      #expect(ending.code == 0, "\(ending.error)")
      let document = try JSONDocument(ending.out)
      let isDry: Bool = try document.value("dry_run")
      #expect(isDry)
      let orders: [[String: Any]] = try document.value("would_send")
      let order = try #require(orders.first)
      #expect(order["purpose"] as? String == "open")
      #expect(order["symbol"] as? String == "BTC")
      #expect(order["side"] as? String == "buy")
      #expect((order["client_order_id"] as? String)?.utf8.count == 34)
      try expectNothingKept(stage)
    }

    @Test func leavesAPositionAndItsRecordAlone() throws {
      let stage = try VenueStage()
      try stage.tell("one", [.long])
      try stage.next()
      let sent = stage.venue.receivedActions.count
      let held = stage.heldAtVenue
      let books = try stage.books.dump()
      let exports = try stage.stage.contents(of: stage.stage.out)
      try stage.tell("one", [.close(fraction: 1)])
      stage.pass(minutes: 3)

      let ending = try stage.command(["run"])

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("would send: "), "\(ending.out)")
      #expect(ending.out.contains("sell 0.015"), "\(ending.out)")
      #expect(stage.venue.receivedActions.count == sent)
      #expect(stage.heldAtVenue == held)
      #expect(try stage.books.dump() == books)
      #expect(try stage.stage.contents(of: stage.stage.out) == exports)
      try stage.cycle()
      #expect(stage.heldAtVenue == [:])
      try stage.expectWhole("closed by the run that is not dry")
    }

    @Test func needsNoKey() throws {
      var settings = VenueStage.Settings()
      settings.isLive = false
      settings.key = ""
      let stage = try VenueStage(settings: settings)
      try stage.tell("one", [.long])

      let ending = try stage.command(["run"])

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("would send: "), "\(ending.out)")
      try expectNothingKept(stage)
    }

    @Test func becomesLiveOnlyWithAKey() throws {
      var settings = VenueStage.Settings()
      settings.key = ""
      let stage = try VenueStage(settings: settings)
      try stage.tell("one", [.long])

      let ending = try stage.cycle()

      #expect(ending.code == 78)
      #expect(ending.error.contains("the variable VENUE_KEY is not set"), "\(ending.error)")
      #expect(stage.venue.receivedActions == [])
    }

    /// A dry run keeps what asking traders costs, which is nothing here.
    private func expectNothingKept(_ stage: VenueStage) throws {
      #expect(stage.venue.receivedActions == [])
      #expect(!stage.stage.exists(stage.stage.out))
      guard stage.stage.exists(stage.stage.database) else { return }
      #expect(try stage.books.dump() == [])
      for table in ["runs", "traders", "alerts", "market_candles"] {
        #expect(try stage.books.number("SELECT count(*) FROM \(table)") == 0, "\(table)")
      }
    }
  }
}
