import Executor
import Journal
import LLM
import Market
import Trading

/// Prepares and takes the turns of traders whose decisions a language model makes.
struct ModelTurns: Sendable {
  /// Models, budget and network.
  let access: OutsideAccess
  /// Asks with repetitions and fallbacks.
  let asker: Asker
  /// Where calls are reserved and settled.
  let desk: SpendingDesk
  /// The templates of the traders, parsed.
  let prompts: PromptLibrary
  /// What traders have acted on before.
  let store: StateStore
  /// How long an answer may be used again; zero = never.
  let cacheTTL: Span
  /// The clocks.
  let clock: WallClock
  /// Whether nobody is asked: the prompts alone are of interest.
  let asksNobody: Bool
  /// Notes what models answer, or plays it; `nil` = nobody minds.
  let tape: CycleTape?

  /// What is to be done for each context, in their order; the first have the best claim on money.
  func plans(
    for contexts: [(ExecutorContext, ModelExecutor)]
  ) async throws(JournalError) -> [ModelPlan] {
    let prepared = await prepare(contexts)
    var plans: [ModelPlan] = []
    var askedBy: [SharedQuestion: Int] = [:]
    for (index, result) in prepared.enumerated() {
      switch result {
      case .failure(let failure): plans.append(.done(.failed(failure)))
      case .success(let turn):
        if asksNobody {
          plans.append(.done(turn.failed(.failed("was not asked (--dump-prompt)"))))
        } else if let known = try known(turn) {
          plans.append(.done(known))
        } else if turn.replicas == 1, let first = askedBy[SharedQuestion(turn)] {
          plans.append(.share(turn, with: first))
        } else {
          if askedBy[SharedQuestion(turn)] == nil { askedBy[SharedQuestion(turn)] = index }
          plans.append(.ask(turn, calls: []))
        }
      }
    }
    return try reserve(plans)
  }

  /// What makes the answer to one trader the answer to another.
  ///
  /// With the same time for both, what comes too late for one would have come too late for the
  /// other as well.
  private struct SharedQuestion: Hashable {
    let digest: String
    let timeout: Span

    init(_ turn: ModelTurn) {
      digest = turn.questionDigest
      timeout = turn.context.trader.decisionTimeout
    }
  }

  /// The answer kept for a question; `nil` when it has to be asked.
  private func known(_ turn: ModelTurn) throws(JournalError) -> TurnOutcome? {
    guard cacheTTL > .zero, turn.replicas == 1,
      let kept = try access.spending.cachedAnswer(
        digest: turn.questionDigest, since: clock.now() - cacheTTL)
    else { return nil }
    var outcome = turn.reusing(kept.reply, kept.reasoning, by: kept.model.name)
    if try store.hasUsed(
      questionDigest: turn.questionDigest, trader: turn.context.trader.id,
      before: turn.context.cycle)
    {
      // It acted on this very answer: doing so again would execute one decision twice.
      outcome.result = .success([])
      outcome.isRepeated = true
    }
    return outcome
  }

  /// Reserves the first calls, decisions before replicas; a turn without its first call is over.
  ///
  /// Where the budget of one trader refuses a question that others share, the next of them asks.
  private func reserve(_ plans: [ModelPlan]) throws(JournalError) -> [ModelPlan] {
    var plans = plans
    var asking = plans.indices.filter { plans[$0].asks }
    while !asking.isEmpty {
      var places: [Int] = []
      var wishes: [CallWish] = []
      for purpose in [CallPurpose.decision, .replica] {
        for index in asking {
          guard case .ask(let turn, _) = plans[index] else { continue }
          let count = purpose == .decision ? 1 : turn.replicas - 1
          guard count > 0, let wish = wish(turn, purpose) else { continue }
          places += Array(repeating: index, count: count)
          wishes += Array(repeating: wish, count: count)
        }
      }
      var results: [Int: [Result<CallNumber, SpendingRefusal>]] = [:]
      for (index, result) in zip(places, try desk.reserve(wishes)) {
        results[index, default: []].append(result)
      }
      var heirs: [Int] = []
      for index in asking {
        plans[index] = plans[index].reserved(results[index] ?? [], desk)
        guard plans[index].isRefusedForItself, let heir = Self.heir(of: index, &plans) else {
          continue
        }
        heirs.append(heir)
      }
      asking = heirs
    }
    return plans
  }

  private func wish(_ turn: ModelTurn, _ purpose: CallPurpose) -> CallWish? {
    asker.wish(
      turn.question, for: turn.context.trader.id, cycle: turn.context.cycle, purpose: purpose,
      model: turn.model, questionDigest: turn.questionDigest)
  }

