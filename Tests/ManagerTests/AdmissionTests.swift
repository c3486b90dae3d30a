import Manager
import Market
import Testing
import Trading

@Suite("Admission")
struct AdmissionTests {
  @Test func aSecondOpenSeesTheMarginOfTheFirst() throws {
    // 60 USD free: the first takes 40, so the second has 20 at 5x, 100 USD, one coin.
    let state = try Make.state { $0.free = USD(whole: 60) }

    let result = Admission.review(
      [try Make.buy("SOL", confidence: 75), try Make.buy("BTC", confidence: 90)], in: state)

    #expect(result.opens.map(\.request.coin.name) == ["BTC", "SOL"])
    #expect(result.opens.map(\.request.size.description) == ["2", "1"])
    #expect(result.entries.map(\.index) == [1, 0])
    #expect(result.state.free == .zero)
    #expect(result.state.marginUsed == USD(whole: 60))
    #expect(
      result.entries[1].notes == [
        RuleNote(
          rule: "free_margin",
          text: "200 USD (2 SOL) → 100 USD (1 SOL), as free margin is 20 USD")
      ])
  }

  @Test func oneBadDecisionOfFiveLeavesFour() throws {
    let state = try Make.state(positions: [Make.held("XRP")]) {
      $0.instruments[try Make.coin("XRP")] = try Make.instrument("XRP")
      try $0.setRisk { $0.maxPositions = 4 }
    }

    let result = Admission.review(
      [
        try Make.buy("SOL"), try Make.buy("DOGE"), try Make.buy("BTC"),
        Decision(.hold, coin: nil), Decision(.close, coin: try Make.coin("XRP")),
      ], in: state)

    #expect(
      result.entries.map { "\($0.index) \($0.verdict.label)" } == [
        "4 accepted", "2 accepted", "1 rejected", "0 accepted", "3 hold",
      ])
  }

  @Test func ordersClosesProtectionsOpensAndHolds() throws {
    let decisions = [
      Decision(.hold, coin: try Make.coin("BTC"), confidence: 100),
      try Make.buy("SOL", confidence: 80), try Make.buy("BTC", confidence: 80),
      try Make.buy("ETH", confidence: 90),
      Decision(.updateProtection, coin: try Make.coin("SOL")),
      Decision(.close, coin: try Make.coin("SOL"), confidence: 0),
      Decision(.close, coin: try Make.coin("BTC"), confidence: 0),
    ]

    let result = Admission.review(decisions, in: try Make.state())

    #expect(result.entries.map(\.index) == [6, 5, 4, 3, 2, 1, 0])
  }

  @Test func closesAreNeverBlockedByWhatBlocksOpens() throws {
    let state = try Make.state(
      coins: [Make.snapshot("SOL", age: .hours(9))], positions: [Make.held()]
    ) {
      $0.blocks = EntryBlocks(
        global: "x", killSwitch: "x", isolation: "x", reductionsOnly: "x")
      $0.equity = .zero
      $0.free = .zero
      $0.barred[try Make.coin("SOL")] = "unresolved order"
      try $0.setRisk { $0.maxPositions = 1 }
      $0.trader = try Make.trader(coins: ["BTC"])
    }

    let result = Admission.review(
      [try Make.buy("SOL", confidence: 99), Decision(.close, coin: try Make.coin("SOL"))],
      in: state)

    #expect(result.entries.map(\.verdict.label) == ["accepted", "rejected"])
    #expect(result.closes.first?.request.closesAll == true)
  }

  @Test func aCoinTakesOneOpenACycle() throws {
    let state = try Make.state { try $0.setRisk { $0.allowsScaleIn = true } }

    let result = Admission.review(
      [try Make.buy(confidence: 80), try Make.sell(confidence: 90), try Make.buy(confidence: 70)],
      in: state)

    #expect(result.entries.map(\.index) == [1, 0, 2])
    #expect(
      result.entries.map { $0.notes.last?.rule } == [nil, "duplicate_symbol", "duplicate_symbol"])
  }

  @Test func aRejectedDecisionDoesNotUseUpItsCoin() throws {
    let result = Admission.review(
      [try Make.buy(confidence: 90, stop: "101"), try Make.buy(confidence: 80)],
      in: try Make.state())

    #expect(result.entries.map(\.verdict.label) == ["rejected", "accepted"])
  }

  @Test func aCloseAndAnOpenOfOneCoinExcludeEachOther() throws {
    let result = Admission.review(
      [try Make.sell(), Decision(.close, coin: try Make.coin("SOL"))],
      in: try Make.state(positions: [Make.held()]))

    #expect(result.entries.map { $0.notes.last?.rule } == [nil, "duplicate_symbol"])
  }

  @Test func aDecisionThatNamesNoCoinIsRefused() throws {
    let result = Admission.review(
      [Decision(.close, coin: nil), Decision(.buyToEnter, coin: nil), Decision(.hold, coin: nil)],
      in: try Make.state())

    #expect(
      result.entries.map { $0.notes.last?.text } == ["missing: symbol", "missing: symbol", nil])
  }

  @Test func everyRuleIsDescribedWithItsNumbers() throws {
    let trader = try Make.trader(guards: ExecutionGuards(cooldownAfterClose: .minutes(10)))

    let lines = AdmissionTable.describe(for: trader)

    let texts = Dictionary(lines.map { ($0.id, $0.text) }) { first, _ in first }
    #expect(texts["confidence_low"] == "Confidence must be at least min_confidence (70).")
    #expect(
      texts["cooldown"]
        == "A coin takes no entry within cooldown_after_close (10m) of its last close.")
    #expect(
      texts["max_asset"] == "The notional in one coin is cut to max_asset_pct (off) of equity.")
    // Entries, closes, protections, clashes, accounts.
    #expect(lines.count == 33 + 5 + 9 + 4 + 5)
    #expect(Set(AdmissionTable.entry.map(\.id)).count == AdmissionTable.entry.count)
  }

  @Test func promptsAreToldOfTheRulesInForce() throws {
    let trader = try Make.trader(guards: ExecutionGuards(cooldownAfterClose: .minutes(10)))

    let lines = AdmissionTable.inForce(for: trader)

    #expect(lines.contains { $0.id == "cooldown" })
    #expect(!lines.contains { ["max_asset", "max_total", "throttle_hold"].contains($0.id) })
    #expect(Set(lines.map { "\($0.id) \($0.text)" }).count == lines.count)
    #expect(
      lines.filter { $0.id == "no_position" }.map(\.text) == [
        "(close) close needs an open position of yours in that coin.",
        "(update_protection) update_protection needs an open position of yours in that coin.",
      ])
  }

  @Test func roundsTowardsTheSideThatRisksLess() throws {
    // Grid of three decimals: the stop moves up and the target down for a long.
    let result = Admission.review(
      [try Make.buy(stop: "95.00001", target: "119.99"), try Make.sell("BTC", stop: "104.99999")],
      in: try Make.state())

    let wishes = result.opens.map(\.request)
    #expect(wishes.map { $0.stop?.description } == ["104.99", "95.001"])
    #expect(wishes.map { $0.target?.description } == ["80", "119.99"])
  }
}
