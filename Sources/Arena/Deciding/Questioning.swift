import Trading

/// One trader to be asked: how, and until when.
struct Question: Sendable {
  /// When an answer comes too late, in monotonic ms.
  let deadlineMs: Double
  /// What the outcome is when no answer came in time.
  let late: TurnFailure
  /// Asks; it must end soon after its task is cancelled.
  let ask: @Sendable () async -> TurnOutcome
}

/// Asks many traders at the same time.
///
/// One that hangs changes nothing for the others: each has its own deadline, and every way of
/// asking ends when it is cancelled.
struct Questioning: Sendable {
  /// The clocks.
  let clock: WallClock
  /// How many may be asked at the same time, at least 1; `nil` = all of them.
  let limit: Int?

  /// How often it is looked whether the process was told to end, in ms.
  private static let shutdownTickMs: Int64 = 50

  /// The outcomes in the order of the questions, whoever answered first.
  ///
  /// A request to end the process cancels what is still under way.
  func outcomes(of questions: [Question]) async -> [TurnOutcome] {
    var outcomes = questions.map { _ in TurnOutcome.failed(.cutOff) }
    await withTaskGroup(of: (Int, TurnOutcome)?.self) { group in
      var waiting = questions.indices[...]
      var running = 0
      group.addTask { await watchForShutdown() }
      func addNext() {
        guard let index = waiting.popFirst() else { return }
        running += 1
        group.addTask { (index, await outcome(of: questions[index])) }
      }
      for _ in 0..<min(limit ?? .max, questions.count) { addNext() }
      while running > 0, let finished = await group.next() {
        guard let (index, outcome) = finished else {
          group.cancelAll()
          continue
        }
        running -= 1
        outcomes[index] = outcome
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
    guard !Task.isCancelled, !Shutdown.isRequested, clock.monotonicMs() < question.deadlineMs else {
      return .failed(Shutdown.isRequested ? .cutOff : question.late)
    }
    var outcome = await question.ask()
    // An answer that arrives after its cutoff is recorded and never executed.
    if clock.monotonicMs() >= question.deadlineMs {
      outcome.result = .failure(question.late)
    } else if Shutdown.isRequested, Task.isCancelled {
      outcome.result = .failure(.cutOff)
    }
    return outcome
  }
}
