package import Exchanges
import Synchronization
package import Trading

/// A venue that behaves as another one until it is told what to do wrong.
package final class FaultyExchange: Exchange {
  /// What goes wrong; nothing by default.
  package struct Faults: Sendable {
    /// Purposes of orders that are refused without reaching the venue.
    package var refused: Set<OrderPurpose> = []
    /// Purposes of orders that never arrive and are answered `unknown`.
    package var swallowed: Set<OrderPurpose> = []
    /// Purposes of orders that are carried out and answered `unknown`.
    package var answersLost: Set<OrderPurpose> = []
    /// Whether no question is answered at all.
    package var isUnreachable = false
    /// Whether orders alone cannot be looked up.
    package var hidesOrders = false
    /// Whether the fees alone cannot be asked for.
    package var hidesFees = false

    /// What goes wrong with moving money; `nil` = nothing.
    package var transfers: TransferFault?

    /// Nothing goes wrong.
    package init() {}
  }

  /// What can go wrong with moving money.
  package enum TransferFault: Sendable {
    /// It is refused: nothing moves, and the caller knows.
    case refused
    /// It never arrives: nothing moves, and nobody answers.
    case swallowed
    /// It is carried out, and nobody answers.
    case answerLost
  }

  private struct Course: Sendable {
    var faults = Faults()
    var sent: [OrderRequest] = []
    var moved: [AccountTransfer] = []
  }

  private let inner: any Exchange
  private let course = Mutex(Course())

  /// A venue in front of another one.
  package init(_ inner: any Exchange) { self.inner = inner }

  /// Every order that was handed over, in order, repetitions included.
  package var sent: [OrderRequest] { course.withLock { $0.sent } }

  /// Every movement of money that was handed over, in order, repetitions included.
  package var moved: [AccountTransfer] { course.withLock { $0.moved } }

  /// Changes what goes wrong from now on.
  package func set(_ change: @Sendable (inout Faults) -> Void) {
    course.withLock { change(&$0.faults) }
  }

  /// As the other venue.
  package var isSimulated: Bool { inner.isSimulated }

  /// As the other venue, unless they are hidden.
  package func fees(for account: AccountID) async throws(ExchangeError) -> FeeSchedule {
    try check("fees")
    if course.withLock({ $0.faults.hidesFees }) { throw unreachable("fees") }
    return try await inner.fees(for: account)
  }

  /// As the other venue.
  package func ensureAccount(
    _ account: AccountID, deposit: USD, at now: Timestamp
  ) async throws(ExchangeError) {
    try check("opening the account")
    try await inner.ensureAccount(account, deposit: deposit, at: now)
  }

  /// As the other venue; a failure shows when it is asked for its report.
  package func catchUp(
    _ accounts: [AccountID], to now: Timestamp
  ) async throws(ExchangeError) {
    try check("report")
    try await inner.catchUp(accounts, to: now)
  }

  /// As the other venue.
  package func report(
    on account: AccountID, since: Timestamp, knowing known: KnownBooks?, at now: Timestamp
  ) async throws(ExchangeError) -> AccountReport {
    try check("report")
    return try await inner.report(on: account, since: since, knowing: known, at: now)
  }

  /// As the other venue, order by order, with what is to go wrong.
  package func submit(
    _ orders: [RiskApproved<OrderIntent>], at now: Timestamp
  ) async -> [OrderOutcome] {
    var outcomes: [OrderOutcome] = []
    for order in orders {
      let purpose = order.request.request.purpose
      let faults = course.withLock {
        $0.sent.append(order.request.request)
        return $0.faults
      }
      if faults.isUnreachable || faults.swallowed.contains(purpose) {
        outcomes.append(.unknown("the line is dead"))
      } else if faults.refused.contains(purpose) {
        outcomes.append(.rejected("refused by the test"))
      } else {
        let answers = await inner.submit([order], at: now)
        outcomes +=
          faults.answersLost.contains(purpose) ? [.unknown("the answer is lost")] : answers
      }
    }
    return outcomes
  }

  /// As the other venue.
  package func cancel(
    _ orders: [ClientOrderID], of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError) {
    try check("cancel")
    try await inner.cancel(orders, of: account, at: now)
  }

  /// As the other venue.
  package var movesMoney: Bool { inner.movesMoney }

  /// As the other venue, with what is to go wrong.
  package func transfer(
    _ transfers: [AccountTransfer], at now: Timestamp
  ) async throws(ExchangeError) {
    let fault = course.withLock {
      $0.moved += transfers
      return $0.faults.transfers
    }
    try check("transfer")
    switch fault {
    case .refused: throw .notMoved(exchange: "faulty", cause: "refused by the test")
    case .swallowed: throw unreachable("transfer")
    case .answerLost:
      try await inner.transfer(transfers, at: now)
      throw unreachable("transfer")
    case nil: try await inner.transfer(transfers, at: now)
    }
  }

  /// As the other venue.
  package func lookUp(
    _ order: ClientOrderID, of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError) -> OrderLookup {
    try check("look-up")
    if course.withLock({ $0.faults.hidesOrders }) { throw unreachable("look-up") }
    return try await inner.lookUp(order, of: account, at: now)
  }

  private func check(_ operation: String) throws(ExchangeError) {
    if course.withLock({ $0.faults.isUnreachable }) { throw unreachable(operation) }
  }

  private func unreachable(_ operation: String) -> ExchangeError {
    .unreachable(exchange: "faulty", operation: operation, cause: "the line is dead")
  }
}
