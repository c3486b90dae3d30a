import LLM
import Synchronization
import Testing
import Trading
import Wire

/// A desk, places, a clock and models in memory, for watching an asker.
///
/// Time is virtual: it passes only while something waits or a model works.
final class AskScene: Sendable {
  /// What happened.
  struct Log {
    var nowMs = 0.0
    var wishes: [CallNumber: CallWish] = [:]
    var settlements: [CallSettlement] = []
    var asked: [(model: String, limit: Duration, atMs: Double)] = []
    var waits: [Duration] = []
    var refusals: [SpendingRefusal?] = []
    var held: [String: Int] = [:]
    var heldTooOften = false
    /// The rank of each request for a place.
    var ranks: [RateRank?] = []
    var withdrawn: [(model: String, rank: RateRank)] = []
    var askedWhenCancelled = false
    var generator = SeededGenerator(seed: 0)
    /// The share of port calls, in percent, during which the task is cancelled.
    var cancelsPct = 0
    /// The share of reservations that are refused and of places that never come free, in percent.
    var refusesPct = 0
    /// The longest time any port takes, ms.
    var portMs = 0
  }

  let log: Mutex<Log>

  init(_ log: Log = Log()) { self.log = Mutex(log) }

  static let refusal = SpendingRefusal(
    cap: "budget.daily_usd_limit", limit: "1 USD", used: "1 USD", needed: "0.02 USD")

  /// Lets time pass in a port, and perhaps cancels the task meanwhile.
  @discardableResult func pass(_ most: Duration? = nil) -> Duration {
    let (span, cancels) = log.withLock { log in
      let drawn = Duration.milliseconds(log.generator.below(log.portMs + 1))
      let span = min(drawn, most ?? drawn)
      log.nowMs += span / .milliseconds(1)
      return (span, log.generator.below(100) < log.cancelsPct)
    }
    if cancels { withUnsafeCurrentTask { $0?.cancel() } }
    return span
  }

  private func isUnlucky() -> Bool {
    log.withLock { $0.generator.below(100) < $0.refusesPct }
  }

  var desk: CallDesk {
    CallDesk(
      reserve: { [self] wish in
        pass()
        let unlucky = isUnlucky()
        return log.withLock { log in
          if unlucky || (!log.refusals.isEmpty && log.refusals.removeFirst() != nil) {
            return .failure(Self.refusal)
          }
          let number = CallNumber(log.wishes.count + 1)
          log.wishes[number] = wish
          return .success(number)
        }
      },
      settle: { [self] settlement in log.withLock { $0.settlements.append(settlement) } })
  }

  var permits: ModelPermits {
    ModelPermits(
      announce: { _, _ in },
      withdraw: { [self] alias, rank in log.withLock { $0.withdrawn.append((alias.name, rank)) } },
      acquire: { [self] alias, rank, limit in
        log.withLock { $0.ranks.append(rank) }
        // Sometimes later than it may be.
        pass(isUnlucky() ? nil : limit)
        try Task.checkCancellation()
        if isUnlucky() { throw NoPlace() }
        log.withLock { $0.held[alias.name, default: 0] += 1 }
        pass(.zero)
      },
      release: { [self] alias in
        log.withLock { log in
          log.held[alias.name, default: 0] -= 1
          if log.held[alias.name, default: 0] < 0 { log.heldTooOften = true }
        }
      })
  }

  var clock: AskClock {
    AskClock(
      nowMs: { [self] in log.withLock { $0.nowMs } },
      sleep: { [self] wait in
        log.withLock { log in
          log.waits.append(wait)
          log.nowMs += wait / .milliseconds(1)
        }
        pass(.zero)
        try Task.checkCancellation()
      })
  }

  func asker(_ models: [any LanguageModel], _ rules: AskRules) -> Asker {
    Asker(
      models: models, desk: desk, permits: permits, clock: clock, rules: rules,
      digest: { "\(stableHash(String(decoding: $0, as: UTF8.self)))" })
  }

  struct NoPlace: Error, CustomStringConvertible { let description = "2 of 2 in use" }
}

/// A model whose results are given, each after a time.
struct SceneModel: LanguageModel {
  let spec: ModelSpec
  let scene: AskScene
  /// The result and the time of the n-th call to any model, from 0.
  let reply: @Sendable (Int) -> (Duration, Result<Completion, ModelFailure>)

  func complete(
    _ question: ModelQuestion, within limit: Duration
  ) async throws(ModelFailure) -> Completion {
    let count = scene.log.withLock { log in
      log.asked.append((spec.alias.name, limit, log.nowMs))
      log.askedWhenCancelled = log.askedWhenCancelled || Task.isCancelled
      return log.asked.count - 1
    }
    scene.pass(.zero)
    let (span, result) = reply(count)
    scene.log.withLock { $0.nowMs += min(span, limit) / .milliseconds(1) }
    let unknown = TokenEstimate.usage(of: question, on: spec)
    if Task.isCancelled { throw ModelFailure(.cancelled, "cancelled", usage: unknown) }
    if span >= limit { throw ModelFailure(.timedOut, "late", usage: unknown) }
    return try result.get()
  }
}

/// A small answer: 20 and 10 tokens.
let answer = Completion(
  text: "hold", reasoning: "",
  usage: TokenUsage(prompt: 20, completion: 10, isEstimated: false), answeredBy: "v",
  finishReason: "stop")
