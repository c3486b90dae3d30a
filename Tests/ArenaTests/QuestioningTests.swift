import Arena
import Synchronization
import Testing
import Trading

@Suite struct QuestioningTests {
  private final class Hands: Sendable {
    struct Contents {
      var nowMs = 0.0
      var running = 0
      var most = 0
      var asked: [Int] = []
    }
    let contents = Mutex(Contents())

    var clock: WallClock {
      WallClock(
        now: { CycleBench.noon }, monotonicMs: { [self] in contents.withLock { $0.nowMs } })
    }

    /// A question whose answer names it.
    func question(_ number: Int, takes ms: Double = 0, timeout: Span? = .minute) -> Question {
      Question(timeout: timeout, cutoffMs: 112_500) { [self] _ in
        contents.withLock {
          $0.asked.append(number)
          $0.running += 1
          $0.most = max($0.most, $0.running)
        }
        for _ in 0..<(8 - number % 8) { await Task.yield() }
        contents.withLock {
          $0.nowMs += ms
          $0.running -= 1
        }
        return .failed(.failed("\(number)"))
      }
    }
  }

  @Test(arguments: [nil, 1, 2, 7, 100])
  func keepsTheOrderAndTheLimit(limit: Int?) async {
    let hands = Hands()

    let outcomes = await Questioning(clock: hands.clock, limit: limit)
      .outcomes(of: (0..<40).map { hands.question($0) })

    #expect(outcomes == (0..<40).map { .failed(.failed("\($0)")) })
    #expect(hands.contents.withLock { $0.most } <= limit ?? 40)
    #expect(hands.contents.withLock { $0.asked.sorted() } == Array(0..<40))
  }

  @Test func asksNobodyWhereThereIsNobody() async {
    #expect(await Questioning(clock: Hands().clock, limit: nil).outcomes(of: []).isEmpty)
  }

  /// One after another, 50 s each, 60 s for each: the third one begins at 100 s and ends after the
  /// cutoff at 112.5 s, the fourth is not asked.
  @Test func aQueueTakesNoTimeButTheRunsEndCountsForAll() async {
    let hands = Hands()

    let outcomes = await Questioning(clock: hands.clock, limit: 1)
      .outcomes(of: (0..<4).map { hands.question($0, takes: 50_000) })

    #expect(
      outcomes == [
        .failed(.failed("0")), .failed(.failed("1")), .failed(.cutOff), .failed(.cutOff),
      ])
    #expect(hands.contents.withLock { $0.asked } == [0, 1, 2])
  }

  @Test func aLateAnswerKeepsItsConversationAndLosesItsDecisions() async {
    let hands = Hands()
    let said = Conversation(
      answeredBy: "m", system: "", user: "?", reply: "!", reasoning: "", promptVersion: "",
      templateDigest: "", questionDigest: "", isCached: false, repairs: [])
    let question = Question(timeout: .minute, cutoffMs: 112_500) { _ in
      hands.contents.withLock { $0.nowMs = 60_000 }
      return TurnOutcome(result: .success([]), conversation: said)
    }

    let outcome = await Questioning(clock: hands.clock, limit: nil).outcomes(of: [question])[0]

    #expect(outcome.result == .failure(.timedOut(after: .minute)))
    #expect(outcome.conversation == said)
  }

  @Test func whatReplicasTakeMakesNoDecisionLate() async {
    let hands = Hands()
    let question = Question(timeout: .minute, cutoffMs: 112_500) { _ in
      var outcome = TurnOutcome.plain(.success([]))
      outcome.decidedAtMs = 59_999
      hands.contents.withLock { $0.nowMs = 60_001 }
      return outcome
    }

    let outcome = await Questioning(clock: hands.clock, limit: nil).outcomes(of: [question])[0]

    #expect(outcome.result == .success([]))
  }

  /// Those who look at a peer decide by themselves, after however long others took.
  @Test func whoNeedsNobodyOutsideIsNotCutOff() async {
    let hands = Hands()

    let outcomes = await Questioning(clock: hands.clock, limit: 1)
      .outcomes(of: [hands.question(0, takes: 200_000), hands.question(1, timeout: nil)])

    #expect(outcomes == [.failed(.timedOut(after: .minute)), .failed(.failed("1"))])
  }

  /// A question that would never end by itself is cancelled soon after its time: here 1 ms.
  @Test func cancelsWhatHangs() async {
    let question = Question(timeout: Span(ms: 1), cutoffMs: .infinity) { _ in
      while !Task.isCancelled { await Task.yield() }
      return .failed(.failed("cancelled"))
    }

    let outcome = await Questioning(clock: .live, limit: nil).outcomes(of: [question])[0]

    #expect(outcome.result == .failure(.timedOut(after: Span(ms: 1))))
  }
}
