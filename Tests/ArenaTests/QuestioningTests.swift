import Arena
import LLM
import Synchronization
import Testing
import Trading
import Wire

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

  /// Whoever is asked, those before it are announced by then, and those behind a queue are not.
  @Test(arguments: [nil, 1, 3, 100])
  func announcesInTheOrderOfTheQuestionsAndTakesAllBack(limit: Int?) async throws {
    struct Places {
      var announced: [Int] = []
      var withdrawn: [Int] = []
      var atTheFirst = 0
    }
    let places = Mutex(Places())
    let model = try #require(ModelAlias("m"))
    let permits = ModelPermits(
      announce: { _, rank in places.withLock { $0.announced.append(rank.place) } },
      withdraw: { _, rank in places.withLock { $0.withdrawn.append(rank.place) } },
      acquire: { _, _, _ in }, release: { _ in })
    let questions = (0..<12).map { place in
      // The odd ones have no time and are never asked.
      Question(
        timeout: place % 2 == 0 ? .minute : .zero, cutoffMs: 112_500,
        claim: PermitClaim(permits, model: model, ranks: [RateRank(tier: 0, place: place)])
      ) { _ in
        places.withLock { if place == 0 { $0.atTheFirst = $0.announced.count } }
        return .failed(.failed("\(place)"))
      }
    }

    _ = await Questioning(clock: Hands().clock, limit: limit).outcomes(of: questions)

    let seen = places.withLock { $0 }
    #expect(seen.announced == Array(0..<12))
    #expect(seen.withdrawn.sorted() == Array(0..<12))
    #expect(seen.atTheFirst >= min(limit ?? 12, 12))
    if limit == 1 { #expect(seen.atTheFirst == 1) }
  }
}
