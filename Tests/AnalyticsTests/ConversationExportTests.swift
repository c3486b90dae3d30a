import Analytics
import ArenaTesting
import Foundation
import Testing
import Trading

@Suite struct ConversationExportTests {
  /// What a model was told and answered.
  static func talk(
    user: String = "# Market\n\nBTC 101,500.5", system: String = "You trade <carefully>.",
    reply: String = #"{"decisions":[]}"#, reasoning: String = "The trend is up."
  ) -> Conversation {
    Conversation(
      answeredBy: "deepseek-chat", system: system, user: user, reply: reply, reasoning: reasoning,
      promptVersion: "1.0", templateDigest: "t", questionDigest: "q", isCached: false, repairs: [])
  }

  /// The sample arena, but its first trader is a model with these turns, the oldest first.
  static func view(
    _ turns: [(decisions: [Decision], failure: String?, said: Conversation?)],
    executor: String = "llm", navBase: USD? = nil
  ) throws -> ArenaView {
    let sample = try SampleArena()
    let alpha = try sample.alphaView()
    let views = turns.enumerated().map { index, turn in
      TurnView(
        at: SampleArena.start + .minutes(Int64(3 * index)), run: 2, cycle: Int64(index + 1),
        turn: TurnRecord(
          trader: sample.alpha, era: 1, slot: Int64(index), failure: turn.failure,
          decisions: turn.decisions.enumerated().map {
            DecisionRecord(
              trader: sample.alpha, index: $0, decision: $1, verdict: .accepted, notes: [],
              order: nil)
          }, conversation: turn.said))
    }
    let trader = TraderView(
      record: sample.record(alpha.record.ledger, executor: executor), holdings: alpha.holdings,
      hourly: alpha.hourly, flows: alpha.flows, recentTrades: alpha.recentTrades,
      recentTurns: views)
    return ArenaView(
      at: SampleArena.now, run: 7, cycle: 6, isSynthetic: true, prices: [:], traders: [trader],
      benchmark: nil, navBase: navBase)
  }

  /// A few turns of each kind.
  static func variety() throws -> ArenaView {
    let btc = try #require(Coin("BTC"))
    let enter = Decision(
      .buyToEnter, coin: btc, leverage: 5, positionSize: USD(whole: 1000),
      entryPrice: Price("100000"), stopLoss: Price("98000"), takeProfit: Price("105000"),
      riskUSD: USD(whole: 20), confidence: 70, invalidation: "4h close < 98,000",
      reasoning: "Momentum & volume.")
    let close = Decision(.close, coin: btc, reasoning: "Target met.")
    return try view([
      ([enter], nil, talk(reply: #"{"decisions":[{"action":"buy_to_enter"}]}"#)),
      ([close], nil, talk(system: "", reasoning: "")),
      ([], "unparseable: no JSON", talk(reply: "I would rather not say.", reasoning: "")),
      ([], "timed out after 60s", talk(reply: "", reasoning: "")),
      ([], "over budget", nil),
      ([Decision(.hold, coin: nil, reasoning: "Wait.")], nil, nil),
    ])
  }

  @Test func matchesItsGolden() throws {
    Golden.check(
      Export.conversations.render(try Self.variety()), name: "conversations-model.json")
  }

  @Test func entriesHoldNoNull() throws {
    for view in [try Self.variety(), try SampleArena().view()] {
      let text = String(decoding: Export.conversations.render(view), as: UTF8.self)
      #expect(!text.contains("null"))
    }
  }

  @Test(arguments: ["x", "\"", "\u{1}", "&", "é", "🙂", "\u{2028}"])
  func staysBelowItsLimitHoweverLongTheTextsAre(unit: String) throws {
    let long = String(repeating: unit, count: 60_000)
    let coins = try ["BTC", "ETH", "SOL"].map { try #require(Coin($0)) }
    let decisions = coins.map { Decision(.hold, coin: $0, invalidation: long, reasoning: long) }
    let said = Self.talk(user: long, system: long, reply: long, reasoning: long)
    let view = try Self.view(Array(repeating: (decisions, nil, said), count: 120))

    let bytes = Export.conversations.render(view)

    #expect(bytes.count <= Export.conversationBytes)
    let document = try JSONDecoder().decode(Document.self, from: Data(bytes))
    #expect(document.conversations.count > 10)
    let newest = try #require(document.conversations.first)
    let oldest = try #require(document.conversations.last)
    #expect(newest.cycle_id == 120)
    // The newest turn of the only trader has half of the file: 20,000 and 1,000 bytes of JSON; the
    // mark says how long the text is.
    let mark = "\n[cut here: \(long.utf8.count) bytes in all]"
    for (entry, limit) in [(newest, 20_000), (oldest, 1000)] {
      #expect(entry.user_prompt.hasSuffix(mark))
      let shown = entry.user_prompt.dropLast(mark.count)
      #expect(long.hasPrefix(shown))
      #expect(shown.utf8.count <= limit && shown.utf8.count * 6 > limit - 40)
      #expect(entry.messages.map(\.role) == ["system", "user", "assistant"])
    }
  }

  /// Rejected decisions are shown too, and nothing bounds what a model claims: each of these
  /// numbers times 10,000 or divided by the price is more than 64 bits hold.
  @Test(arguments: [
    (size: "1000", entry: "0.00000001", risk: "10"),
    (size: "92233720368.54775807", entry: "100000", risk: "10"),
    (size: "1000", entry: "100000", risk: "-92233720368.54775807"),
    (size: "92233720368.54775807", entry: "0.00000001", risk: "92233720368.54775807"),
  ])
  func whatNobodyCanMeanIsLeftOut(claim: (size: String, entry: String, risk: String)) throws {
    let wild = Decision(
      .buyToEnter, coin: Coin("BTC"), leverage: .max, positionSize: USD(claim.size),
      entryPrice: Price(claim.entry), riskUSD: USD(claim.risk))
    #expect(wild.positionSize != nil && wild.entryPrice != nil && wild.riskUSD != nil)
    for navBase in [nil, USD(whole: 10_000_000)] {
      let text = String(
        decoding: Export.conversations.render(
          try Self.view([([wild], nil, Self.talk())], navBase: navBase)), as: UTF8.self)
      #expect(text.contains("\"signal\":\"buy_to_enter\""))
    }
  }

  @Test func aTextThatFitsIsWhole() throws {
    let text = String(repeating: "x", count: 20_000)
    let view = try Self.view([([], nil, Self.talk(user: text))])

    let document = try JSONDecoder().decode(
      Document.self, from: Data(Export.conversations.render(view)))

    #expect(document.conversations.map(\.user_prompt) == [text])
  }

  private struct Document: Decodable {
    struct Entry: Decodable {
      let cycle_id: Int
      let user_prompt: String
      let messages: [Message]
    }
    struct Message: Decodable {
      let role: String
    }
    let conversations: [Entry]
  }
}

@Suite(.enabled(if: Shared.canValidate)) struct ConversationSchemaTests {
  @Test func satisfiesTheContract() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "nof0-conversations-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }  // A temporary folder may stay.
    let sample = try SampleArena().view()
    let models = try ConversationExportTests.variety()
    for export in Export.all(for: sample) {
      let view = export.name == Export.conversations.name ? models : sample
      try Data(export.render(view)).write(to: folder.appending(path: export.name))
    }

    let validator = Shared.folder.appending(path: "contracts/schemas/validate.py").path
    let result = try Shared.python([validator, folder.path, "--export"])

    #expect(result.status == 0, "\(result.output)")
  }
}
