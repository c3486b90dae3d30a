import Journal
import LLM
import Synchronization
import Trading

/// Where the calls of one decide phase are reserved and settled.
///
/// First calls are reserved together, in the order of priority, before anything is sent. What calls
/// consumed is written at the end of the phase, or with the next reservation, in one transaction;
/// a run that dies before that leaves its reservations, which the next run settles by estimate.
final class SpendingDesk: Sendable {
  private let store: SpendingStore
  private let caps: SpendingCaps
  private let run: RunNumber?
  private let clock: WallClock
  private let longest: Span
  private let book = Mutex(Book())

  fileprivate struct Book {
    var wishes: [CallNumber: CallWish] = [:]
    var days: [CallNumber: CivilDay] = [:]
    var unsettled: Set<CallNumber> = []
    var unwritten: [CallSettlement] = []
    var answers: [KeptAnswer] = []
    var settled: [TraderID: [CallSettlement]] = [:]
    var failure: JournalError?
  }

  /// A desk of one phase.
  ///
  /// `run` is `nil` for a dry run, which has no row on record; after `longest` a call of this phase
  /// is certainly over.
  init(
    _ store: SpendingStore, caps: SpendingCaps, run: RunNumber?, clock: WallClock, longest: Span
  ) {
    self.store = store
    self.caps = caps
    self.run = run
    self.clock = clock
    self.longest = longest
  }

  /// Reserves calls in their order, together.
  func reserve(
    _ wishes: [CallWish]
  ) throws(JournalError) -> [Result<CallNumber, SpendingRefusal>] {
    guard !wishes.isEmpty else { return [] }
    // The lock also keeps two reservations of one phase from using the connection together.
    typealias Answer = Result<[Result<CallNumber, SpendingRefusal>], JournalError>
    let result = book.withLock { book -> Answer in
      do throws(JournalError) {
        let now = clock.now()
        let results = try store.settle(
          book.unwritten, thenReserve: wishes, caps: caps, run: run, at: now,
          expiresAt: now + longest)
        book.unwritten = []
        for (wish, result) in zip(wishes, results) {
          guard case .success(let call) = result else { continue }
          book.wishes[call] = wish
          book.days[call] = CivilDay(now)
          book.unsettled.insert(call)
        }
        return .success(results)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// The desk as those who ask see it.
  var counter: CallDesk {
    CallDesk(
      reserve: { wish in
        do throws(JournalError) {
          return try self.reserve([wish])[0]
        } catch {
          // Without a record no call may be made; the phase throws the error at its end.
          self.book.withLock { if $0.failure == nil { $0.failure = error } }
          return .failure(
            SpendingRefusal(
              cap: "the state", limit: "no call without a record",
              used: "the record cannot be written", needed: error.description))
        }
      },
      settle: { self.settle($0) })
  }

  private func settle(_ settlement: CallSettlement) {
    book.withLock { $0.settle(settlement) }
  }

  /// Releases a call that will not be made.
  func giveBack(_ call: CallNumber) { settle(.released(call)) }

  /// Keeps an answer for the same question.
  func keep(_ answer: KeptAnswer) { book.withLock { $0.answers.append(answer) } }

  /// The calls made for a trader so far, in the order they ended.
  func calls(of trader: TraderID) -> [CallSettlement] {
    book.withLock { $0.settled[trader] ?? [] }
  }

  /// What is not written yet, to be written with the plan; a dry run, whose plan is not written,
  /// writes it here.
  ///
  /// Called when everybody has been asked: a call that is still reserved then was never made.
  ///
  /// - Throws: Also an earlier failure to reserve.
  func close() throws(JournalError) -> ClosedDesk {
    let now = clock.now()
    let (closed, failure) = book.withLock { ($0.close(at: now), $0.failure) }
    if run == nil, let changes = closed.changes {
      try store.settle(changes.settlements, keeping: changes.answers, at: now)
    }
    if let failure { throw failure }
    return run == nil ? ClosedDesk() : closed
  }

  /// Writes down what calls consumed when there will be no plan to write it with.
  func giveUp() {
    let now = clock.now()
    guard let changes = book.withLock({ $0.close(at: now) }).changes else { return }
    // The phase fails for a reason of its own; what cannot be written here is estimated by the
    // next run.
    _ = try? store.settle(changes.settlements, at: now)
  }
}

/// What is left when a desk closes.
struct ClosedDesk: Sendable {
  /// What is to be written; `nil` = nothing.
  var changes: SpendingChanges?
  /// What the record counts too much for each trader, in the day of the closing, until that is
  /// written.
  var overhang: [TraderID: Spent] = [:]
}

extension SpendingDesk.Book {
  fileprivate mutating func settle(_ settlement: CallSettlement) {
    guard unsettled.remove(settlement.call) != nil else { return }
    unwritten.append(settlement)
    if let trader = wishes[settlement.call]?.trader {
      settled[trader, default: []].append(settlement)
    }
  }

  fileprivate mutating func close(at now: Timestamp) -> ClosedDesk {
    for call in unsettled.sorted() { settle(.released(call)) }
    var overhang: [TraderID: Spent] = [:]
    for settlement in unwritten where days[settlement.call] == CivilDay(now) {
      guard let wish = wishes[settlement.call] else { continue }
      let used =
        settlement.status == .released
        ? Spent.zero : Spent(tokens: settlement.usage.total, cost: settlement.cost)
      overhang[wish.trader] =
        (overhang[wish.trader] ?? .zero)
        + Spent(tokens: wish.worst.tokens - used.tokens, cost: wish.worst.cost - used.cost)
    }
    let changes = SpendingChanges(settlements: unwritten, answers: answers, at: now)
    unwritten = []
    answers = []
    return ClosedDesk(changes: changes, overhang: overhang)
  }
}

extension CallSettlement {
  /// The end of a call that is not made.
  fileprivate static func released(_ call: CallNumber) -> CallSettlement {
    CallSettlement(
      call: call, status: .released,
      usage: TokenUsage(prompt: 0, completion: 0, isEstimated: false), cost: .zero,
      latencyMs: 0, answeredBy: "", finishReason: "", error: "")
  }
}
