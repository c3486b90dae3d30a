import Executor
import Testing
import Trading

@Suite("The rules of the control traders")
struct BaselineTests {
  @Test func flatHolds() throws {
    var scene = Scene(kind: .flat, moves: ["BTC": 9, "ETH": -9])
    #expect(try scene.words() == ["hold -"])
    scene.positions = [("BTC", .long)]
    #expect(try scene.words() == ["hold -"])
  }

  // MARK: Buy and hold

  /// 98 % of 9,000 are 8,820, a third of that 2,940.
  @Test func buyAndHoldBuysEqualSharesOfEveryCoin() throws {
    let decisions = try Scene(kind: .buyAndHold).decisions()

    #expect(decisions.map(\.action) == [.buyToEnter, .buyToEnter, .buyToEnter])
    #expect(decisions.map { $0.positionSize?.description } == ["2940", "2940", "2940"])
    #expect(decisions.map(\.leverage) == [1, 1, 1])
    // Limits that demand a stop and a target get them half-way down and 250 % up.
    #expect(decisions.map { $0.stopLoss?.description } == ["50000", "2000", "100"])
    #expect(decisions.map { $0.takeProfit?.description } == ["350000", "14000", "700"])
  }

  @Test func buyAndHoldNeedsNoProtectionWhereNoneIsDemanded() throws {
    let decisions = try Scene(kind: .buyAndHold, needsProtection: false).decisions()

    #expect(decisions.allSatisfy { $0.stopLoss == nil && $0.takeProfit == nil })
  }

  @Test func buyAndHoldKeepsWhatItHasAndNeverBuysAgain() throws {
    let scene = Scene(kind: .buyAndHold, positions: [("ETH", .long)], closed: ["BTC"])

    #expect(try scene.words() == ["hold ETH", "buy_to_enter SOL"])
  }

  /// With 1,000 USD free the late coin gets 98 % of that, not a third of everything.
  @Test func buyAndHoldBuysALateCoinWithWhatIsLeft() throws {
    let scene = Scene(
      kind: .buyAndHold, positions: [("BTC", .long), ("ETH", .long)],
      available: USD(whole: 1_000))

    #expect(try scene.decisions().last?.positionSize?.description == "980")
  }

  @Test func buyAndHoldWaitsForAPrice() throws {
    let scene = Scene(kind: .buyAndHold, prices: ["BTC": "100000"])

    #expect(try scene.words() == ["buy_to_enter BTC"])
  }

  // MARK: EMA cross

  private static let rising = (1...60).map { 100_000 + Double($0) }
  private static let falling = (1...60).map { 100_000 - Double($0) }

  @Test(
    "the averages decide",
    arguments: [
      (rising, nil, ["buy_to_enter BTC"]), (falling, nil, ["sell_to_enter BTC"]),
      (rising, .long, ["hold BTC"]), (rising, .short, ["close BTC"]),
      (falling, .short, ["hold BTC"]), (falling, .long, ["close BTC"]),
      // 49 closes make no average of 50; what is held stays as it is.
      (Array(rising.prefix(49)), nil, []), (Array(falling.prefix(49)), .long, []),
      ([], nil, []),
    ] as [([Double], PositionSide?, [String])])
  func emaCross(closes: [Double], held: PositionSide?, expected: [String]) throws {
    var scene = Scene(kind: .emaCross(.standard), closes: ["BTC": closes])
    if let held { scene.positions = [("BTC", held)] }

    #expect(try scene.words() == expected)
  }

  // MARK: Momentum

