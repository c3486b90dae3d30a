import LLM
import Synchronization
import Testing
import Trading

@Suite struct AskerTests {
  private static let prices = TokenPrices(
    input: USD(whole: 3), output: USD(whole: 15), cachedInput: USD(whole: 3))
  private let scene = AskScene()

  private func ask(
    _ replies: [Result<Completion, ModelFailure>], names: [String: String?] = ["m": nil],
    first: CallNumber? = nil, retries: Int = 2, takes: Duration = .milliseconds(100),
    context: Int? = nil, until deadlineMs: Double = 60_000, model: String = "m"
  ) async throws -> AskOutcome {
    let models = names.keys.sorted().map { name in
      SceneModel(
        spec: spec(
          .openai, name, context: name == "m" ? context : nil, prices: Self.prices,
          fallback: names[name] ?? nil), scene: scene
      ) { (takes, replies[min($0, replies.count - 1)]) }
    }
    let rules = AskRules(timeout: .seconds(10), maxRetries: retries, seed: 7)
    return await scene.asker(models, rules).ask(
      question, for: try #require(TraderID("t")), cycle: 3, purpose: .decision,
      model: try #require(ModelAlias(model)), firstCall: first, until: deadlineMs)
  }

  /// Number, status, tokens and cost in 1e-8 USD of each settlement.
  private var settled: [String] {
    scene.log.withLock { log in
      log.settlements.map {
        "\($0.call) \($0.status.rawValue) \($0.usage.total) \($0.cost.mantissa)"
      }
    }
  }

  private var asked: [String] { scene.log.withLock { $0.asked.map(\.model) } }
  private let busy = ModelFailure(.unavailable, "busy")
  private let m = ModelAlias("m")

  @Test func answersAtOnce() async throws {
    let outcome = try await ask([.success(answer)])

    #expect(outcome == .answered(answer, by: try #require(m), calls: 1))
    // 20 × 3e-6 + 10 × 15e-6 = 0.00021 USD.
    #expect(settled == ["1 answered 30 21000"])
    let wish = try #require(scene.log.withLock { $0.wishes[1] })
    #expect(wish.purpose == .decision && wish.cycle == 3 && wish.trader.name == "t")
    #expect(wish.worst.tokens == 1091 && wish.estimate.tokens == 1018)
    #expect(scene.log.withLock { $0.settlements.first?.latencyMs } == 100)
  }

  @Test func usesTheReservationMadeBeforehand() async throws {
    let outcome = try await ask([.failure(busy), .success(answer)], first: 77)

    #expect(outcome == .answered(answer, by: try #require(m), calls: 2))
    #expect(settled == ["77 failed 0 0", "1 answered 30 21000"])
  }

  @Test func booksWhatAFailedCallConsumed() async throws {
    let used = TokenUsage(prompt: 20, completion: 1000, isEstimated: false)
    let cut = ModelFailure(.truncated, "cut", usage: used)

    #expect(try await ask([.failure(cut)]) == .failed(cut))
    // 20 × 3e-6 + 1000 × 15e-6 = 0.01506 USD.
    #expect(settled == ["1 failed 1020 1506000"])
  }

  @Test func repeatsOnlyWhatMayPass() async throws {
    for kind in ModelFailure.Kind.allCases {
      for isLasting in [false, true] {
        let scene = AskScene()
        let failure = ModelFailure(kind, "x", isLasting: isLasting)
        let model = SceneModel(spec: spec(), scene: scene) { _ in (.zero, .failure(failure)) }
        _ = await scene.asker([model], AskRules(timeout: .seconds(1), maxRetries: 3, seed: 1)).ask(
          question, for: try #require(TraderID("t")), cycle: 1, purpose: .reask,
          model: try #require(m), firstCall: nil, until: 1e6)
        let passes = [.rateLimited, .unavailable, .network].contains(kind) && !isLasting
        #expect(scene.log.withLock { $0.asked.count } == (passes ? 4 : 1), "\(kind)")
      }
    }
  }

  @Test func waitsAtRandomUpToABoundThatDoubles() async throws {
    _ = try await ask([.failure(busy)], retries: 12, until: 1e9)

    let waits = scene.log.withLock { $0.waits }
    #expect(waits.count == 12)
    for (index, wait) in waits.enumerated() {
      let bound = min(Duration.milliseconds(500) * (1 << index), .seconds(20))
      #expect(wait >= .zero && wait <= bound)
    }
    #expect(Set(waits).count == 12)
  }

  @Test func waitsAsLongAsTheProviderAsks() async throws {
    let limited = ModelFailure(.rateLimited, "slow down", retryAfter: .seconds(5))

    _ = try await ask([.failure(limited), .success(answer)])

    let wait = try #require(scene.log.withLock { $0.waits.first })
    #expect(wait >= .seconds(5) && wait <= .milliseconds(5500))
  }

  @Test func tellsWhyEachModelOfTheChainFailed() async throws {
    let outcome = try await ask(
      [
        .failure(ModelFailure(.badAnswer, "m: HTML")),
        .failure(ModelFailure(.refused, "n: no key")),
      ],
      names: ["m": "n", "n": nil])

    guard case .failed(let failure) = outcome else {
      Issue.record("expected a failure, was \(outcome)")
      return
    }
    #expect(failure.message == "m: HTML; then n: no key")
    #expect(failure.kind == .refused)
  }

  @Test func fallsBackInsteadOfWaitingPastTheDeadline() async throws {
    let limited = ModelFailure(.rateLimited, "slow down", retryAfter: .seconds(90))

    let outcome = try await ask(
      [.failure(limited), .success(answer)], names: ["m": "n", "n": nil])

    #expect(outcome == .answered(answer, by: try #require(ModelAlias("n")), calls: 2))
    #expect(asked == ["m", "n"] && scene.log.withLock { $0.waits.isEmpty })
    #expect(
      scene.log.withLock { [$0.wishes[1]?.model.name, $0.wishes[2]?.model.name] } == ["m", "n"])
  }

  @Test func cutsChainsAtThreeAndCyclesAtOnce() async throws {
    let gone = ModelFailure(.refused, "no")

    _ = try await ask([.failure(gone)], names: ["m": "n", "n": "o", "o": "p", "p": nil])
    #expect(asked == ["m", "n", "o"])

    let other = AskerTests()
    _ = try await other.ask([.failure(gone)], names: ["m": "n", "n": "m"])
    #expect(other.asked == ["m", "n"])
  }

  @Test func givesEachCallTheTimeThatIsLeft() async throws {
    _ = try await ask([.success(answer)], until: 3000)
    let limit = scene.log.withLock { $0.asked.first?.limit }
    #expect(limit == .seconds(3))

    let patient = AskerTests()
    _ = try await patient.ask([.success(answer)], until: .infinity)
    #expect(patient.scene.log.withLock { $0.asked.first?.limit } == .seconds(10))
  }

  @Test func asksNobodyWhenTooLittleTimeIsLeft() async throws {
    let outcome = try await ask([.success(answer)], first: 5, until: 249)

    #expect(
      outcome == .failed(ModelFailure(.timedOut, "m: not asked, too little time is left")))
    #expect(asked.isEmpty && settled == ["5 released 0 0"])
  }

