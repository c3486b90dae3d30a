import Testing
import Trading

@testable import Journal

@Suite struct ConversationTests {
  private let anna: TraderID
  private let ben: TraderID
  private let store: StateStore
  private let run: RunNumber
  private static let start = SampleArena.start

  init() throws {
    anna = try #require(TraderID("anna"))
    ben = try #require(TraderID("ben"))
    store = StateStore(try JournalDatabase.inMemory())
    try store.prepare(arenaID: "a", name: "A", createdAt: Self.start)
    run = try store.beginRun(at: Self.start, wallStart: Self.start, pid: 7)
    var changes = StateChanges(cycle: 1, run: run, at: Self.start)
    for trader in [anna, ben] {
      changes.traders.append(
        TraderRecord(
          name: trader.name, executor: "llm", exchange: try #require(ProviderID("sim")),
          account: try #require(AccountID("sim.\(trader)")),
          runtime: TraderRuntime(
            status: .running, inceptionAt: Self.start,
            era: TraderEra(number: 1, startedAt: Self.start, configDigest: "d")),
          ledger: Ledger(trader: trader)))
    }
    try store.commit(changes)
  }

  private func talk(
    _ user: String, system: String = "You trade.", digest: String = "q"
  ) -> Conversation {
    Conversation(
      answeredBy: "deepseek", system: system, user: user, reply: "{\"decisions\":[]}",
      reasoning: "", promptVersion: "1.2", templateDigest: "t", questionDigest: digest,
      isCached: true, repairs: ["fences stripped", "smart quotes"])
  }

  private func save(
    _ trader: TraderID, _ cycle: CycleNumber, _ conversation: Conversation?,
    shadows: [ShadowDecision] = [], failure: String? = "unparseable: nothing"
  ) throws {
    var changes = StateChanges(cycle: cycle, run: run, at: Self.start)
    changes.turns = [turn(trader, cycle, conversation, shadows, failure: failure)]
    try store.commit(changes)
  }

  private func turn(
    _ trader: TraderID, _ cycle: CycleNumber, _ conversation: Conversation?,
    _ shadows: [ShadowDecision] = [], failure: String? = "unparseable: nothing"
  ) -> TurnRecord {
    TurnRecord(
      trader: trader, era: 1, slot: cycle, failure: failure, decisions: [],
      conversation: conversation, shadows: shadows)
  }

  private func count(_ table: String) throws -> Int {
    try store.database.use("count") { session in
      try session.first("SELECT count(*) FROM \(table)") { try $0.next() } ?? 0
    }
  }

  static let texts = [
    "", "x", String(repeating: "BTC 101,234.5 “up” 🙂\n", count: 2000),
    "zero \u{0} and\u{2028}more", String(repeating: "a", count: PackedText.shortest),
  ]

