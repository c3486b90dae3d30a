import Foundation
import Testing
import Trading
import VenueStandIn

extension RehearsalSuite {
  /// Requests cost weight, of which an address has 1200 per minute.
  @Suite("What a run costs at the venue")
  struct VenueRates {
    private static let coins = ["BTC", "ETH", "SOL", "DOGE", "XRP", "BNB"]

    /// Six traders with a coin each, who look at 3-minute and 4-hour candles.
    private static func stage() throws -> VenueStage {
      try VenueStage(
        coins.map { VenueStage.Entrant(id: $0.lowercased(), coin: $0) }, isMoving: true)
    }

    /// The weight of a run three minutes later, and what was asked.
    private static func weight(_ stage: VenueStage, _ note: String) throws -> (Int, String) {
      let before = stage.venue.weightUsed
      let asked = stage.venue.receivedQuestions.count
      try stage.next(note)
      let questions = stage.venue.receivedQuestions.dropFirst(asked)
      let kinds = Dictionary(grouping: questions, by: \.type).sorted { $0.key < $1.key }
        .map { "\($0.key) \($0.value.count)× \($0.value.reduce(0) { $0 + $1.weight })" }
      return (stage.venue.weightUsed - before, kinds.joined(separator: ", "))
    }

    /// Flat and with two protected positions; with six, and where an hour's funding is read, it is
    /// a little more.
    @Test func isAtMost150OnAWarmStore() throws {
      let stage = try Self.stage()
      try stage.next("cold")
      let timeframes = try stage.books.texts(
        "SELECT DISTINCT timeframe FROM market_candles ORDER BY timeframe")
      #expect(timeframes.count >= 2, "\(timeframes)")
      for (positions, most) in [(0, 150), (2, 150), (6, 170)] {
        for coin in Self.coins.prefix(positions) where stage.heldAtVenue[coin] == nil {
          try stage.tell(coin.lowercased(), [.long])
        }
        try stage.next("opening \(positions)")
        for coin in Self.coins { try stage.tell(coin.lowercased(), []) }
        #expect(stage.heldAtVenue.count == positions)
        for run in 1...4 {
          let (weight, asked) = try Self.weight(stage, "\(positions) positions, run \(run)")
          #expect(weight <= most, "\(positions) positions, run \(run): \(asked)")
        }
      }
      stage.pass(minutes: 9)
      let (weight, asked) = try Self.weight(stage, "at the full hour")
      #expect(weight <= 210, "\(stage.venue.now): \(asked)")
      try stage.expectWhole("at the end")
    }

    /// From every request of a run on, the venue answers 429: what was decided is carried out at
    /// most once, and at the next run the books are the venue's.
    @Test func beyondTheLimitLosesNoOrder() throws {
      let stage = try VenueStage([
        VenueStage.Entrant(id: "one", coin: "BTC"), VenueStage.Entrant(id: "two", coin: "ETH"),
      ])
      try stage.next("the first")
      for nth in 0..<24 {
        let isFlat = stage.heldAtVenue.isEmpty
        for id in ["one", "two"] { try stage.tell(id, [isFlat ? .long : .close(fraction: 1)]) }
        stage.venue.inject(.rateLimited, on: .any, nth: nth, times: 10_000)
        stage.pass(minutes: 3)
        try stage.cycle()
        stage.venue.clearFaults()
        for id in ["one", "two"] { try stage.tell(id, []) }
        try stage.next("after 429 from request \(nth) on")
        try stage.expectWhole("after 429 from request \(nth) on")
      }
    }

    /// The venue itself counts: run upon run within one minute, with orders in each of them.
    @Test func withinAMinuteLosesNoOrder() throws {
      let stage = try Self.stage()
      try stage.next("the first")
      stage.venue.freeze(true)
      stage.venue.enforceWeight(true)
      for run in 0..<12 {
        for coin in Self.coins {
          let isHeld = stage.heldAtVenue[coin] != nil
          try stage.tell(coin.lowercased(), [isHeld ? .close(fraction: 1) : .long])
        }
        try stage.cycle(fault: nil, "--force")
        #expect(stage.venue.weightUsed > 0, "\(run)")
      }
      #expect(stage.venue.receivedQuestions.contains { $0.status == 429 })
      stage.venue.freeze(false)
      for coin in Self.coins { try stage.tell(coin.lowercased(), []) }
      try stage.next("a minute later")
      try stage.expectWhole("a minute later")
    }
  }
}
