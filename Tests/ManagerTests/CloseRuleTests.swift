import Manager
import Market
import Testing
import Trading

@Suite("Closes and protections")
struct CloseRuleTests {
  // A long of 2 coins bought at 100; minimum 10 USD, lot 0.001.
  @Test(
    "closes a share and leaves nothing too small to trade",
    arguments: [
      ("1", "100", "2", nil), ("0.5", "100", "1", nil),
      // 2 · 0.33333 = 0.66666, down to the lot.
      ("0.33333", "100", "0.666", nil),
      // 0.102 coins stay: 10.2 USD at 100, 9.18 at 90.
      ("0.949", "100", "1.898", nil), ("0.949", "90", "2", "close_fraction"),
    ] as [(String, String, String, String?)])
  func closesAShare(fraction: String, mark: String, size: String, clamp: String?) throws {
    let state = try Make.state(
      coins: [Make.snapshot("SOL", mid: mark)], positions: [Make.held()])

    let result = Admission.review([try close(fraction: fraction)], in: state)

    #expect(result.closes.first?.request.size == (try Make.size(size)))
    #expect(result.entries.first?.notes.map(\.rule) == (clamp.map { [$0] } ?? []))
  }

  @Test(
    "refuses a share that is none",
    arguments: ["0", "-0.5", "1.00000001", "0.0001"])
  func refusesAShare(fraction: String) throws {
    let result = Admission.review(
      [try close(fraction: fraction)], in: try Make.state(positions: [Make.held()]))

    #expect(result.entries.first?.notes.map(\.rule) == ["close_fraction"])
  }

  @Test("closes the side that is meant", arguments: [PositionSide.long, .short])
  func closesTheSideThatIsMeant(side: PositionSide) throws {
    var decision = try close()
    decision.closedSide = side

    let result = Admission.review([decision], in: try Make.state(positions: [Make.held()]))

    #expect(
      result.entries.first?.notes
        == (side == .long
          ? []
          : [
            RuleNote(
              rule: "no_position", text: "no short position in SOL is open, only a long one")
          ]))
  }

  @Test func refusesToCloseWhatIsNotHeld() throws {
    let result = Admission.review([try close()], in: try Make.state())

    #expect(
      result.entries.first?.notes
        == [RuleNote(rule: "no_position", text: "no position in SOL is open")])
  }

  @Test func refusesToCloseAnUnknownCoin() throws {
    let result = Admission.review([try close("DOGE")], in: try Make.state())

    #expect(result.entries.first?.notes.map(\.rule) == ["symbol_unknown"])
  }

  @Test func closesWithoutAQuote() throws {
    let state = try Make.state(coins: [], positions: [Make.held()]) {
      $0.instruments[try Make.coin("SOL")] = try Make.instrument("SOL")
      try $0.setGuards { $0.minHold = .hours(3) }
    }

    let result = Admission.review([try close()], in: state)

    #expect(result.entries.first?.verdict == .accepted)
  }

  @Test(
    "holds a close back before min_hold while the price moved little",
    arguments: [
      (PositionSide.long, 59, "100", true), (.long, 60, "100", false),
      (.long, 1, "97.01", true), (.long, 1, "97", false),
      (.long, 1, "107.99", true), (.long, 1, "108", false),
      (.short, 1, "102.99", true), (.short, 1, "103", false),
      (.short, 1, "92.01", true), (.short, 1, "92", false),
    ] as [(PositionSide, Int64, String, Bool)])
  func throttlesHolds(side: PositionSide, minutes: Int64, mark: String, isHeld: Bool) throws {
    let state = try Make.state(
      coins: [Make.snapshot("SOL", mid: mark)],
      positions: [Make.held("SOL", side, age: .minutes(minutes))]
    ) { try $0.setGuards { $0.minHold = .hour } }

    let result = Admission.review([try close()], in: state)

    #expect(result.entries.first?.notes.map(\.rule) == (isHeld ? ["throttle_hold"] : []))
  }

  // The position has stop 90 and target 130 (long) or 110 and 70 (short); mark 100.
  @Test(
    "judges a new protection against the mark",
    arguments: [
      (PositionSide.long, "95", nil, nil), (.long, nil, "140", nil), (.long, "95", "140", nil),
      (.long, "100", nil, "geometry"), (.long, nil, "100", "geometry"),
      (.short, "105", "95", nil), (.short, "99", nil, "geometry"),
      (.short, nil, "101", "geometry"), (.long, nil, nil, "fields_missing"),
      (.long, "5", "92233720368", "not_finite"),
    ] as [(PositionSide, String?, String?, String?)])
  func judgesProtections(
    side: PositionSide, stop: String?, target: String?, rule: String?
  ) throws {
    let isLong = side == .long
    let held = try Make.held(
      "SOL", side, stop: isLong ? "90" : "110", target: isLong ? "130" : "70")

    let result = Admission.review(
      [try protect(stop: stop, target: target)], in: try Make.state(positions: [held]))

    #expect(result.entries.first?.notes.map(\.rule) == (rule.map { [$0] } ?? []))
    guard rule == nil else { return }
    let plan = try #require(result.protections.first?.request.plan)
    #expect(plan.stop == (try stop.map(Make.price) ?? held.exitPlan.stop))
    #expect(plan.target == (try target.map(Make.price) ?? held.exitPlan.target))
  }

  @Test func refusesProtectionOfNothingUnknownOldOrBroken() throws {
    let old = try Make.state(
      coins: [Make.snapshot("SOL", age: .hours(1))], positions: [Make.held()])
    var broken = try protect(stop: nil, target: "140")
    broken.malformedFields = ["stop_loss"]

    let rules = [
      Admission.review([try protect(stop: "95")], in: try Make.state()),
      Admission.review([try protect("DOGE", stop: "95")], in: try Make.state()),
      Admission.review([try protect(stop: "95")], in: old),
      Admission.review([broken], in: try Make.state(positions: [Make.held()])),
    ].map { $0.entries.first?.notes.first?.rule }

    #expect(rules == ["no_position", "symbol_unknown", "symbol_stale", "not_finite"])
  }

  @Test func protectsTheRestOfAPartialCloseButNotOfAFullOne() throws {
    let state = try Make.state(positions: [Make.held()])

    let part = Admission.review([try close(fraction: "0.5"), try protect(stop: "99")], in: state)
    let all = Admission.review([try close(), try protect(stop: "99"), try close()], in: state)

    #expect(part.entries.map(\.verdict.label) == ["accepted", "accepted"])
    #expect(
      all.entries.map { $0.notes.first?.rule } == [nil, "duplicate_symbol", "duplicate_symbol"])
  }

  private func close(_ coin: String = "SOL", fraction: String = "1") throws -> Decision {
    Decision(.close, coin: try Make.coin(coin), closeFraction: try Make.factor(fraction))
  }

  private func protect(
    _ coin: String = "SOL", stop: String? = nil, target: String? = nil
  ) throws -> Decision {
    Decision(
      .updateProtection, coin: try Make.coin(coin), stopLoss: try stop.map(Make.price),
      takeProfit: try target.map(Make.price))
  }
}