  @Test(arguments: texts.indices, texts.indices)
  func turnsComeBackAsTheyWere(user: Int, system: Int) throws {
    let decision = Decision(
      .buyToEnter, coin: Coin("BTC"), leverage: 3, stopLoss: Price("9"),
      confidence: 61, invalidation: "below 9", reasoning: "why not")
    let shadows = [
      ShadowDecision(replica: 2, index: 0, decision: decision),
      ShadowDecision(replica: 3, index: 0, decision: Decision(.hold, coin: nil)),
    ]
    let said = talk(Self.texts[user], system: Self.texts[system])
    try save(anna, 2, said, shadows: shadows)

    #expect(
      try store.recentTurns(anna, limit: 5, conversations: 5).map(\.turn)
        == [turn(anna, 2, said, shadows)])
    #expect(try store.recentTurns(anna, limit: 5).map(\.turn) == [turn(anna, 2, nil)])
    #expect(try store.lastConversation(anna)?.conversation == said)
    #expect(try store.check() == [])
  }

  @Test func onlyTheNewestTurnsCarryTheirs() throws {
    for cycle in 2...6 as ClosedRange<CycleNumber> { try save(anna, cycle, talk("c\(cycle)")) }

    let turns = try store.recentTurns(anna, limit: 4, conversations: 2).map(\.turn)

    #expect(turns.map { $0.conversation?.user } == ["c6", "c5", nil, nil])
    #expect(try store.conversation(of: anna, cycle: 3)?.conversation.user == "c3")
    #expect(try store.conversation(of: anna, cycle: 9) == nil)
    #expect(try store.lastConversation(ben) == nil)
  }

  @Test func turnsOfSomeCyclesAreThoseAmongAll() throws {
    for cycle in 2...7 as ClosedRange<CycleNumber> { try save(anna, cycle, talk("c\(cycle)")) }
    let all = try store.recentTurns(anna, limit: 9, conversations: 9)

    for cycle in 1...9 as ClosedRange<CycleNumber> {
      let later = try store.recentTurns(anna, limit: 9, conversations: 9, from: cycle)
      let earlier = try store.recentTurns(anna, limit: 2, conversations: 2, before: cycle)

      #expect(later == all.filter { $0.cycle >= cycle })
      #expect(earlier == Array(all.filter { $0.cycle < cycle }.prefix(2)))
    }
  }

  @Test func aTurnSavedAgainReplacesWhatWasSaid() throws {
    try save(anna, 2, talk("one", system: "old"))
    try save(anna, 2, talk("two", system: "new"))
    #expect(try store.lastConversation(anna)?.conversation == talk("two", system: "new"))
    #expect(try count("texts") == 1)

    try save(anna, 2, nil)
    #expect(try store.lastConversation(anna) == nil)
    #expect(try count("texts") == 0)
    #expect(try store.check() == [])
  }

  @Test func aSystemTextIsKeptOnce() throws {
    let persona = String(repeating: "careful ", count: 500)
    for cycle in 2...9 as ClosedRange<CycleNumber> {
      for trader in [anna, ben] { try save(trader, cycle, talk("u", system: persona)) }
    }

    #expect(try count("texts") == 1)
    #expect(try store.lastConversation(ben)?.conversation.system == persona)
  }

  @Test func aPromptTakesLessThanHalf() throws {
    var random = SeededGenerator(seed: 4)
    var prompt = ""
    while prompt.utf8.count < 10_000 {
      prompt += "ema20 \(90_000 + random.next() % 9999).\(random.next() % 10), "
    }

    let packed = PackedText(packing: prompt)

    #expect(packed.count < 5000)
    #expect(PackedText(stored: packed.stored)?.text == prompt)
  }

  @Test func knowsWhatATraderActedOn() throws {
    try save(anna, 2, talk("u", digest: "first"), failure: nil)
    try save(anna, 3, talk("u", digest: "second"), failure: nil)
    try save(anna, 4, talk("u", digest: "too late"))
    func used(_ digest: String, _ trader: TraderID, before cycle: CycleNumber) throws -> Bool {
      try store.hasUsed(questionDigest: digest, trader: trader, before: cycle)
    }

    #expect(try used("first", anna, before: 3))
    #expect(try !used("second", anna, before: 3))
    #expect(try used("second", anna, before: 4))
    #expect(try !used("first", ben, before: 4))
    #expect(try !used("third", anna, before: 4))
    #expect(try !used("too late", anna, before: 5))
  }

  @Test func theNewestThousandStay() throws {
    let kept = StateStore.conversationsKept
    for cycle in 2...(kept + 6) { try save(anna, cycle, talk("c\(cycle)", system: "s\(cycle)")) }
    try save(ben, 2, talk("ben"))

    #expect(try store.tidyConversations(limit: 3) == 3)
    #expect(try store.tidyConversations(limit: 3) == 2)
    #expect(try store.tidyConversations(limit: 3) == 0)

    #expect(try count("conversations") == Int(kept) + 1)
    #expect(try store.conversation(of: anna, cycle: 6) == nil)
    #expect(try store.conversation(of: anna, cycle: 7)?.conversation.user == "c7")
    #expect(try store.recentTurns(anna, limit: 2000).count == Int(kept) + 5)
    #expect(try count("texts") == Int(kept) + 1)
    #expect(try store.check() == [])
  }

  @Test func whatACommitLeavesLooseIsPackedLater() throws {
    let user = String(repeating: "0123456789abcdef", count: 10_000)
    var changes = StateChanges(cycle: 2, run: run, at: Self.start)
    // 160 kB each: the second one uses the allowance of 256 KiB up.
    let carl = try #require(TraderID("carl"))
    changes.traders = [
      TraderRecord(
        name: "Carl", executor: "llm", exchange: try #require(ProviderID("sim")),
        account: try #require(AccountID("sim.carl")),
        runtime: TraderRuntime(
          status: .running, inceptionAt: Self.start,
          era: TraderEra(number: 1, startedAt: Self.start, configDigest: "d")),
        ledger: Ledger(trader: carl))
    ]
    changes.turns = [anna, ben, carl].map { turn($0, 2, talk(user)) }
    try store.commit(changes)
    func bytes(_ trader: TraderID) throws -> Int {
      try store.database.use("measure") { session in
        try session.first(
          "SELECT length(user) FROM conversations WHERE trader = ?", [trader]
        ) { try $0.next() } ?? 0
      }
    }

    #expect(try bytes(anna) < 10_000)
    #expect(try bytes(carl) == 160_001)
    #expect(try store.tidyConversations(limit: 9) == 2)
    #expect(try bytes(carl) < 10_000)
    #expect(try store.tidyConversations(limit: 9) == 0)
    #expect(try store.lastConversation(carl)?.conversation == talk(user))
  }

  @Test(arguments: [
    ("UPDATE conversations SET user = x'05'", "expected a PackedText in column user"),
    ("UPDATE conversations SET reply = x'0120'", "expected a PackedText in column reply"),
    ("UPDATE conversations SET reply = x'01ffffff0f78'", "expected a PackedText in column reply"),
    ("UPDATE conversations SET reply = x'00ff'", "expected a PackedText in column reply"),
    ("UPDATE conversations SET reasoning = x''", "expected a PackedText in column reasoning"),
    ("UPDATE conversations SET system = NULL", "Text 1: expected a conversation that has it"),
    (
      "UPDATE llm_trader_days SET tokens = 7",
      "Spending of anna on m on 2025-07-21: expected 1 calls, 9 tokens, 0.5 USD from its calls"
    ),
    ("UPDATE llm_days SET cost = '0.6'", "Spending on 2025-07-21: expected 1 calls, 9 tokens"),
    ("DELETE FROM llm_calls", "expected 0 calls, 0 tokens, 0 USD from its calls"),
    ("UPDATE llm_calls SET booked_tokens = 8", "Model call 1, answered: expected 9 tokens"),
    (
      "UPDATE llm_calls SET run = 2, status = 'reserved', settled_at_ms = NULL",
      "Model call 1: expected it settled, its run 2 is finished"
    ),
  ])
  func theCheckFinds(sql: String, sentence: String) throws {
    try save(anna, 2, talk(String(repeating: "long ", count: 200)))
    let spending = SpendingStore(store.database)
    let model = try #require(ModelAlias("m"))
    let worst = Spent(tokens: 20, cost: USD(whole: 1))
    _ = try spending.reserve(
      [
        CallWish(
          trader: anna, model: model, purpose: .decision, cycle: 2, worst: worst,
          estimate: worst, questionDigest: "q")
      ], run: run)
    try spending.settle(
      [try Sample.end(1, prompt: 5, completion: 4, cost: "0.5")], at: Self.start)
    let over = try store.beginRun(at: Self.start, wallStart: Self.start, pid: 8)
    try store.finishRun(over, cycle: nil, wallEnd: Self.start, phases: [], error: nil)
    #expect(try store.check() == [])

    try store.database.use("tamper") { try $0.script(sql) }

    let findings = try store.check()
    #expect(findings.contains { $0.contains(sentence) }, "\(findings)")
  }
}