  @Test func refusesBeforeTheFirstCallOnly() async throws {
    scene.log.withLock { $0.refusals = [AskScene.refusal] }
    #expect(try await ask([.success(answer)]) == .refused(AskScene.refusal))
    #expect(asked.isEmpty && settled.isEmpty)

    let later = AskerTests()
    later.scene.log.withLock { $0.refusals = [nil, AskScene.refusal] }
    let outcome = try await later.ask([.failure(busy)])
    #expect(
      outcome
        == .failed(
          ModelFailure(
            .unavailable,
            "busy; not asked again: over budget: the call may take 0.02 USD, 1 USD of 1 USD are "
              + "used today (budget.daily_usd_limit of llm.yaml); it resumes at 00:00 UTC")))
    #expect(later.settled == ["1 failed 0 0"])
  }

  @Test func leavesOutAModelTheQuestionDoesNotFit() async throws {
    let outcome = try await ask(
      [.success(answer)], names: ["m": "n", "n": nil], first: 5, context: 1000)

    #expect(outcome == .answered(answer, by: try #require(ModelAlias("n")), calls: 1))
    #expect(settled == ["5 released 0 0", "1 answered 30 21000"])
  }

  @Test func releasesWhenNoPlaceComesFree() async throws {
    scene.log.withLock { $0.refusesPct = 100 }

    let outcome = try await ask([.success(answer)], first: 5)

    guard case .failed(let failure) = outcome else {
      Issue.record("expected a failure, was \(outcome)")
      return
    }
    #expect(failure.kind == .timedOut && failure.message.contains("2 of 2 in use"))
    #expect(settled == ["5 released 0 0"])
  }

  @Test func releasesForAModelNobodyConfigured() async throws {
    let outcome = try await ask([.success(answer)], first: 5, model: "x")

    #expect(
      outcome
        == .failed(
          ModelFailure(
            .badRequest, "expected a model of llm.yaml, was x; add it under models")))
    #expect(settled == ["5 released 0 0"])
  }

  @Test func saysBeforehandWhatItWillReserve() async throws {
    let asker = scene.asker(
      [SceneModel(spec: spec(), scene: scene) { _ in (.zero, .success(answer)) }],
      AskRules(timeout: .seconds(1), maxRetries: 0, seed: 1))
    let trader = try #require(TraderID("t"))
    let alias = try #require(m)
    let wish = asker.wish(question, for: trader, cycle: 9, purpose: .replica, model: alias)

    _ = await asker.ask(
      question, for: trader, cycle: 9, purpose: .replica, model: alias, firstCall: nil, until: 1e6)

    #expect(wish == scene.log.withLock { $0.wishes[1] })
    #expect(
      asker.wish(
        question, for: trader, cycle: 9, purpose: .replica, model: try #require(ModelAlias("x")))
        == nil)
  }
}
