import Market
import Trading

/// A batch of orders on its way through the venue: what is decided so far, and what must be saved.
struct SimBatch {
  let intents: [OrderIntent]
  /// The accounts with orders not yet refused as a whole, in the order of their first order.
  private(set) var accounts: [AccountID]
  private let name: String
  private var results: [Result]
  private var books: [AccountID: SimChange] = [:]

  /// What is known of one order.
  private enum Result {
    /// Nothing yet.
    case open
    /// Decided without any change to the books.
    case known(OrderOutcome)
    /// Decided by a change that has yet to be saved.
    case pending(SimOrder)
  }

  init(intents: [OrderIntent], name: String) {
    self.intents = intents
    self.name = name
    results = intents.map { _ in .open }
    accounts = intents.map(\.request.account).reduce(into: []) { seen, account in
      if !seen.contains(account) { seen.append(account) }
    }
  }

  /// What must be saved, by account.
  var changes: [SimChange] {
    books.keys.sorted().compactMap { books[$0] }.filter { !$0.orders.isEmpty }
  }

  /// Refuses every undecided order of an account: none of them reached the books.
  ///
  /// One that the venue has seen before is answered with what became of it then.
  mutating func refuse(_ account: AccountID, because cause: String, store: SimStore) {
    accounts.removeAll { $0 == account }
    for index in intents.indices where intents[index].request.account == account {
      guard case .open = results[index] else { continue }
      results[index] = recalled(intents[index].request, from: store) ?? .known(.rejected(cause))
    }
  }

  /// Lets the orders of an account in, unless time ran backwards.
  mutating func admit(_ account: SimAccount, store: SimStore, at now: Timestamp) {
    guard account.caughtUpTo <= now else {
      refuse(
        account.id,
        because: "\(SimRefusal.clockWentBack): expected a time from \(account.caughtUpTo) on, "
          + "was \(now). The order was not placed; correct the clock and run again.",
        store: store)
      return
    }
    books[account.id] = SimChange(account: account)
  }

  /// Runs every undecided order, in order.
  mutating func run(
    on venue: SimVenue, store: SimStore, quotes: [Coin: Quote], opens: [Coin: Price]?,
    at now: Timestamp
  ) {
    for index in intents.indices {
      guard case .open = results[index] else { continue }
      results[index] = result(
        of: intents[index], on: venue, store: store, quotes: quotes, opens: opens, at: now)
    }
  }

  private mutating func result(
    of intent: OrderIntent, on venue: SimVenue, store: SimStore, quotes: [Coin: Quote],
    opens: [Coin: Price]?, at now: Timestamp
  ) -> Result {
    let request = intent.request
    guard var change = books[request.account] else {
      return .known(.rejected("\(name) has no account \(request.account)."))
    }
    if let seen = change.orders.first(where: {
      $0.request.clientOrderID == request.clientOrderID
    }) {
      return .pending(seen)
    }
    if let seen = recalled(request, from: store) { return seen }
    let order = venue.submit(intent, to: &change, quotes: quotes, opens: opens, at: now)
    books[request.account] = change
    return .pending(order)
  }

  /// What became of an order the venue has seen before; `nil` = it has not.
  private func recalled(_ request: OrderRequest, from store: SimStore) -> Result? {
    do {
      return try store.order(request.account, request.clientOrderID).map { .known($0.outcome) }
    } catch {
      return .known(
        .unknown("\(name) could not read whether it has the order: \(error). Nothing was sent."))
    }
  }

  /// The answers after everything is saved; the n-th order numbers lose theirs.
  func outcomes(losingEvery period: Int) -> [OrderOutcome] {
    results.map { result in
      switch result {
      case .open: .unknown("\(name) did not get to the order.")
      case .known(let outcome): outcome
      case .pending(let order):
        period > 0 && order.status != .rejected && order.orderID % Int64(period) == 0
          ? .unknown("\(name) lost its answer on purpose (lose_answer_every \(period))")
          : order.outcome
      }
    }
  }

  /// The answers when the changes could not be saved.
  func outcomes(unsaved cause: String) -> [OrderOutcome] {
    results.map { result in
      switch result {
      case .known(let outcome): outcome
      case .open, .pending: .unknown(cause)
      }
    }
  }
}
