package import Trading
package import Wire

/// Asks models with repetitions, fallbacks and accounting.
///
/// Each call is reserved at the desk before it is made, and each reservation is settled exactly
/// once, whatever happens. No call begins when it could not end before the deadline.
package struct Asker: Sendable {
  private let models: [ModelAlias: any LanguageModel]
  private let desk: CallDesk
  private let permits: ModelPermits
  private let clock: AskClock
  private let rules: AskRules
  private let digest: @Sendable ([UInt8]) -> String

  /// An asker from its parts.
  ///
  /// - Parameters:
  ///   - models: Every model that may be asked, fallbacks included.
  ///   - desk: Where calls are reserved and settled.
  ///   - permits: The places of each model.
  ///   - clock: The time that deadlines are told in.
  ///   - rules: How patiently to ask.
  ///   - digest: SHA-256 of bytes in hexadecimal.
  package init(
    models: [any LanguageModel], desk: CallDesk, permits: ModelPermits, clock: AskClock,
    rules: AskRules, digest: @escaping @Sendable ([UInt8]) -> String
  ) {
    self.models = Dictionary(models.map { ($0.spec.alias, $0) }) { _, last in last }
    self.desk = desk
    self.permits = permits
    self.clock = clock
    self.rules = rules
    self.digest = digest
  }

  /// What a call would reserve, for reserving several at once; `nil` = no such model.
  ///
  /// `questionDigest` is that of the question's identity where it is known already.
  package func wish(
    _ question: ModelQuestion, for trader: TraderID, cycle: CycleNumber, purpose: CallPurpose,
    model: ModelAlias, questionDigest: String? = nil
  ) -> CallWish? {
    models[model].map {
      wish(question, Errand(trader, cycle, purpose, nil), on: $0.spec, digest: questionDigest)
    }
  }

  /// Asks a model, again after failures that may pass, then its fallbacks.
  ///
  /// - Parameters:
  ///   - question: What to ask.
  ///   - trader: Who asks.
  ///   - cycle: The cycle it is for.
  ///   - purpose: What it is for.
  ///   - model: The model to ask first.
  ///   - firstCall: A reservation already made for the first call; `nil` = none.
  ///   - rank: Who comes first where places are scarce, for all its calls; `nil` = the others.
  ///     What was announced for it is withdrawn as soon as its first call cannot be made.
  ///   - deadlineMs: When the answer must be there, in the clock's milliseconds.
  /// - Returns: The answer, or why there is none.
  package func ask(
    _ question: ModelQuestion, for trader: TraderID, cycle: CycleNumber, purpose: CallPurpose,
    model: ModelAlias, firstCall: CallNumber?, rank: RateRank? = nil, until deadlineMs: Double
  ) async -> AskOutcome {
    let errand = Errand(trader, cycle, purpose, rank)
    var attempts = Attempts(reservation: firstCall)
    for model in chain(from: model) {
      attempts.earlier = attempts.failure
      if let outcome = await ask(model, question, errand, &attempts, until: deadlineMs) {
        return outcome
      }
    }
    await release(attempts.reservation)
    return .failed(
      attempts.failure
        ?? ModelFailure(
          .badRequest, "expected a model of llm.yaml, was \(model); add it under models"))
  }
}

/// How asking ended.
package enum AskOutcome: Sendable, Hashable {
  /// A model answered: which one, after how many calls in all.
  case answered(Completion, by: ModelAlias, calls: Int)
  /// None answered; the last failure.
  case failed(ModelFailure)
  /// No call was made, because a cap forbids the first one.
  case refused(SpendingRefusal)
}

extension Asker {
  /// For whom and what a question is.
  private struct Errand {
    let trader: TraderID
    let cycle: CycleNumber
    let purpose: CallPurpose
    let rank: RateRank?

    init(
      _ trader: TraderID, _ cycle: CycleNumber, _ purpose: CallPurpose, _ rank: RateRank?
    ) {
      self.trader = trader
      self.cycle = cycle
      self.purpose = purpose
      self.rank = rank
    }
  }

  /// What happened so far.
  private struct Attempts {
    /// A reservation that no call has used yet.
    var reservation: CallNumber?
    /// Calls made.
    var calls = 0
    /// Why the last one gave no answer, with why the models before it gave none.
    var failure: ModelFailure?
    /// Why the models before the present one gave no answer.
    var earlier: ModelFailure?
  }

