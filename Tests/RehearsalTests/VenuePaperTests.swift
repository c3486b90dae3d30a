import Foundation
import Testing
import Trading
import VenueStandIn

extension RehearsalSuite {
  /// A simulated account on the real venue's prices.
  @Suite("Paper trading")
  struct VenuePaper {
    @Test func takesPricesFromTheVenueAndSendsItNothing() throws {
      let stage = try VenueDayStage(seed: 3)
      try Data("default: alpha\nproviders:\n  alpha: {type: sim}\n  beta: {type: sim}\n".utf8)
        .write(to: stage.stage.config.appending(path: "exchange.yaml"))
      for number in 1...20 {
        stage.venue.set(time: VenueDayStage.start + .minutes(3) * Int64(number))
        let price = try stage.mark("BTC")
        try stage.tell(
          number % 3 != 1
            ? "[]"
            : "[{\"symbol\":\"BTC\",\"signal\":\"buy_to_enter\",\"leverage\":3,"
              + "\"position_size_usd\":500,\"entry_price\":\(price),"
              + "\"stop_loss\":\(VenueDayStage.rounded(price * 0.97)),"
              + "\"take_profit\":\(VenueDayStage.rounded(price * 1.05)),"
              + "\"confidence\":80,\"reasoning\":\"told\"}]")
        // `--live` changes nothing where nothing is live.
        let ending = try stage.stage.finish(
          try number.isMultiple(of: 2) ? stage.start("run", "--live") : stage.start("run"))
        #expect(ending.code == 0, "run \(number): \(ending.out)\(ending.error)")
      }
      try stage.stage.expectWholeBooks("after twenty runs")
      #expect(try stage.books.number("SELECT count(*) FROM sim_fills") > 0)
      #expect(!stage.venue.receivedQuestions.isEmpty)
      #expect(stage.venue.receivedActions.map(\.type) == [])
      #expect(stage.venue.orders.isEmpty)

      // Without prices everybody is worth what they were worth last.
      let worth = try Self.worth(stage.stage.out)
      stage.venue.stop()
      let ending = try stage.stage.finish(try stage.start("run"))
      #expect(ending.code == 0, "\(ending.out)\(ending.error)")
      let later = try Self.worth(stage.stage.out)
      #expect(later.keys.sorted() == worth.keys.sorted() && worth.count == 5, "\(later)")
      for (id, equity) in worth {
        #expect(abs((later[id] ?? 0) - equity) < 1e-4, "\(id): \(equity), \(later[id] ?? 0)")
      }
    }

    /// The equity of every holder's newest row.
    private static func worth(_ out: URL) throws -> [String: Double] {
      struct Totals: Decodable {
        struct Row: Decodable {
          let model_id: String
          let dollar_equity: Double
        }
        let accountTotals: [Row]
      }
      let url = out.appending(path: "data/account-totals.json")
      let totals = try JSONDecoder().decode(Totals.self, from: Data(contentsOf: url))
      return Dictionary(totals.accountTotals.map { ($0.model_id, $0.dollar_equity) }) { $1 }
    }
  }
}
