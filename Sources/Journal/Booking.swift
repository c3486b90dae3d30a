import Trading

/// One thing that changes a ledger.
enum BookedEvent {
  case flow(CapitalFlow)
  case funding(BookedFunding)
  case fill(BookedFill)

  /// When it happened.
  var at: Timestamp {
    switch self {
    case .flow(let flow): flow.at
    case .funding(let booked): booked.payment.at
    case .fill(let booked): booked.fill.at
    }
  }

  /// Flows, funding and fills of one commit in the order in which they count as booked.
  static func ordered(_ changes: StateChanges) -> [BookedEvent] {
    let timed =
      changes.funding.map { BookedEvent.funding($0) } + changes.fills.map { BookedEvent.fill($0) }
    let sorted = timed.enumerated().sorted {
      ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
    }
    return changes.flows.map { .flow($0) } + sorted.map(\.element)
  }
}

extension Session {
  /// Books fills, funding and flows, numbered in their order.
  func book(_ changes: StateChanges) throws {
    let events = BookedEvent.ordered(changes)
    guard !events.isEmpty else { return }
    let next = try first("SELECT next_booking FROM arena") { try $0.next(Int64.self) }
    guard var booking = next else {
      throw JournalError.failed(
        operation: "save the cycle", detail: "expected an arena in the state, was none")
    }
    for event in events {
      try book(event, booking: booking, run: changes.run)
      booking += 1
    }
    try run("UPDATE arena SET next_booking = ?", [booking])
  }

  private func book(_ event: BookedEvent, booking: Int64, run number: RunNumber) throws {
    switch event {
    case .flow(let flow):
      try run(
        CapitalFlow.insert, [flow.trader, flow.at, flow.amount, flow.reason, number, booking])
    case .funding(let booked):
      let payment = booked.payment
      let known = "SELECT 1 FROM funding_payments WHERE account = ? AND coin = ? AND at_ms = ?"
      guard try !exists(known, [payment.account, payment.coin, payment.at]) else {
        throw JournalError.fundingBookedTwice(
          account: payment.account, coin: payment.coin, at: payment.at)
      }
      try run(FundingPayment.insert, payment.values + [booked.trader, number, booking])
    case .fill(let booked):
      let fill = booked.fill
      let known = "SELECT 1 FROM fills WHERE account = ? AND fill_id = ?"
      guard try !exists(known, [fill.account, fill.id]) else {
        throw JournalError.fillBookedTwice(account: fill.account, id: fill.id)
      }
      try run(Fill.insert, fill.values + [booked.trader, booked.position, number, booking])
    }
  }

  private func exists(_ query: String, _ values: [any Column]) throws -> Bool {
    try first(query, values) { _ in true } ?? false
  }
}
