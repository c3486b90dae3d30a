import Manager
import Market
import Testing
import Trading

// What rules must see beyond the decision itself. The usual state: equity and free margin 1000 USD,
// mid 100, no fee, no slippage, and a long of 200 USD (2 coins) at 5x, stop 95, target 120.
@Suite("Rules see the whole position")
struct RuleHoleTests {
  @Test(
    "a stop that was reached cannot be moved away",
    arguments: [
      (PositionSide.long, "89", "85", false), (.long, "90", "85", false),
      (.long, "90.001", "85", true), (.short, "111", "115", false), (.short, "109.99", "115", true),
    ] as [(PositionSide, String, String, Bool)])
  func aReachedStopStays(
    side: PositionSide, mark: String, stop: String, isMoved: Bool
  ) throws {
    let isLong = side == .long
    let held = try Make.held(
      "SOL", side, stop: isLong ? "90" : "110", target: isLong ? "130" : "70")
    let state = try Make.state(coins: [Make.snapshot("SOL", mid: mark)], positions: [held])
    let decision = Decision(
      .updateProtection, coin: try Make.coin("SOL"), stopLoss: try Make.price(stop))

    let result = Admission.review([decision], in: state)

    #expect(result.protections.isEmpty == !isMoved)
    #expect(result.entries.first?.notes.map(\.rule) == (isMoved ? [] : ["geometry"]))
  }

  @Test(
    "a stop may always come closer, whatever it still risks",
    arguments: [("90.001", nil), ("89.999", "risk_cap")] as [(String, String?)])
  func aStopMayComeCloser(stop: String, rule: String?) throws {
    // At 90 two coins lose 20 USD; 1 % of equity is 10.
    let state = try Make.state(positions: [Make.held()]) {
      try $0.setRisk { $0.maxRisk = Pct(whole: 1) }
    }
    let decision = Decision(
      .updateProtection, coin: try Make.coin("SOL"), stopLoss: try Make.price(stop))

    let result = Admission.review([decision], in: state)

    #expect(result.entries.first?.notes.map(\.rule) == (rule.map { [$0] } ?? []))
  }

  @Test func leverageFollowsTheNotionalOfTheWholePosition() throws {
    // 200 held and 200 more: 400 USD, where the venue allows 4x from 300 USD on.
    let coins = [try Make.snapshot("SOL", tiers: [(0, 40), (300, 4)])]
    let state = try Make.state(coins: coins, positions: [Make.held()]) {
      try $0.setRisk { $0.allowsScaleIn = true }
    }

    let result = Admission.review([try Make.buy()], in: state)

    #expect(
      result.entries.first?.notes == [
        RuleNote(
          rule: "leverage", text: "leverage 5x → 4x, the venue's maximum for 400 USD")
      ])
  }

  @Test func liquidationFollowsTheBackingOfTheWholePosition() throws {
    // 2 coins held on 5 USD of margin (40x) and 2 more at 20x (10 USD): 15 USD, maintenance
    // 400 / 80 = 5, so liquidation at 100 − 10 / 4 / 0.9875 = 97.47, above the stop 95. For the
    // stop 5 away it takes 5 · 4 · 0.9875 = 19.75 beyond maintenance, 24.75 in all; the new
    // part must bring 19.75: 10x brings 20, 11x only 18.2.
    let state = try Make.state(positions: [Make.held("BTC", margin: "5")]) {
      try $0.setRisk { $0.allowsScaleIn = true }
    }

    let result = Admission.review([try Make.buy("BTC", leverage: 20)], in: state)

    #expect(result.opens.first?.request.leverage == 10)
    #expect(result.entries.first?.notes.map(\.rule) == ["stop_past_liquidation"])
  }

  @Test func theLastCutIsFollowedByTheLiquidationOfWhatIsLeft() throws {
    // As before, but 300 USD in all coins leave 1 new coin: 3 coins, maintenance 3.75, and the stop
    // 5 away needs 5 · 3 · 0.9875 = 14.8125 beyond it, 18.5625 in all, 13.5625 from 100 USD: 7x.
    let state = try Make.state(positions: [Make.held("BTC", margin: "5")]) {
      try $0.setRisk { $0.allowsScaleIn = true }
      try $0.setGuards { $0.maxTotal = Pct(whole: 30) }
    }

    let result = Admission.review([try Make.buy("BTC", leverage: 10)], in: state)

    #expect(result.entries.first?.notes.map(\.rule) == ["max_total", "stop_past_liquidation"])
    #expect(result.opens.first?.request.size == (try Make.size("1")))
    #expect(result.opens.first?.request.leverage == 7)
  }

  @Test func aShortMeetsTheMinimumAtItsLimit() throws {
    // 75 bps below 100: a short of 10.2 USD is worth 0.102 · 99.25 = 10.12 USD at its limit. With
    // 300 bps it is 0.102 · 97 = 9.89 USD, below the venue's 10.
    let usual = Admission.review([try Make.sell(size: "10.2")], in: try Make.state())
    let wide = Admission.review(
      [try Make.sell(size: "10.2")],
      in: try Make.state { $0.trader = try Make.trader(slippage: Bps(whole: 300)) })

    #expect(usual.opens.count == 1)
    #expect(wide.entries.first?.notes.map(\.rule) == ["min_notional"])
  }

  @Test func aRestWithoutAQuoteIsValuedAtItsEntry() throws {
    // 0.05 of 2 coins bought at 100 are 10 USD, 0.049 of them 9.8 USD.
    let state = try Make.state(coins: [], positions: [Make.held()]) {
      $0.instruments[try Make.coin("SOL")] = try Make.instrument("SOL")
    }
    func closed(_ fraction: String) throws -> Quantity? {
      let decision = Decision(
        .close, coin: try Make.coin("SOL"), closeFraction: try Make.factor(fraction))
      return Admission.review([decision], in: state).closes.first?.request.size
    }

    #expect(try closed("0.95") == (try Make.size("1.9")))
    #expect(try closed("0.951") == (try Make.size("2")))
  }
}