  /// How one attempt ended.
  private enum Attempt {
    case answered(Completion)
    case failed(ModelFailure)
    case refused(SpendingRefusal)
  }

  /// The model and its fallbacks, each once, at most three.
  private func chain(from model: ModelAlias) -> [any LanguageModel] {
    var chain: [any LanguageModel] = []
    var next = models[model]
    while let model = next, chain.count < AskRules.longestChain,
      !chain.contains(where: { $0.spec.alias == model.spec.alias })
    {
      chain.append(model)
      next = model.spec.fallback.flatMap { models[$0] }
    }
    return chain
  }

  /// Asks one model as often as its failures and the time allow; `nil` = try the next one.
  private func ask(
    _ model: any LanguageModel, _ question: ModelQuestion, _ errand: Errand,
    _ attempts: inout Attempts, until deadlineMs: Double
  ) async -> AskOutcome? {
    let spec = model.spec
    var generator = SeededGenerator(
      seeds: rules.seed, stableHash(errand.trader.name), UInt64(bitPattern: errand.cycle),
      stableHash(errand.purpose.rawValue), stableHash(spec.alias.name))
    for repetition in 0..<rules.retry.maxAttempts {
      if repetition > 0 {
        let wait = rules.retry.wait(
          afterAttempt: repetition, asked: attempts.failure?.retryAfter, using: &generator)
        guard wait + rules.leastTime <= timeLeft(until: deadlineMs) else { return nil }
        do {
          try await clock.sleep(wait)
        } catch {
          return .failed(cancelled(spec))
        }
      }
      switch await attempt(model, question, errand, &attempts, until: deadlineMs) {
      case .answered(let completion):
        return .answered(completion, by: spec.alias, calls: attempts.calls)
      case .refused(let refusal):
        return attempts.failure.map { .failed($0.notRepeated(refusal)) } ?? .refused(refusal)
      case .failed(let failure):
        // Obstacles tell of what came before by themselves.
        let isTold = attempts.earlier.map { failure.message.hasPrefix($0.message) } ?? true
        attempts.failure =
          isTold ? failure : attempts.earlier.map { failure.after($0) } ?? failure
        if failure.kind == .cancelled { return .failed(failure) }
        guard failure.isRetryable else { return nil }
      }
    }
    return nil
  }

  /// One call: reserved, given a place, made and settled.
  private func attempt(
    _ model: any LanguageModel, _ question: ModelQuestion, _ errand: Errand,
    _ attempts: inout Attempts, until deadlineMs: Double
  ) async -> Attempt {
    let spec = model.spec
    // Nobody waits for a call that is not made; once it has asked for its place, nobody does.
    defer { if let rank = errand.rank { permits.withdraw(spec.alias, rank) } }
    let reserved = attempts.reservation
    attempts.reservation = nil
    if let failure = obstacle(to: question, on: spec, until: deadlineMs) {
      await release(reserved)
      return .failed(attempts.failure.map { failure.after($0) } ?? failure)
    }
    var call = reserved
    if call == nil {
      switch await desk.reserve(wish(question, errand, on: spec)) {
      case .success(let number): call = number
      case .failure(let refusal): return .refused(refusal)
      }
    }
    guard let call else { preconditionFailure("expected a reserved call, was none") }
    if let failure = await place(for: spec, errand.rank, until: deadlineMs) {
      await release(call)
      return .failed(failure)
    }
    attempts.calls += 1
    let startMs = clock.nowMs()
    let result: Result<Completion, ModelFailure>
    do {
      let limit = max(.milliseconds(1), min(rules.timeout, timeLeft(until: deadlineMs)))
      result = .success(try await model.complete(question, within: limit))
    } catch {
      result = .failure(error)
    }
    let latencyMs = max(0, clock.nowMs() - startMs)
    await permits.release(spec.alias)
    await desk.settle(settlement(of: call, result, on: spec, latencyMs: latencyMs))
    switch result {
    case .success(let completion): return .answered(completion)
    case .failure(let failure): return .failed(failure)
    }
  }

