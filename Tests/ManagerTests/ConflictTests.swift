import Manager
import Market
import Testing
import Trading

// Lots of 0.0001 coins, mids of 100, no fee and no slippage: cost = notional / leverage, exactly.
// Traders rank in the order in which a story names them.
@Suite("Conflicts between traders of one account")
struct ConflictTests {
  @Test("opposite sides", arguments: direction)
  func resolvesOppositeSides(story: ConflictStory) throws { try story.check() }

  @Test("the same side", arguments: duplicate)
  func resolvesTheSameSide(story: ConflictStory) throws { try story.check() }

  @Test("scarce money", arguments: resource)
  func sharesScarceMoney(story: ConflictStory) throws { try story.check() }

  @Test("coins that somebody holds", arguments: held)
  func yieldsToWhoHoldsTheCoin(story: ConflictStory) throws { try story.check() }

  static let direction: [ConflictStory] = [
    .init(
      "first come", "direction first_come",
      """
      bold wants long SOL 400 sure 70
      calm wants short SOL 300 sure 90
      """,
      """
      order SOL long 1x: bold 400
      refused calm SOL conflict_direction
      conflict direction high SOL [bold calm] first_come
      """),
    .init(
      "highest confidence", "direction highest_confidence",
      """
      bold wants long SOL 400 sure 70
      calm wants short SOL 300 sure 90
      """,
      """
      order SOL short 1x: calm 300
      refused bold SOL conflict_direction
      conflict direction high SOL [bold calm] highest_confidence
      """),
    .init(
      "highest confidence, a tie goes by priority", "direction highest_confidence",
      """
      bold wants long SOL 400 sure 90
      calm wants short SOL 300 sure 90
      """,
      """
      order SOL long 1x: bold 400
      refused calm SOL conflict_direction
      conflict direction high SOL [bold calm] highest_confidence
      """),
    .init(
      "aggregate drops both", "direction aggregate",
      """
      bold wants long SOL 400 sure 70
      calm wants short SOL 300 sure 90
      calm wants short ETH 200 sure 90
      """,
      """
      order ETH short 1x: calm 200
      refused bold SOL conflict_direction
      refused calm SOL conflict_direction
      conflict direction high SOL [bold calm] aggregate
      """),
    .init(
      "then those of one side are duplicates", "direction first_come, duplicate first_come",
      """
      bold wants long SOL 400 sure 70
      calm wants short SOL 300 sure 90
      dark wants long SOL 200 sure 90
      """,
      """
      order SOL long 1x: bold 400
      refused calm SOL conflict_direction
      refused dark SOL conflict_duplicate
      conflict direction high SOL [bold calm dark] first_come
      conflict duplicate low SOL [bold dark] first_come
      """),
    .init(
      "different coins do not clash", "direction aggregate",
      """
      bold wants long SOL 400 sure 70
      calm wants short ETH 300 sure 90
      """,
      """
      order SOL long 1x: bold 400
      order ETH short 1x: calm 300
      """),
  ]

  static let duplicate: [ConflictStory] = [
    .init(
      "first come", "duplicate first_come",
      """
      bold wants long SOL 400 sure 70
      calm wants long SOL 300 sure 90
      """,
      """
      order SOL long 1x: bold 400
      refused calm SOL conflict_duplicate
      conflict duplicate low SOL [bold calm] first_come
      """),
    .init(
      "highest confidence, also without exclusive coins",
      "duplicate highest_confidence, shared coins",
      """
      bold wants long SOL 400 sure 70
      calm wants long SOL 300 sure 90
      """,
      """
      order SOL long 1x: calm 300
      refused bold SOL conflict_duplicate
      conflict duplicate low SOL [bold calm] highest_confidence
      """),
    .init(
      "aggregate makes one order at the lowest leverage", "duplicate aggregate, shared coins",
      """
      bold wants long SOL 400 at 10x sure 70
      calm wants long SOL 300 at 4x sure 90
      """,
      """
      order SOL long 4x: bold 400 (conflict_duplicate) + calm 300
      conflict duplicate low SOL [bold calm] aggregate
      """),
    .init(
      "aggregate of exclusive coins counts as first come", "duplicate aggregate",
      """
      bold wants long SOL 400 sure 70
      calm wants long SOL 300 sure 90
      """,
      """
      order SOL long 1x: bold 400
      refused calm SOL conflict_duplicate
      conflict duplicate low SOL [bold calm] first_come
      """),
    .init(
      "one trader's own wishes do not clash", "duplicate first_come",
      """
      bold wants long SOL 400 sure 70
      bold wants long ETH 300 sure 90
      bold wants short BTC 300 sure 70
      """,
      """
      order ETH long 1x: bold 300
      order BTC short 1x: bold 300
      order SOL long 1x: bold 400
      """),
  ]