  @Test(
    "the strongest and the weakest",
    arguments: [
      (["BTC": 1.0, "ETH": 0.5, "SOL": -2.0], [], ["buy_to_enter BTC", "sell_to_enter SOL"]),
      (["BTC": 0.4, "ETH": 0.1, "SOL": -0.4], [], ["buy_to_enter BTC", "sell_to_enter SOL"]),
      (["BTC": 0.39, "ETH": 0.1, "SOL": -0.39], [], []),
      (["BTC": 3.0, "ETH": 2.0, "SOL": 1.0], [], ["buy_to_enter BTC"]),
      (["BTC": -3.0, "ETH": -2.0, "SOL": -1.0], [], ["sell_to_enter BTC"]),
      // Ties go by name.
      (["BTC": 1.0, "ETH": 1.0, "SOL": 1.0], [], ["buy_to_enter BTC"]),
      // What is held is not entered again, and leaves once its move has turned.
      (["BTC": 1.0], [("BTC", .long)], ["hold BTC"]),
      (["BTC": -0.01], [("BTC", .long)], ["close BTC"]),
      (["BTC": 0.0], [("BTC", .long)], ["hold BTC"]),
      (["BTC": 0.01], [("BTC", .short)], ["close BTC"]),
      (["BTC": -1.0], [("BTC", .short)], ["hold BTC"]),
      // Nothing is known of it: nothing is done with it.
      ([:], [("BTC", .short)], []),
    ] as [([String: Double], [(String, PositionSide)], [String])])
  func momentum(
    moves: [String: Double], held: [(String, PositionSide)], expected: [String]
  ) throws {
    let scene = Scene(
      kind: .momentum, moves: moves, positions: held.map { (coin: $0.0, side: $0.1) })

    #expect(try scene.words() == expected)
  }
}

@Suite("The yardstick for luck")
struct RandomEntriesTests {
  private static let kind = BaselineKind.random(seed: 7, sameTurnoverAs: nil)

  @Test func theSameSlotFlipsTheSame() throws {
    for slot: Int64 in 0..<200 {
      let scene = Scene(kind: Self.kind, slot: slot)
      #expect(try scene.decisions() == scene.decisions())
    }
  }

  @Test func seedsSlotsAndTradersFlipDifferently() throws {
    let here = try Self.entries(Scene(kind: Self.kind))
    let seed = try Self.entries(Scene(kind: .random(seed: 8, sameTurnoverAs: nil)))
    let trader = try Self.entries(Scene(kind: Self.kind, trader: "beta"))

    #expect(here != seed)
    #expect(here != trader)
    #expect(Set(here.map { $0 % 97 }).count > 20)
  }

  /// Of 10,000 turns 500 ± 3 · √(10,000 · 0.05 · 0.95) = 500 ± 65 open something; the seed is
  /// fixed, so the test cannot flicker.
  @Test func opensOnceInTwentyTurns() throws {
    let count = try Self.entries(Scene(kind: Self.kind), turns: 10_000).count

    #expect((435...565).contains(count), "\(count)")
  }

  /// A peer that opened 30 times in 100 turns: 1,200 of 4,000, ± 3 · √(4,000 · 0.3 · 0.7) = 87.
  @Test func opensAsOftenAsItsPeer() throws {
    let peer = PeerView(decisions: [], opens: 30, invocations: 100)
    var scene = Scene(kind: Self.kind, peer: peer)
    let count = try Self.entries(scene, turns: 4_000).count
    #expect((1_113...1_287).contains(count), "\(count)")

    scene.peer = PeerView(decisions: [], opens: 0, invocations: 0)
    #expect(try Self.entries(scene, turns: 500).isEmpty)
    scene.peer = PeerView(decisions: [], opens: 9, invocations: 3)
    #expect(try Self.entries(scene, turns: 100).count == 100)
  }

  /// A fifth of the chance of an entry, 1 %: 100 of 10,000, ± 3 · √99 = 30.
  @Test func positionsLast() throws {
    var closes = 0
    for slot: Int64 in 0..<10_000 {
      let scene = Scene(kind: Self.kind, slot: slot, positions: [("BTC", .long)])
      closes += try scene.words().count { $0 == "close BTC" }
    }

    #expect((70...130).contains(closes), "\(closes)")
  }

  @Test func neverEntersWhatItHolds() throws {
    let held: [(coin: String, side: PositionSide)] = [
      ("BTC", .long), ("ETH", .short), ("SOL", .long),
    ]
    #expect(try Self.entries(Scene(kind: Self.kind, positions: held), turns: 300).isEmpty)
  }

  /// The slots at which something is opened.
  private static func entries(_ scene: Scene, turns: Int64 = 2_000) throws -> [Int64] {
    let context = try scene.context()
    return (0..<turns).filter { slot in
      let moved = ExecutorContext(
        at: context.at, cycle: context.cycle, slot: slot, inceptionAt: context.inceptionAt,
        trader: context.trader, account: context.account, performance: context.performance,
        positions: context.positions, closedCoins: context.closedCoins, market: context.market,
        peer: context.peer)
      return Baseline.decisions(of: scene.kind, in: moved).contains {
        $0.action.entrySide != nil
      }
    }
  }
}