  /// Lets the first trader that shares a question ask it; `nil` when none does.
  private static func heir(of first: Int, _ plans: inout [ModelPlan]) -> Int? {
    var heir: Int?
    for index in plans.indices.dropFirst(first + 1) {
      guard case .share(let turn, let leader) = plans[index], leader == first else { continue }
      plans[index] = heir.map { .share(turn, with: $0) } ?? .ask(turn, calls: [])
      heir = heir ?? index
    }
    return heir
  }
}

extension ModelPlan {
  /// Whether a model is asked.
  fileprivate var asks: Bool {
    if case .ask = self { true } else { false }
  }

  /// Whether the trader's own budget forbids its call, which says nothing of others.
  fileprivate var isRefusedForItself: Bool {
    guard case .done(let outcome) = self, case .failure(.overBudget(let refusal)) = outcome.result
    else { return false }
    return refusal.cap.hasPrefix("budget.trader_")
  }

  /// The plan with its reservations, the decision's first; it is over when that was refused.
  fileprivate func reserved(
    _ results: [Result<CallNumber, SpendingRefusal>], _ desk: SpendingDesk
  ) -> ModelPlan {
    guard case .ask(let turn, _) = self else { return self }
    guard case .failure(let refusal) = results.first else {
      // A refused replica is left out.
      return .ask(turn, calls: results.compactMap { try? $0.get() })
    }
    for case .success(let call) in results { desk.giveBack(call) }
    return .done(turn.failed(.overBudget(refusal)))
  }
}

extension ModelTurns {
  /// What an answer is, in a sentence for the provider.
  private static let answerSummary =
    "The trader's decisions of this cycle, at most one for each coin."
  /// Turns that one task renders, about a millisecond each: few, so that ten share the cores too.
  private static let sliceSize = 2

  /// The questions of the traders, in their order.
  private func prepare(
    _ contexts: [(ExecutorContext, ModelExecutor)]
  ) async -> [Result<ModelTurn, TurnFailure>] {
    let briefs = prompts.briefs(for: contexts)
    guard contexts.count > Self.sliceSize else {
      return contexts.map { prepare($0.0, $0.1, briefs) }
    }
    return await withTaskGroup(of: (Int, [Result<ModelTurn, TurnFailure>]).self) { group in
      for start in stride(from: 0, to: contexts.count, by: Self.sliceSize) {
        let slice = contexts[start..<min(start + Self.sliceSize, contexts.count)]
        group.addTask { (start, slice.map { prepare($0.0, $0.1, briefs) }) }
      }
      var slices: [(Int, [Result<ModelTurn, TurnFailure>])] = []
      for await slice in group { slices.append(slice) }
      return slices.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  private func prepare(
    _ context: ExecutorContext, _ executor: ModelExecutor, _ briefs: PromptBriefs
  ) -> Result<ModelTurn, TurnFailure> {
    let alias = model(of: executor, in: context)
    guard let spec = access.models[alias]?.spec else {
      return .failure(.failed("expected a model of llm.yaml, was \(alias)"))
    }
    let form = DecisionForm(context)
    let messages: PromptMessages
    do {
      messages = try prompts.render(executor, context, brief: briefs[context], form: form)
    } catch {
      return .failure(.failed("the prompt cannot be rendered: \(error)"))
    }
    let question = ModelQuestion(
      messages: [ChatMessage(.system, messages.system), ChatMessage(.user, messages.user)],
      schema: AnswerSchema(
        name: DecisionForm.name, summary: Self.answerSummary,
        schema: form.schema))
    if let refusal = TokenEstimate.refusal(of: question, on: spec) {
      return .failure(.failed(refusal.description))
    }
    return .success(
      ModelTurn(
        context: context, model: alias, question: question,
        questionDigest: SHA256Digest.hex(of: question.identity(on: spec)),
        promptVersion: messages.version,
        templateDigest: prompts.digest(of: executor), formInWords: form.words,
        replicas: executor.replicas))
  }

  /// The strong model when it matters, else the cheap one; the only one where there is one.
  private func model(of executor: ModelExecutor, in context: ExecutorContext) -> ModelAlias {
    guard let cheap = executor.cheapModel else { return executor.model }
    return UrgencyRouting.choice(
      strong: executor.model, cheap: cheap, hasOpenPosition: !context.positions.isEmpty,
      volatility: Volatility.series(in: context))
  }
}
