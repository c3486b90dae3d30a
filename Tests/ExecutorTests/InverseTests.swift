import Executor
import Testing
import Trading

@Suite("The opposite of a peer")
struct InverseTests {
  private static func decide(_ decisions: [Decision]) throws -> [Decision] {
    try Scene(
      kind: .inverseOf(try #require(TraderID("peer"))),
      peer: PeerView(decisions: decisions, opens: 0, invocations: 1)
    ).decisions()
  }

  private static func entry(
    _ action: DecisionAction, stop: String?, target: String?
  ) throws -> Decision {
    Decision(
      action, coin: try Scene.coin("BTC"), leverage: 3, positionSize: USD(whole: 1_000),
      entryPrice: try Scene.price("100000"), stopLoss: try stop.map(Scene.price),
      takeProfit: try target.map(Scene.price), confidence: 80, reasoning: "Up.")
  }

  @Test(
    "sides swap, stop and target are reflected at the entry",
    arguments: [
      (.buyToEnter, "98500", "103000", .sellToEnter, "101500", "97000"),
      (.sellToEnter, "101500", "97000", .buyToEnter, "98500", "103000"),
      (.buyToEnter, nil, nil, .sellToEnter, nil, nil),
      // What would lie at or below zero is left out.
      (.buyToEnter, "50000", "200000", .sellToEnter, "150000", nil),
      (.buyToEnter, "50000", "250000", .sellToEnter, "150000", nil),
    ] as [(DecisionAction, String?, String?, DecisionAction, String?, String?)])
  func mirrors(
    action: DecisionAction, stop: String?, target: String?, expected: DecisionAction,
    mirroredStop: String?, mirroredTarget: String?
  ) throws {
    let mirrored = try #require(
      try Self.decide([Self.entry(action, stop: stop, target: target)]).first)

    #expect(mirrored.action == expected)
    #expect(mirrored.stopLoss?.description == mirroredStop)
    #expect(mirrored.takeProfit?.description == mirroredTarget)
    #expect(mirrored.positionSize == USD(whole: 1_000))
    #expect(mirrored.leverage == 3)
    #expect(mirrored.confidence == 80)
    #expect(mirrored.reasoning == "The opposite of peer: Up.")
  }

  @Test func closesAndHoldsWithItsPeer() throws {
    let btc = try Scene.coin("BTC")

    let decisions = try Self.decide([
      Decision(.close, coin: btc), Decision(.hold, coin: btc),
      Decision(.updateProtection, coin: btc),
    ])

    #expect(decisions.map(\.action) == [.close, .hold])
  }

  @Test func holdsWhenThePeerDecidedNothing() throws {
    #expect(try Self.decide([]).map(\.action) == [.hold])
    #expect(try Self.decide([]).map(\.reasoning) == ["peer decided nothing."])
    let scene = Scene(kind: .inverseOf(try #require(TraderID("peer"))))
    #expect(try scene.words() == ["hold -"])
  }
}

@Suite("What an entry of a rule looks like")
struct BracketTests {
  private static func entry(_ scene: Scene, _ name: String) throws -> Decision {
    let coin = try Scene.coin(name)
    return try #require(try scene.decisions().first { $0.coin == coin })
  }

  /// Margin of 60 % of 9,000 over three positions, nine tenths of it: 1,620 USD.
  ///
  /// BTC at 3x: 4,860; SOL at 2x: 3,240. Stops at 200 bps; targets at 200 · 1.5 · 1.2 + 40 = 400.
  @Test func sizesStopsAndTargets() throws {
    let scene = Scene(kind: .momentum, moves: ["BTC": 1, "ETH": 0, "SOL": -1])

    let long = try Self.entry(scene, "BTC")
    let short = try Self.entry(scene, "SOL")

    #expect(long.positionSize?.description == "4860")
    #expect(long.leverage == 3)
    #expect(long.entryPrice?.description == "100000")
    #expect(long.stopLoss?.description == "98000")
    #expect(long.takeProfit?.description == "104000")
    #expect(short.positionSize?.description == "3240")
    #expect(short.leverage == 2)
    #expect(short.stopLoss?.description == "204")
    #expect(short.takeProfit?.description == "192")
  }

  /// One position: margin 5,400 · 0.9 = 4,860, at 3x 14,580; the limit is 5,000.
  @Test func theGreatestPositionIsALimit() throws {
    let scene = Scene(kind: .momentum, moves: ["BTC": 1], maxPositions: 1)

    #expect(try Self.entry(scene, "BTC").positionSize == USD(whole: 5_000))
  }

  /// The reward is worth the risk after 4.5 bps at both ends and 5 bps of slippage:
  /// with entry e = p · 1.0005 for a long, (t − e − f) / (e − s + g) for fees f and g.
  @Test(arguments: ["0.5", "1", "1.5", "2", "3", "5", "9"])
  func theTargetIsWorthTheRiskAfterFees(least: String) throws {
    let ratio = try #require(Double(least))
    for moves in [["BTC": 1.0], ["BTC": -1.0]] {
      let decision = try Self.entry(
        Scene(kind: .momentum, moves: moves, minRewardRisk: least), "BTC")
      let mid = 100_000.0
      let isLong = decision.action == .buyToEnter
      let entry = isLong ? mid * 1.0005 : mid * 0.9995
      let stop = try #require(decision.stopLoss).double
      let target = try #require(decision.takeProfit).double
      let reward = abs(target - entry) - 0.00045 * (entry + target)
      let risk = abs(entry - stop) + 0.00045 * (entry + stop)
      #expect(reward / risk >= ratio, "\(decision.action): \(reward / risk)")
    }
  }
}
