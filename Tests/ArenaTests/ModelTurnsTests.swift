import Arena
import Journal
import LLM
import Testing
import Trading

@Suite("Turns of traders that ask models")
struct ModelTurnsTests {
  @Test func asksIdenticalQuestionsOnce() async throws {
    let arena = try ModelArena([ModelArena.trader("a"), ModelArena.trader("b")])

    let report = try await arena.run()

    #expect(arena.log.asked == ["m"])
    #expect(try report.line("a").conversation?.isCached == false)
    #expect(try report.line("b").conversation?.isCached == true)
    #expect(try report.line("b").calls.isEmpty)
    #expect(try arena.today().traders[arena.id("a")]?.tokens == 30)
    #expect(try arena.today().traders.count == 1)
  }

  /// The budget of each trader has room for one call; `a` has used ten tokens of its own.
  @Test func whoIsOverItsBudgetHandsTheQuestionOn() async throws {
    let probe = try ModelArena([ModelArena.trader("a")])
    _ = try await probe.run()
    let limit = try probe.worst().tokens
    let arena = try ModelArena(
      ["a", "b", "c"].map { ModelArena.trader($0) },
      llm: ModelArena.llm(budget: "{trader_daily_token_limit: \(limit)}"))
    try arena.spend(10, for: "a")

    let report = try await arena.run()

    #expect(
      try report.line("a").failure?.hasPrefix("over budget: the call may take \(limit) tokens")
        == true)
    #expect(try report.line("b").failure == nil)
    #expect(try report.line("b").conversation?.isCached == false)
    #expect(try report.line("c").conversation?.isCached == true)
    #expect(arena.log.asked == ["m"])
  }

  /// The budget has room for two calls: two decisions, and no replica of the first.
  @Test func reservesDecisionsBeforeReplicas() async throws {
    let probe = try ModelArena([ModelArena.trader("a")])
    _ = try await probe.run()
    let arena = try ModelArena(
      [
        ModelArena.trader("a", executor: "{kind: llm, replicas: 3}"),
        ModelArena.trader("b", timeout: "30s"),
      ], llm: ModelArena.llm(budget: "{daily_token_limit: \(2 * probe.worst().tokens)}"))

    let report = try await arena.run()

    #expect(report.lines.map(\.failure) == [nil, nil])
    #expect(try arena.calls().map(\.purpose) == [.decision, .decision])
  }

  @Test func everyReplicaIsACallOfItsTrader() async throws {
    let arena = try ModelArena([ModelArena.trader("a", executor: "{kind: llm, replicas: 3}")]) {
      $0.answer(ModelArena.buy)
    }

    let report = try await arena.run()

    #expect(try report.line("a").calls.count == 3)
    #expect(try report.line("a").fills.count == 1)
    #expect(try arena.calls().map(\.purpose) == [.decision, .replica, .replica])
  }

  @Test func asksOnceMoreAfterAnUnreadableAnswer() async throws {
    let arena = try ModelArena([ModelArena.trader("a")]) {
      $0.answer($0.count == 0 ? "Buy!" : ModelArena.nothing)
    }

    let line = try await arena.run().line("a")

    #expect(line.failure == nil)
    #expect(line.conversation?.repairs.first == "reasked")
    #expect(try arena.calls().map(\.purpose) == [.decision, .reask])
  }

  @Test func recordsWhoStoodInAndAsksTheFirstModelNextTime() async throws {
    let arena = try ModelArena(
      [ModelArena.trader("a")], llm: ModelArena.llm(m: ", fallback: f")
    ) { call throws(ModelFailure) in
      if call.spec.alias.name == "m" { throw ModelFailure(.refused, "m: no") }
      return call.answer(ModelArena.nothing)
    }

    let line = try await arena.run().line("a")
    _ = try await arena.run(minute: 3)

    #expect(line.conversation?.answeredBy == "f")
    #expect(arena.log.asked == ["m", "f", "m", "f"])
  }

  @Test func neverActsTwiceOnOneAnswer() async throws {
    let arena = try ModelArena([ModelArena.trader("a")]) {
      $0.answer(ModelArena.buy)
    }

    let first = try await arena.run().line("a")
    let second = try await arena.run(minute: 3).line("a")

    #expect(first.fills.count == 1)
    #expect(second.fills.isEmpty)
    #expect(second.decisions.isEmpty)
    #expect(second.conversation?.isCached == true)
    #expect(arena.log.asked == ["m"])
    let trader = try arena.id("a")
    #expect(
      try arena.store.loadState(now: CycleBench.noon).traders[trader]?.runtime.invocations == 1)
  }

  /// The answer comes after 61 s, the traders have 60 s.
  @Test func aLateAnswerIsExecutedForNobodyAndServesTheNextCycle() async throws {
    let arena = try ModelArena([ModelArena.trader("a"), ModelArena.trader("b")]) {
      $0.log.pass(ms: 61_000)
      return $0.answer(ModelArena.buy)
    }

    let late = try await arena.run()
    let next = try await arena.run(minute: 3)

    #expect(
      try ["a", "b"].map { try late.line($0).failure }
        == Array(
          repeating: "timed out after 1m", count: 2))
    #expect(try ["a", "b"].map { try late.line($0).fills.count } == [0, 0])
    #expect(try ["a", "b"].map { try next.line($0).fills.count } == [1, 1])
    #expect(arena.log.asked == ["m"])
  }

  @Test func aServerThatSendsTheKeyBackDoesNotPutItOnRecord() async throws {
    let arena = try ModelArena([
      ModelArena.trader(
        "a", executor: "{kind: http, base_url: 'http://localhost:1', api_key: '${KEY}'}")
    ])

    let line = try await arena.run().line("a")

    #expect(line.conversation?.reply.contains("Authorization: Bearer ***") == true)
    #expect(line.failure?.hasPrefix("unparseable: ") == true)
    #expect(!"\(line)".contains(ModelArena.key))
    let kept = try arena.store.lastConversation(arena.id("a"))
    #expect(!"\(String(describing: kept))".contains(ModelArena.key))
  }

  @Test func tellsThatAContextIsTooShort() async throws {
    let arena = try ModelArena(
      [ModelArena.trader("a")], llm: ModelArena.llm(m: ", context_tokens: 1001"))

    let line = try await arena.run().line("a")

    #expect(line.failure?.contains("context_tokens in llm.yaml allows 1001") == true)
    #expect(line.conversation == nil)
    #expect(arena.log.asked.isEmpty)
  }

  /// One trader at a time: the answer to `a` comes after the cutoff (3/4 of 150 s), `b` is never
  /// asked and has other questions than `a` because it has less time.
  @Test func releasesTheCallOfATraderThatWasNeverAsked() async throws {
    let arena = try ModelArena(
      [ModelArena.trader("a"), ModelArena.trader("b", timeout: "59s")], concurrent: 1
    ) {
      $0.log.pass(ms: 113_000)
      return $0.answer(ModelArena.buy)
    }

    let report = try await arena.run()

    #expect(report.lines.compactMap(\.failure).count == 2)
    #expect(try arena.calls().map(\.status) == [.answered, .released])
    #expect(try arena.today().calls == 1)
    #expect(try arena.store.check().isEmpty)
  }

  /// Who waits for another has its own time all the same: 2 · 50 s are more than 60 s.
  @Test func waitingInLineTakesNothingOfATradersTime() async throws {
    let arena = try ModelArena(
      [ModelArena.trader("a"), ModelArena.trader("b", timeout: "59s")], concurrent: 1
    ) {
      $0.log.pass(ms: 50_000)
      return $0.answer(ModelArena.nothing)
    }

    let report = try await arena.run()

    #expect(report.lines.map(\.failure) == [nil, nil])
  }

  /// Each call reserves thousands of tokens and uses 30: one is below 80 % of 50, two above 100 %.
  @Test func warnsOfWhatWasUsedAndNotOfWhatWasReserved() async throws {
    let arena = try ModelArena(
      [ModelArena.trader("a")],
      llm: ModelArena.llm(budget: "{daily_token_limit: 50, strict_enforcement: false}", ttl: "0s"))

    let first = try await arena.run()
    let second = try await arena.run(minute: 3)
    let third = try await arena.run(minute: 6)

    #expect(first.alerts.isEmpty)
    #expect(second.alerts.map(\.key) == ["budget.arena", "budget.arena.used_up"])
    #expect(second.alerts.map(\.severity) == [.medium, .high])
    #expect(
      second.alerts.last?.message
        == "all traders: 60 of 50 tokens of today's model budget are used; "
        + "strict_enforcement is off: calls go on")
    #expect(third.alerts.map(\.key) == second.alerts.map(\.key))
  }
}
