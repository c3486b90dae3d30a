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
    }
  }
}
