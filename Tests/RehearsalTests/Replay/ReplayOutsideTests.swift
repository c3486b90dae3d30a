import Foundation
import ModelStandIn
import Testing
import VenueStandIn
import Trading
import VenueStandIn

extension RehearsalSuite {
  @Suite("Cycles that asked others, done again without them")
  struct ReplaysOfTheOutside {
    typealias Contestant = ModelsStage.Contestant

    @Test func modelsBehindANetworkAreNotAskedAgain() throws {
      let stage = try ModelsStage(
        ModelScript(parts: [
          "buys": [
            .says("{\"decisions\":[]}"), Turn(.answer(Reply(.decision(.enter(coin: "SOL"))))),
          ],
          "repeats": [
            .says("well"), .says("{\"decisions\":[]}"), .says("hm"),
            Turn(.answer(Reply(.decision(.enter(coin: "BTC"))))),
          ],
          "fails": [Turn(.failure(status: 400, message: "no such model"))],
          "page": [Turn(.page(status: 200))],
        ]))
      try stage.configure(["buys", "repeats", "fails", "page"].map { Contestant($0) })
      for minute in ["00", "03", "06", "09"] {
        try stage.cycle(at: "2025-01-01T00:\(minute)Z")
      }
      let asked = stage.server.total.requests
      stage.server.stop()

      let replayed = try stage.run(["replay", "--all"])

      #expect(asked > 0 && stage.server.total.requests == asked)
      #expect(replayed.code == 0, "\(replayed.out)\(replayed.error)")
      #expect(replayed.out == "4 cycles, 16 records: identical.\n")
    }

    @Test func aRealVenueIsNotAskedAgain() throws {
      let stage = try VenueStage([
        VenueStage.Entrant(id: "one", coin: "BTC"), VenueStage.Entrant(id: "two", coin: "ETH"),
      ])
      let wishes: [[VenueStage.Wish]] = [
        [], [.open(isLong: true, usd: 1000, leverage: 2, stopPct: 4, targetPct: 9)], [],
        [.close(fraction: 0.5)], [.close(fraction: 1)], [],
      ]
      for wish in wishes {
        try stage.tell("one", wish)
        stage.pass(minutes: 3)
        let ending = try stage.cycle()
        try #require(ending.code == 0, "\(ending.out)\(ending.error)")
      }
      stage.venue.stop()

      let replayed = try stage.stage.run("replay", "--all")

      #expect(replayed.code == 0, "\(replayed.out)\(replayed.error)")
      #expect(replayed.out == "6 cycles, 12 records: identical.\n")
      let journal = try stage.stage.shell("zcat $STATE/journal/*/*.gz").out
      #expect(!journal.contains(VenueStage.key.dropFirst(2)))
    }
  }
}
