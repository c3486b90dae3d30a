import Manager
import Market
import Testing
import Trading

@Suite("Closes are never in the way of anything")
struct ClosePropertyTests {
  private static let names = ["BTC", "ETH", "SOL", "XRP"]

  @Test("a close comes out as it would alone", arguments: UInt64(1)...8)
  func aCloseIsJudgedAlone(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var closed = 0
    for round in 0..<200 {
      let held = try Self.names.filter { _ in random.below(2) == 0 }.map { name in
        try Make.held(
          name, random.below(2) == 0 ? .long : .short, age: .minutes(Int64(random.below(120))))
      }
      let hold: Span? = random.below(2) == 0 ? nil : .hour
      let state = try anyState(held, minHold: hold, &random)
      let closes = try held.map {
        Decision(
          .close, coin: $0.coin,
          closeFraction: try Make.factor(["1", "0.5", "0.9999"][random.below(3)]))
      }
      let opens = try (0..<random.below(6)).map { _ in
        try random.below(2) == 0
          ? Make.buy(Self.names[random.below(4)], confidence: 100)
          : Make.sell(Self.names[random.below(4)], confidence: 100)
      }

      let result = Admission.review((opens + closes).shuffled(using: &random), in: state)

      let place: Comment = "seed \(seed), round \(round)"
      for decision in closes {
        let fresh = try Self.names.map { try Make.snapshot($0) }
        let alone = try Make.state(coins: fresh, positions: held) {
          try $0.setGuards { $0.minHold = hold }
        }
        let expected = try #require(Admission.review([decision], in: alone).entries.first)
        let found = try #require(result.entries.first { $0.decision == decision }, place)
        #expect(found.verdict == expected.verdict, place)
        if hold == nil { #expect(found.action != nil, place) }
        closed += found.action == nil ? 0 : 1
      }
    }
    #expect(closed > 100, "seed \(seed) closed \(closed): too few to mean anything")
  }

  @Test(
    "one bad decision of five leaves four", arguments: 0..<5)
  func oneBadOfFiveLeavesFour(bad: Int) throws {
    let names = ["BTC", "ETH", "SOL", "XRP", "BNB"]
    let state = try Make.state(coins: names.map { try Make.snapshot($0) }) {
      $0.trader = try Make.trader(coins: names)
      try $0.setRisk { $0.maxPositions = 5 }
    }
    let decisions = try names.enumerated().map {
      try Make.buy($0.element, stop: $0.offset == bad ? "101" : "95")
    }

    let result = Admission.review(decisions, in: state)

    #expect(result.entries.filter { $0.verdict == .accepted }.count == 4)
    #expect(result.entries.filter { $0.action == nil }.map(\.index) == [bad])
  }

  /// Anything that may stop entries: old prices, limits of nothing, blocks, bars, no money.
  private func anyState(
    _ held: [Exposure], minHold: Span?, _ random: inout SeededGenerator
  ) throws -> AdmissionState {
    let old = Set(Self.names.filter { _ in random.below(3) == 0 })
    let coins = try Self.names.map {
      try Make.snapshot($0, age: old.contains($0) ? .hour : .zero)
    }
    return try Make.state(coins: coins, positions: held) {
      $0.equity = USD(whole: Int64(random.below(2000)) - 500)
      $0.free = USD(whole: Int64(random.below(2000)) - 500)
      $0.marginUsed = USD(whole: Int64(random.below(2000)))
      $0.opensWithinHour = random.below(4)
      $0.newThisCycle = random.below(4)
      if random.below(2) == 0 { $0.blocks.global = "x" }
      if random.below(2) == 0 { $0.blocks.killSwitch = "x" }
      if random.below(2) == 0 { $0.blocks.isolation = "x" }
      if random.below(2) == 0 { $0.blocks.reductionsOnly = "x" }
      for exposure in held where random.below(3) == 0 {
        $0.barred[exposure.coin] = "x"
        $0.lastClosedAt[exposure.coin] = Make.now
      }
      try $0.setRisk {
        $0.maxPositions = 1 + random.below(3)
        $0.maxRisk = Pct(whole: Int64(random.below(3)))
        $0.maxMarginUsage = Pct(whole: Int64(random.below(50)))
        $0.allowsScaleIn = random.below(2) == 0
        $0.sizing = SizingSpec(method: SizingMethod.allCases[random.below(4)])
      }
      try $0.setGuards {
        $0.minHold = minHold
        $0.maxOpensPerHour = 1 + random.below(3)
        $0.maxTotal = Pct(whole: Int64(random.below(100)))
        $0.maxCorrelated = Pct(whole: Int64(random.below(100)))
        $0.cooldownAfterClose = .hour
      }
    }
  }
}
