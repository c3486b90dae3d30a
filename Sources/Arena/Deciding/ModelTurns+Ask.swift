import Executor
import Journal
import LLM
import Trading
import Wire

extension ModelTurns {
  /// The places of its model that a turn will wait for.
  func claim(_ turn: ModelTurn, calls: [CallNumber], place: Int) -> PermitClaim {
    PermitClaim(
      access.permits, model: turn.model,
      ranks: (0..<max(1, calls.count)).map { RateRank(tier: $0, place: place) })
  }

  /// Asks the model, reads its answer, and asks once more when it cannot be read.
  ///
  /// `place` is the trader's in the order of priority, 0 = first. Where a model's places are
  /// scarce, all decisions of those who are asked come before replicas, as with the budget.
  func take(
    _ turn: ModelTurn, calls: [CallNumber], place: Int, until deadlineMs: Double
  ) async -> TurnOutcome {
    let rank = RateRank(tier: 0, place: place)
    guard turn.replicas > 1 else { return await decide(turn, calls.first, rank, until: deadlineMs) }
    return await withTaskGroup(of: (Int, TurnOutcome).self) { group in
      group.addTask {
        var decided = await decide(turn, calls.first, rank, until: deadlineMs)
        decided.decidedAtMs = clock.monotonicMs()
        return (1, decided)
      }
      for (index, call) in calls.dropFirst().enumerated() {
        let rank = RateRank(tier: index + 1, place: place)
        group.addTask { (index + 2, await shadow(turn, call, rank, until: deadlineMs)) }
      }
      var outcomes: [(Int, TurnOutcome)] = []
      for await outcome in group { outcomes.append(outcome) }
      outcomes.sort { $0.0 < $1.0 }
      var decided = outcomes[0].1
      for (replica, outcome) in outcomes.dropFirst() {
        guard case .success(let decisions) = outcome.result else { continue }
        decided.shadows += decisions.enumerated().map { index, decision in
          ShadowDecision(replica: replica, index: index, decision: decision)
        }
      }
      decided.calls = desk.calls(of: turn.context.trader.id)
      return decided
    }
  }

  /// The outcome for a trader whose question another one asked.
  func shared(_ turn: ModelTurn, _ outcome: TurnOutcome) -> TurnOutcome {
    guard let said = outcome.conversation, !said.reply.isEmpty else {
      switch outcome.result {
      case .success: return turn.failed(.failed("the shared question has no answer"))
      case .failure(let failure): return turn.failed(failure)
      }
    }
    var shared = turn.reusing(said.reply, said.reasoning, by: said.answeredBy)
    // What came too late for the one who asked comes too late for all.
    if case .failure(let failure) = outcome.result { shared.result = .failure(failure) }
    return shared
  }

  private func decide(
    _ turn: ModelTurn, _ call: CallNumber?, _ rank: RateRank, until deadlineMs: Double
  ) async -> TurnOutcome {
    var outcome = await ask(
      turn, turn.question, .decision, call, rank, until: deadlineMs, notes: [])
    if case .failure(.unparseable(let problem)) = outcome.result, !Task.isCancelled,
      let said = outcome.conversation
    {
      let reading = ReplyReader.read(said.reply, coins: turn.context.trader.coins)
      let second = await ask(
        turn, turn.again(after: said.reply, problems: reading.problems), .reask, nil,
        rank, until: deadlineMs, notes: ["reasked"])
      if second.conversation?.reply.isEmpty == false {
        outcome = second
      } else if case .failure(let failure) = second.result {
        outcome.result = .failure(.unparseable("\(problem); asked again: \(failure)"))
      }
    }
    outcome.calls = desk.calls(of: turn.context.trader.id)
    return outcome
  }

  private func shadow(
    _ turn: ModelTurn, _ call: CallNumber, _ rank: RateRank, until deadlineMs: Double
  ) async -> TurnOutcome {
    await ask(turn, turn.question, .replica, call, rank, until: deadlineMs, notes: [])
  }

  private func ask(
    _ turn: ModelTurn, _ question: ModelQuestion, _ purpose: CallPurpose, _ call: CallNumber?,
    _ rank: RateRank, until deadlineMs: Double, notes: [String]
  ) async -> TurnOutcome {
    let trader = turn.context.trader
    let answer = await tape.answer(to: trader.id, purpose, replica: rank.tier) {
      await asker.ask(
        question, for: trader.id, cycle: turn.context.cycle, purpose: purpose,
        model: turn.model, firstCall: call, rank: rank, until: deadlineMs)
    }
    switch answer {
    case .refused(let refusal): return turn.failed(.overBudget(refusal))
    case .failed(let failure):
      return turn.failed(
        failure.kind == .cancelled ? .cutOff : .failed(failure.description))
    case .answered(let completion, let model, _):
      let reading = ReplyReader.read(completion.text, coins: trader.coins)
      // Neither a second try nor the answer of a stand-in is what this question gets next time.
      if purpose == .decision, model == turn.model, reading.isReadable, cacheTTL > .zero {
        desk.keep(
          KeptAnswer(
            questionDigest: turn.questionDigest, at: clock.now(), model: model,
            answeredBy: completion.answeredBy, reply: completion.text,
            reasoning: completion.reasoning))
      }
      return TurnOutcome(
        result: reading.result,
        conversation: turn.conversation(
          answeredBy: model.name, reply: completion.text, reasoning: completion.reasoning,
          isCached: false, repairs: notes + reading.notes))
    }
  }
}
