package import LLM
package import Trading

/// One trader to be asked: how, and until when.
package struct Question: Sendable {
  /// How long it may take from the moment it is asked; `nil` = nothing but the end of the process
  /// cuts it off, for decisions that need nobody outside.
  package let timeout: Span?
  /// When an answer comes too late whoever gave it, in monotonic ms.
  package let cutoffMs: Double
  /// The places of a model that it will wait for; `nil` = none.
  package let claim: PermitClaim?
  /// Asks until an instant in monotonic ms; it must end soon after its task is cancelled.
  package let ask: @Sendable (Double) async -> TurnOutcome

  /// A question from its parts.
  package init(
    timeout: Span?, cutoffMs: Double, claim: PermitClaim? = nil,
    ask: @escaping @Sendable (Double) async -> TurnOutcome
  ) {
    self.timeout = timeout
    self.cutoffMs = cutoffMs
    self.claim = claim
    self.ask = ask
  }

  /// When an answer comes too late for a question asked now, and what the outcome is then.
  func deadline(askedAtMs now: Double) -> (ms: Double, late: TurnFailure) {
    guard let timeout else { return (.infinity, .cutOff) }
    let own = now + Double(timeout.ms)
    return own <= cutoffMs ? (own, .timedOut(after: timeout)) : (cutoffMs, .cutOff)
  }
}

/// Asks many traders at the same time; the first has the first claim on scarce places.
///
/// One that hangs changes nothing for the others: each has its own time, which begins when it is
/// asked and not while it waits for its turn, and is cancelled when that is over.
package struct Questioning: Sendable {
  /// The clocks.
  package let clock: WallClock
  /// How many may be asked at the same time, at least 1; `nil` = all of them.
  package let limit: Int?

  /// How often it is looked whether the process was told to end, in ms.
  private static let shutdownTickMs: Int64 = 50
  /// How long after its deadline a question is cancelled that does not end by itself, in ms.
  private static let graceMs = 250.0
  /// The longest sleep, in ms: a year, where a deadline is further away than a clock can tell.
  private static let longestSleepMs = 3.2e10

  /// Questioning with a limit.
  package init(clock: WallClock, limit: Int?) {
    self.clock = clock
    self.limit = limit
  }

  /// The outcomes in the order of the questions, whoever answered first.
  ///
  /// A request to end the process cancels what is still under way.
  package func outcomes(of questions: [Question]) async -> [TurnOutcome] {
    var outcomes = questions.map { _ in TurnOutcome.failed(.cutOff) }
    await withTaskGroup(of: (Int, TurnOutcome)?.self) { group in
      var waiting = questions.indices[...]
      var running = 0
      group.addTask { await watchForShutdown() }
      func addNext() {
        guard let index = waiting.popFirst() else { return }
        running += 1
        let question = questions[index]
        group.addTask {
          // Whatever became of it, nobody waits for it any more.
          defer { question.claim?.withdraw() }
          return (index, await outcome(of: question))
        }
      }
      let beginners = min(max(1, limit ?? .max), questions.count)
      // Before any of them is asked, so that the order of the questions decides and not who is
      // quicker. Who is not asked yet claims nothing: nobody may wait for those behind a queue.
      for question in questions.prefix(beginners) { question.claim?.announce() }
      for _ in 0..<beginners { addNext() }
      while running > 0, let finished = await group.next() {
        guard let (index, outcome) = finished else {
          group.cancelAll()
          continue
        }
        running -= 1
        outcomes[index] = outcome
        if let next = waiting.first { questions[next].claim?.announce() }
        addNext()
      }
      group.cancelAll()
    }
    return outcomes
  }

  /// Ends with `nil` when the process was told to end, or when nobody waits any more.
  private func watchForShutdown() async -> (Int, TurnOutcome)? {
    while !Shutdown.isRequested {
      // Cancellation is the usual end of this watch, not an error.
      guard (try? await Task.sleep(for: .milliseconds(Self.shutdownTickMs))) != nil else { break }
    }
    return nil
  }

  private func outcome(of question: Question) async -> TurnOutcome {
    let now = clock.monotonicMs()
    let (deadline, late) = question.deadline(askedAtMs: now)
    guard !Task.isCancelled, !Shutdown.isRequested, now < deadline else {
      return .failed(Shutdown.isRequested ? .cutOff : late)
    }
    var outcome = await ask(question, until: deadline, from: now)
    // An answer that arrives after its cutoff is recorded and never executed.
    if outcome.decidedAtMs ?? clock.monotonicMs() >= deadline {
      outcome.result = .failure(late)
    } else if Shutdown.isRequested, Task.isCancelled {
      outcome.result = .failure(.cutOff)
    }
    return outcome
  }

  /// Asks, and cancels what has not ended by itself when the time is over.
  private func ask(
    _ question: Question, until deadline: Double, from now: Double
  ) async -> TurnOutcome {
    guard deadline.isFinite else { return await question.ask(deadline) }
    let patience = min(deadline - now + Self.graceMs, Self.longestSleepMs)
    return await withTaskGroup(of: TurnOutcome?.self) { group in
      group.addTask { await question.ask(deadline) }
      group.addTask {
        // Cancelled when the question has ended; that is the usual end, not an error.
        try? await Task.sleep(for: .milliseconds(patience))
        return nil
      }
      var outcome = TurnOutcome.failed(.cutOff)
      for await ended in group {
        if let ended { outcome = ended }
        group.cancelAll()
      }
      return outcome
    }
  }
}
