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

  private struct Book {
    var traders: [CallNumber: TraderID] = [:]
    var unsettled: Set<CallNumber> = []
    var unwritten: [CallSettlement] = []
    var answers: [KeptAnswer] = []
    var settled: [TraderID: [CallSettlement]] = [:]
    var failure: JournalError?
  }

  /// A desk of one phase.
  ///
  /// - Parameters:
  ///   - run: The run; `nil` for a dry run, which has no row on record.
  ///   - longest: After this time a call of this phase is certainly over.
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
          book.traders[call] = wish.trader
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
    book.withLock { book in
      guard book.unsettled.remove(settlement.call) != nil else { return }
      book.unwritten.append(settlement)
      if let trader = book.traders[settlement.call] {
        book.settled[trader, default: []].append(settlement)
      }
    }
  }

  /// Releases a call that will not be made.
  func giveBack(_ call: CallNumber) {
    settle(
      CallSettlement(
        call: call, status: .released,
        usage: TokenUsage(prompt: 0, completion: 0, isEstimated: false), cost: .zero,
        latencyMs: 0, answeredBy: "", finishReason: "", error: ""))
  }

  /// Keeps an answer for the same question.
  func keep(_ answer: KeptAnswer) { book.withLock { $0.answers.append(answer) } }

  /// The calls made for a trader so far, in the order they ended.
  func calls(of trader: TraderID) -> [CallSettlement] {
    book.withLock { $0.settled[trader] ?? [] }
  }

  /// What is not written yet, to be written with the plan; a dry run, whose plan is not written,
  /// writes it here.
  ///
  /// - Throws: Also an earlier failure to reserve.
  func close() throws(JournalError) -> SpendingChanges? {
    let now = clock.now()
    let (changes, failure) = book.withLock { book in
      let changes = SpendingChanges(
        settlements: book.unwritten, answers: book.answers, at: now)
      book.unwritten = []
      book.answers = []
      return (changes, book.failure)
    }
    if run == nil {
      try store.settle(changes.settlements, keeping: changes.answers, at: now)
    }
    if let failure { throw failure }
    return run == nil ? nil : changes
  }
}
