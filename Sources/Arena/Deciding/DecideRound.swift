import Executor
import Journal
import LLM
import Manager
import Trading

/// The decide phase of one cycle: what its groups of traders share.
struct DecideRound: Sendable {
  private let config: ArenaConfig
  private let clock: WallClock
  private let cutoff: Double
  private let access: OutsideAccess?
  private let desk: SpendingDesk?
  private let models: ModelTurns?
  private let asksNobody: Bool
  private let tape: CycleTape?

  /// A round of a cycle; after `cutoff`, in monotonic ms, an answer comes too late.
  init(_ cycle: Cycle, run: RunNumber, cutoff: Double) throws {
    config = cycle.config
    clock = cycle.ports.clock
    self.cutoff = cutoff
    tape = cycle.ports.tape
    access = cycle.ports.outside
    asksNobody = cycle.options.asksNobody
    guard let access, !access.models.isEmpty else {
      desk = nil
      models = nil
      return
    }
    let llm = cycle.config.llm
    let desk = SpendingDesk(
      access.spending, caps: llm.caps, run: cycle.options.isDryRun ? nil : run,
      clock: cycle.ports.clock, longest: Span(ms: cycle.options.deadline.ms + 60_000))
    self.desk = desk
    let clock = cycle.ports.clock
    let asker = Asker(
      models: access.models.sorted { $0.key < $1.key }.map(\.value), desk: desk.counter,
      permits: access.permits, clock: AskClock(nowMs: clock.monotonicMs),
      rules: AskRules(
        timeout: .milliseconds(llm.timeout.ms), maxRetries: llm.maxRetries,
        seed: UInt64(bitPattern: run)),
      digest: { SHA256Digest.hex(of: $0) })
    models = ModelTurns(
      access: access, asker: asker, desk: desk, prompts: access.prompts,
      store: cycle.ports.store, cacheTTL: llm.cacheTTL, clock: clock,
      asksNobody: cycle.options.asksNobody, tape: cycle.ports.tape)
  }

  /// The outcomes of a group of traders, in their order.
  ///
  /// - Parameters:
  ///   - contexts: What each trader is to know.
  ///   - meanwhile: What is done while they think.
  /// - Returns: The outcomes, and what was done.
  /// - Throws: ``JournalError``.
  func outcomes<Done: Sendable>(
    for contexts: [ExecutorContext], meanwhile: @escaping @Sendable () async -> Done
  ) async throws -> ([TurnOutcome], Done) {
    var questions: [Int: Question] = [:]
    var outcomes: [TurnOutcome?] = contexts.map { _ in nil }
    var shared: [(index: Int, turn: ModelTurn, with: Int)] = []
    let asked = contexts.indices.compactMap { index -> (Int, ExecutorContext, ModelExecutor)? in
      guard case .model(let executor) = contexts[index].trader.executor else { return nil }
      return (index, contexts[index], executor)
    }
    let plans = try await models?.plans(for: asked.map { ($0.1, $0.2) }) ?? []
    for (place, plan) in plans.enumerated() {
      switch plan {
      case .done(let outcome): outcomes[asked[place].0] = outcome
      case .share(let turn, let first): shared.append((asked[place].0, turn, asked[first].0))
      case .ask(let turn, let calls):
        let claim = models?.claim(turn, calls: calls, place: place)
        questions[asked[place].0] = question(turn.context, claim) { [models] deadline in
          await models?.take(turn, calls: calls, place: place, until: deadline)
            ?? .failed(.cutOff)
        }
      }
    }
    for (index, context) in contexts.enumerated() where outcomes[index] == nil {
      if questions[index] == nil { questions[index] = otherQuestion(context) }
    }
    for index in shared.map(\.index) { questions[index] = nil }
    let order = questions.keys.sorted()
    let questioning = Questioning(clock: clock, limit: config.executor.maxConcurrentDecisions)
    async let done = meanwhile()
    let answers = await questioning.outcomes(of: order.compactMap { questions[$0] })
    for (index, answer) in zip(order, answers) {
      outcomes[index] = tape.outcome(answer, of: contexts[index].trader.id)
    }
    for (index, turn, first) in shared {
      outcomes[index] = outcomes[first].flatMap { models?.shared(turn, $0) }
    }
    return (outcomes.map { $0 ?? .failed(.cutOff) }, await done)
  }

  /// What calls consumed, to be written with the plan.
  func close() throws(JournalError) -> ClosedDesk { try desk?.close() ?? ClosedDesk() }

  /// Writes down what calls consumed when the phase itself cannot go on.
  func giveUp() { desk?.giveUp() }
}

extension DecideRound {
  /// A question of a trader, with its own time inside the run's.
  private func question(
    _ context: ExecutorContext, _ claim: PermitClaim? = nil,
    _ ask: @escaping @Sendable (Double) async -> TurnOutcome
  ) -> Question {
    // Who looks at a peer needs nobody outside. Its peer may have answered long before another
    // trader used up the time of the whole group, and it must not pay for that.
    let timeout = context.trader.executor.peer == nil ? context.trader.decisionTimeout : nil
    return Question(timeout: timeout, cutoffMs: cutoff, claim: claim, ask: ask)
  }

  /// The question of a trader that no model decides for.
  private func otherQuestion(_ context: ExecutorContext) -> Question {
    question(context) { deadline in
      switch context.trader.executor {
      case .baseline(let kind): return .plain(.success(Baseline.decisions(of: kind, in: context)))
      case .http(let server):
        return await turn(context, until: deadline) {
          access?.serverTurn(server, context, withinMs: $0)
        }
      case .command(let command):
        return await turn(context, until: deadline) {
          access?.programTurn(command, context, withinMs: $0)
        }
      case .model: return .failed(.failed("its model is not configured"))
      case .unavailable(let kind):
        return .failed(
          .failed(
            "executor kind \(kind) is not part of this version; use kind: llm, http, command or "
              + "baseline in manager.yaml"))
      }
    }
  }

  private func turn(
    _ context: ExecutorContext, until deadline: Double, _ make: (Double) -> ProgramTurn?
  ) async -> TurnOutcome {
    guard let turn = make(deadline - clock.monotonicMs()) else { return .failed(.cutOff) }
    return asksNobody ? turn.unasked : await tape.taping(turn).take()
  }
}

/// The rules of admission in words, made once for traders with the same limits.
struct RuleWords {
  private var last: (trader: TraderSpec, words: [RuleText])?

  /// The rules with a trader's numbers.
  mutating func words(for trader: TraderSpec) -> [RuleText] {
    if let last, last.trader.risk == trader.risk, last.trader.guards == trader.guards {
      return last.words
    }
    let words = AdmissionTable.inForce(for: trader).map { RuleText(id: $0.id, text: $0.text) }
    last = (trader, words)
    return words
  }
}

extension ExecutorSpec {
  /// Whether somebody outside of the program decides.
  var isOutside: Bool {
    switch self {
    case .model, .http, .command: true
    case .baseline, .unavailable: false
    }
  }
}
