package import Trading

/// What a venue charges, in basis points of the notional.
package struct FeeSchedule: Sendable, Hashable {
  /// For taking liquidity.
  package let taker: Bps
  /// For providing liquidity; negative for a rebate.
  package let maker: Bps

  /// Fees from their rates.
  package init(taker: Bps, maker: Bps) {
    self.taker = taker
    self.maker = maker
  }
}

/// What a venue knows of an order.
package enum OrderLookup: Sendable, Hashable {
  /// It has, or had, the order, and this became of it.
  case found(OrderOutcome)
  /// It never got the order and, at the time of asking, still would not have it.
  case absent
}

/// Why a venue could not answer.
package enum ExchangeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It did not answer; nothing is known. Retryable.
  case unreachable(exchange: String, operation: String, cause: String)
  /// It answered something that makes no sense. Not retryable.
  case unreadable(exchange: String, operation: String, cause: String)
  /// Its books could not be read or written. Not retryable.
  case storage(exchange: String, operation: String, cause: String)
  /// It has no such account. Not retryable.
  case noSuchAccount(exchange: String, account: AccountID)
  /// The market it trades on could not be read. Retryable.
  case noMarket(exchange: String, cause: String)
  /// Money was not moved, for this reason. Not retryable.
  case notMoved(exchange: String, cause: String)
  /// It said no, or the account cannot be traded on, for this reason. Not retryable.
  case refused(exchange: String, operation: String, cause: String)

  /// The error in words, with what happened to the money and what to do.
  package var description: String {
    switch self {
    case .unreachable(let exchange, let operation, let cause):
      "\(exchange) did not answer \(operation): \(cause). What it may have "
        + "done is looked up by the next run; check the network."
    case .unreadable(let exchange, let operation, let cause):
      "\(exchange) answered \(operation) with something unreadable: \(cause). "
        + "Nothing was booked; the next run asks again."
    case .storage(let exchange, let operation, let cause):
      "\(exchange) could not keep its books during \(operation): \(cause). "
        + "The order counts as not answered; free space or fix the state directory and run again."
    case .noSuchAccount(let exchange, let account):
      "\(exchange) has no account \(account). Check the trader's exchange_provider."
    case .notMoved(let exchange, let cause):
      "\(exchange) did not move money: \(cause). Nothing was booked."
    case .refused(let exchange, let operation, let cause):
      "\(exchange) refused \(operation): \(cause)"
    case .noMarket(let exchange, let cause):
      "\(exchange) could not read its market: \(cause). Positions are unchanged; run again."
    }
  }
}

/// A venue, as far as the pipeline knows it.
///
/// All money and sizes are exact.
///
/// A call never sends the same order twice by itself. `at` is the time of the cycle; a real venue
/// may ignore it, a simulated one lives by it.
package protocol Exchange: Sendable {
  /// Whether its time and money are made up.
  var isSimulated: Bool { get }

  /// What it charges an account.
  func fees(for account: AccountID) async throws(ExchangeError) -> FeeSchedule

  /// Forgets what it keeps in memory only, so that a cycle begins from what is on record.
  func forget() async

  /// Makes sure that an account exists; a simulated venue opens it with the deposit, once.
  func ensureAccount(
    _ account: AccountID, deposit: USD, at now: Timestamp
  ) async throws(ExchangeError)

  /// Brings several accounts up to date at once, where that saves work; a report does so anyway.
  ///
  /// An account the venue does not have is passed over.
  func catchUp(_ accounts: [AccountID], to now: Timestamp) async throws(ExchangeError)

  /// The venue's own time, as far as it is known: from it orders are numbered and expire.
  ///
  /// A simulated one has the time of the cycle.
  func time(inCycleOf now: Timestamp) -> Timestamp

  /// How orders whose outcome is not known are settled.
  var settlement: SettlementRules { get }

  /// How long after it happened something may first be reported.
  var reportDelay: Span { get }

  /// The money that an account holds before nof0 first trades on it, USD; `nil` = what is deposited
  /// with ``ensureAccount(_:deposit:at:)``.
  func funds(of account: AccountID, at now: Timestamp) async throws(ExchangeError) -> USD?

  /// What stands in the way of trading on an account; empty = nothing.
  func readiness(of account: AccountID, at now: Timestamp) async -> [VenueFinding]

  /// The exact bytes that send an order, to be written down before ``submit(_:at:)``; `nil` = no
  /// bytes are needed, or the order cannot be signed, and is then refused when submitted.
  ///
  /// Needs what the venue's last report or ``readiness(of:at:)`` taught; asks nobody.
  func seal(_ intent: OrderIntent) -> [UInt8]?

  /// The account now, and its fills, funding and transfers at or after `since`.
  ///
  /// A simulated venue first catches up to `now`. Asking again with the same `since` repeats what
  /// was reported; the caller tells known fills by their ids. A real venue that was never asked
  /// (`since` = 1970) reports what it holds as an opening transfer and adopted fills; one that is
  /// told what is known may leave out what cannot have changed.
  func report(
    on account: AccountID, since: Timestamp, knowing known: KnownBooks?, at now: Timestamp
  ) async throws(ExchangeError) -> AccountReport

  /// Sends orders, in order, each at most once. Never throws: what is not known is `unknown`.
  ///
  /// Sending an intent again whose client id the venue has already seen changes nothing and
  /// answers with what became of it.
  /// - Returns: One outcome per order, in the same order.
  func submit(
    _ orders: [RiskApproved<OrderIntent>], at now: Timestamp
  ) async -> [OrderOutcome]

  /// Takes back resting orders by our ids; an order that no longer rests is left as it is.
  func cancel(
    _ orders: [ClientOrderID], of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError)

  /// Whether ``transfer(_:at:)`` can move money into and out of its accounts.
  var movesMoney: Bool { get }

  /// Moves money into (or, when negative, out of) accounts, all of it or nothing.
  ///
  /// Each movement is made once whatever happens: telling an id again changes nothing. Reports tell
  /// what was moved.
  func transfer(
    _ transfers: [AccountTransfer], at now: Timestamp
  ) async throws(ExchangeError)

  /// What became of an order.
  func lookUp(
    _ order: ClientOrderID, of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError) -> OrderLookup
}

extension Exchange {
  /// The account now, and all it did since, whatever is known.
  package func report(
    on account: AccountID, since: Timestamp, at now: Timestamp
  ) async throws(ExchangeError) -> AccountReport {
    try await report(on: account, since: since, knowing: nil, at: now)
  }
}

/// What is the same at every venue that is not reached over a network.
extension Exchange {
  /// It keeps nothing in memory that is not on record, or is asked anew.
  package func forget() async {}

  /// The time of the cycle.
  package func time(inCycleOf now: Timestamp) -> Timestamp { now }

  /// It knows at once whether it has an order.
  package var settlement: SettlementRules { .immediate }

  /// Everything is reported at once.
  package var reportDelay: Span { .zero }

  /// What is deposited.
  package func funds(
    of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError) -> USD? { nil }

  /// Nothing stands in the way.
  package func readiness(of account: AccountID, at now: Timestamp) async -> [VenueFinding] { [] }

  /// Nothing is signed.
  package func seal(_ intent: OrderIntent) -> [UInt8]? { nil }
}