  /// Why a call may not begin, before anything is reserved; `nil` = it may.
  private func obstacle(
    to question: ModelQuestion, on spec: ModelSpec, until deadlineMs: Double
  ) -> ModelFailure? {
    if Task.isCancelled { return cancelled(spec) }
    if let refusal = TokenEstimate.refusal(of: question, on: spec) {
      return ModelFailure(.badRequest, refusal.description)
    }
    return timeLeft(until: deadlineMs) < rules.leastTime ? outOfTime(spec) : nil
  }

  /// Waits for a place of the model and holds it; a failure when none came in time.
  private func place(
    for spec: ModelSpec, _ rank: RateRank?, until deadlineMs: Double
  ) async -> ModelFailure? {
    let patience = timeLeft(until: deadlineMs) - rules.leastTime
    guard patience >= .zero else { return outOfTime(spec) }
    do {
      try await permits.acquire(spec.alias, rank, patience)
    } catch {
      return Task.isCancelled || error is CancellationError
        ? cancelled(spec)
        : ModelFailure(
          .timedOut,
          "\(spec.alias): no place within the deadline (\(error)); raise max_concurrency or "
            + "requests_per_minute in llm.yaml, or give traders more time")
    }
    guard !Task.isCancelled, timeLeft(until: deadlineMs) >= rules.leastTime else {
      await permits.release(spec.alias)
      return Task.isCancelled ? cancelled(spec) : outOfTime(spec)
    }
    return nil
  }

  private func settlement(
    of call: CallNumber, _ result: Result<Completion, ModelFailure>, on spec: ModelSpec,
    latencyMs: Double
  ) -> CallSettlement {
    switch result {
    case .success(let completion):
      return CallSettlement(
        call: call, status: .answered, usage: completion.usage,
        cost: TokenEstimate.cost(of: completion.usage, on: spec), latencyMs: latencyMs,
        answeredBy: completion.answeredBy, finishReason: completion.finishReason, error: "")
    case .failure(let failure):
      let usage = failure.usage ?? TokenUsage(prompt: 0, completion: 0, isEstimated: false)
      return CallSettlement(
        call: call, status: .failed, usage: usage,
        cost: TokenEstimate.cost(of: usage, on: spec), latencyMs: latencyMs, answeredBy: "",
        finishReason: "", error: failure.message)
    }
  }

  /// Settles a reservation that no call used; `nil` = there is none.
  private func release(_ call: CallNumber?) async {
    guard let call else { return }
    await desk.settle(
      CallSettlement(
        call: call, status: .released,
        usage: TokenUsage(prompt: 0, completion: 0, isEstimated: false), cost: .zero,
        latencyMs: 0, answeredBy: "", finishReason: "", error: ""))
  }

  private func wish(
    _ question: ModelQuestion, _ errand: Errand, on spec: ModelSpec,
    digest known: String? = nil
  ) -> CallWish {
    CallWish(
      trader: errand.trader, model: spec.alias, purpose: errand.purpose, cycle: errand.cycle,
      worst: TokenEstimate.worst(of: question, on: spec),
      estimate: TokenEstimate.estimate(of: question, on: spec),
      questionDigest: known ?? digest(question.identity(on: spec)))
  }

  private func timeLeft(until deadlineMs: Double) -> Duration {
    // A Duration cannot be infinite; a year is as good.
    .milliseconds(min(max(deadlineMs - clock.nowMs(), 0), 3.2e10))
  }

  private func cancelled(_ spec: ModelSpec) -> ModelFailure {
    ModelFailure(.cancelled, "\(spec.alias): cancelled before it was asked")
  }

  private func outOfTime(_ spec: ModelSpec) -> ModelFailure {
    ModelFailure(.timedOut, "\(spec.alias): not asked, too little time is left")
  }
}

extension ModelFailure {
  /// The failure with the reason why the question was not asked again.
  fileprivate func notRepeated(_ refusal: SpendingRefusal) -> ModelFailure {
    ModelFailure(
      kind, "\(message); not asked again: \(refusal)", retryAfter: retryAfter, usage: usage,
      isLasting: isLasting)
  }

  /// A failure that followed another one, with both in words.
  fileprivate func after(_ first: ModelFailure) -> ModelFailure {
    ModelFailure(
      kind, "\(first.message); then \(message)", retryAfter: retryAfter, usage: usage,
      isLasting: isLasting)
  }
}