  // 400 and 300 are needed, 500 is there. Proportional: 400 · 5/7 = 285.714…, 300 · 5/7 =
  // 214.285…; a lot is worth 0.01 USD.
  static let resource: [ConflictStory] = [
    .init(
      "first come: 400 and 100", "resource first_come", needs,
      """
      order SOL long 1x: bold 400
      order ETH long 1x: calm 100 (conflict_resource)
      conflict resource medium - [bold calm] first_come
      """),
    .init(
      "highest confidence: 300 and 200", "resource highest_confidence", needs,
      """
      order SOL long 1x: bold 200 (conflict_resource)
      order ETH long 1x: calm 300
      conflict resource medium - [bold calm] highest_confidence
      """),
    .init(
      "proportional: 285.71 and 214.28", "resource proportional", needs,
      """
      order SOL long 1x: bold 285.71 (conflict_resource)
      order ETH long 1x: calm 214.28 (conflict_resource)
      conflict resource medium - [bold calm] proportional
      """),
    .init(
      "enough for all", "resource proportional",
      """
      free 700
      bold wants long SOL 400 sure 70
      calm wants long ETH 300 sure 90
      """,
      """
      order SOL long 1x: bold 400
      order ETH long 1x: calm 300
      """),
    .init(
      "one trader alone has no conflict", "resource first_come",
      """
      free 500
      bold wants long SOL 400 sure 70
      bold wants long ETH 300 sure 60
      """,
      """
      order SOL long 1x: bold 400
      order ETH long 1x: bold 300
      """),
    .init(
      "less than the venue's minimum is refused, and the next one gets it",
      "resource first_come",
      """
      free 415
      bold wants long SOL 405 sure 70
      calm wants long ETH 300 sure 90
      dark wants long BTC 10.2 sure 90
      """,
      """
      order SOL long 1x: bold 405
      refused calm ETH conflict_resource
      refused dark BTC conflict_resource
      conflict resource medium - [bold calm dark] first_come
      """),
    .init(
      "nothing free refuses all", "resource proportional",
      """
      free -5
      bold wants long SOL 400 sure 70
      calm wants long ETH 300 sure 90
      """,
      """
      refused bold SOL conflict_resource
      refused calm ETH conflict_resource
      conflict resource medium - [bold calm] proportional
      """),
    // 7 coins cost 700; 350 buy 3.5 coins: 2 of 4 and 1.5 of 3.
    .init(
      "a joint order is cut as one", "duplicate aggregate, resource first_come, shared coins",
      """
      free 350
      bold wants long SOL 400 sure 70
      calm wants long SOL 300 sure 90
      """,
      """
      order SOL long 1x: bold 200 (conflict_resource) + calm 150 (conflict_resource)
      conflict duplicate low SOL [bold calm] aggregate
      conflict resource medium - [bold calm] first_come
      """),
  ]

  static let needs = """
    free 500
    bold wants long SOL 400 sure 70
    calm wants long ETH 300 sure 90
    """

  static let held: [ConflictStory] = [
    .init(
      "by hand", "direction aggregate",
      """
      outside SOL
      bold wants long SOL 400 sure 70
      calm wants short SOL 300 sure 90
      """,
      """
      refused bold SOL symbol_owned
      refused calm SOL symbol_owned
      conflict direction high SOL [bold calm] kept
      """),
    .init(
      "by another on the other side", "direction highest_confidence, shared coins",
      """
      zeal holds short SOL
      bold wants long SOL 400 sure 70
      calm wants short SOL 300 sure 60
      """,
      """
      order SOL short 1x: calm 300
      refused bold SOL conflict_direction
      conflict direction high SOL [zeal bold] kept
      """),
    .init(
      "by another on the same side", "duplicate highest_confidence",
      """
      zeal holds long SOL
      bold wants long SOL 400 sure 70
      """,
      """
      refused bold SOL conflict_duplicate
      conflict duplicate low SOL [zeal bold] kept
      """),
    .init(
      "by another on the same side of a shared coin", "duplicate first_come, shared coins",
      """
      zeal holds long SOL
      bold wants long SOL 400 sure 70
      """,
      "order SOL long 1x: bold 400"),
    .init(
      "by itself", "direction first_come",
      """
      bold holds long SOL
      bold wants long SOL 400 sure 70
      """,
      "order SOL long 1x: bold 400"),
  ]

  @Test func saysWhatEachGotAndWhy() throws {
    let story = ConflictStory("", "resource first_come", Self.needs, "")

    let result = try story.resolve()

    let record = try #require(result.conflicts.first)
    #expect(
      record.resolution
        == "bold gets 400 of 400 USD for SOL, calm gets 100 of 300 USD for ETH")
    #expect(record.reason == "700 USD are needed for entries, the account has 500 USD free")
    let calm = try #require(TraderID("calm"))
    #expect(
      result.orders.last?.notes[calm]?.map(\.text) == [
        "300 USD (3 ETH) → 100 USD (1 ETH), as 100 USD of 500 USD free are left after those with "
          + "priority"
      ])
  }

  @Test func namesTheWinnerInTheReasonOfARefusal() throws {
    let story = ConflictStory(
      "", "direction highest_confidence",
      """
      bold wants long SOL 400 sure 70
      calm wants short SOL 300 sure 90
      """, "")

    let result = try story.resolve()

    #expect(
      result.refused.first?.note.text
        == "calm goes first with a short of 300 USD (3 SOL), confidence 90")
    #expect(
      result.conflicts.first?.resolution
        == "the short side goes on: calm short 300 USD (3 SOL); "
        + "refused: bold long 400 USD (4 SOL)")
  }

  @Test func everyRuleIdHasASummary() {
    let rules = [
      ConflictRule.symbolOwned, ConflictRule.direction, ConflictRule.duplicate,
      ConflictRule.resource,
    ]

    #expect(ConflictRule.summaries.map(\.id) == rules)
    #expect(ConflictRule.summaries.allSatisfy { !$0.text.isEmpty })
  }
}
