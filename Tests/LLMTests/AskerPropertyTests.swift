import LLM
import Synchronization
import Testing
import Trading

/// Whatever fails, waits or is cancelled: the books of the desk are right.
@Suite struct AskerPropertyTests {
  private struct Run {
    let outcome: AskOutcome
    let log: AskScene.Log
    let first: CallNumber?
    let retries: Int
    let deadlineMs: Double
  }

  /// One question among models, ports and a deadline that all follow from the seed.
  private func run(seed: UInt64) async throws -> Run {
    var dice = SeededGenerator(seed: seed)
    var log = AskScene.Log()
    log.generator = SeededGenerator(seeds: seed, 1)
    log.cancelsPct = dice.below(3) == 0 ? dice.below(30) : 0
    log.refusesPct = dice.below(2) * dice.below(30)
    log.portMs = dice.below(2) * dice.below(500)
    let scene = AskScene(log)
    let names = ["a", "b", "c", "d", "e"]
    let models = names.map { name in
      SceneModel(
        spec: spec(
          .openai, name, context: dice.below(5) == 0 ? 500 : nil,
          prices: TokenPrices(
            input: USD(whole: 1), output: USD(whole: 2), cachedInput: USD(whole: 1)),
          fallback: dice.below(4) == 0 ? nil : names[dice.below(5)]), scene: scene
      ) { Self.reply(seed, $0) }
    }
    let retries = dice.below(4)
    let deadlineMs = Double(dice.below(dice.below(4) == 0 ? 1000 : 20_000))
    let first: CallNumber? = dice.below(2) == 0 ? 1000 : nil
    let rules = AskRules(
      timeout: .milliseconds(100 + dice.below(8000)), maxRetries: retries, seed: seed)
    let asker = scene.asker(models, rules)
    let trader = try #require(TraderID("t"))
    let model = try #require(ModelAlias(dice.below(20) == 0 ? "nobody" : names[dice.below(5)]))

    // In a task of its own, which the ports may cancel.
    async let outcome = asker.ask(
      question, for: trader, cycle: 1, purpose: .decision, model: model, firstCall: first,
      until: deadlineMs)
    return Run(
      outcome: await outcome, log: scene.log.withLock { $0 }, first: first, retries: retries,
      deadlineMs: deadlineMs)
  }

  /// The n-th reply: mostly failures, some slow, some never.
  private static func reply(
    _ seed: UInt64, _ count: Int
  ) -> (Duration, Result<Completion, ModelFailure>) {
    var dice = SeededGenerator(seeds: seed, 2, UInt64(count))
    let span = dice.below(10) == 0 ? Duration.seconds(1e6) : .milliseconds(dice.below(4000))
    if dice.below(4) == 0 { return (span, .success(answer)) }
    let kinds = ModelFailure.Kind.allCases
    let usage = TokenUsage(
      prompt: dice.below(91), completion: dice.below(1000), isEstimated: dice.below(2) == 0)
    return (
      span,
      .failure(
        ModelFailure(
          kinds[dice.below(kinds.count)], "x",
          retryAfter: dice.below(3) == 0 ? .milliseconds(dice.below(9000)) : nil,
          usage: dice.below(2) == 0 ? usage : nil, isLasting: dice.below(5) == 0))
    )
  }

  @Test func keepsTheBooksRight() async throws {
    var outcomes: [String: Int] = [:]
    for seed in UInt64(0)..<4000 {
      let run = try await run(seed: seed)
      let (log, settled) = (run.log, run.log.settlements)
      let reserved = log.wishes.keys.sorted() + (run.first.map { [$0] } ?? [])
      let made = settled.filter { $0.status != .released }

      // Every reservation is settled exactly once, and nothing else is.
      #expect(settled.map(\.call).sorted() == reserved.sorted(), "seed \(seed)")
      // What is settled as made was made; what was not made consumed nothing.
      #expect(made.count == log.asked.count, "seed \(seed)")
      #expect(
        settled.allSatisfy { $0.status != .released || ($0.usage.total == 0 && $0.cost == .zero) },
        "seed \(seed)")
      #expect(settled.allSatisfy { $0.cost >= .zero && $0.latencyMs >= 0 }, "seed \(seed)")
      // No more is spent than was reserved.
      for settlement in settled {
        guard let wish = log.wishes[settlement.call] else { continue }
        #expect(
          settlement.usage.total <= wish.worst.tokens && settlement.cost <= wish.worst.cost,
          "seed \(seed)")
      }
      // No call begins after the deadline or may last beyond it.
      for call in log.asked {
        let endMs = call.atMs + call.limit / .milliseconds(1)
        #expect(call.limit > .zero && endMs <= run.deadlineMs + 0.001, "seed \(seed)")
      }
      #expect(log.asked.count <= (run.retries + 1) * AskRules.longestChain, "seed \(seed)")
      // Each place is given back.
      #expect(!log.heldTooOften && log.held.values.allSatisfy { $0 == 0 }, "seed \(seed)")
      checkOutcome(of: run, made: made, seed: seed)
      outcomes[name(of: run.outcome), default: 0] += 1
    }
    // The seeds reach every kind of ending.
    let rarest = outcomes.values.min() ?? 0
    #expect(outcomes.count == 3 && rarest > 20, "\(outcomes)")
  }

  private func checkOutcome(of run: Run, made: [CallSettlement], seed: UInt64) {
    let answered = made.filter { $0.status == .answered }
    switch run.outcome {
    case .answered(_, let alias, let calls):
      #expect(answered.count == 1 && calls == run.log.asked.count, "seed \(seed)")
      #expect(run.log.asked.last?.model == alias.name, "seed \(seed)")
    case .failed: #expect(answered.isEmpty, "seed \(seed)")
    case .refused: #expect(made.isEmpty, "seed \(seed)")
    }
    #expect(!run.log.askedWhenCancelled, "seed \(seed)")
  }

  private func name(of outcome: AskOutcome) -> String {
    switch outcome {
    case .answered: "answered"
    case .failed: "failed"
    case .refused: "refused"
    }
  }

  @Test func asksTheSameTwice() async throws {
    for seed in UInt64(0)..<200 {
      let (one, two) = (try await run(seed: seed), try await run(seed: seed))
      #expect(one.outcome == two.outcome && one.log.waits == two.log.waits, "seed \(seed)")
      #expect(one.log.settlements == two.log.settlements, "seed \(seed)")
    }
  }
}
