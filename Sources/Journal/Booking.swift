import Trading

/// One thing that changes the books of a trader or an account.
enum BookedEvent {
  case transfer(AccountTransfer)
  case flow(CapitalFlow)
  case funding(BookedFunding)
  case fill(BookedFill)

  /// When it happened.
  var at: Timestamp {
    switch self {
    case .transfer(let transfer): transfer.at
    case .flow(let flow): flow.at
    case .funding(let booked): booked.payment.at
    case .fill(let booked): booked.fill.at
    }
  }

  /// What one commit books, in the order in which it counts as booked.
  static func ordered(_ changes: StateChanges) -> [BookedEvent] {
    let timed =
      changes.funding.map { BookedEvent.funding($0) } + changes.fills.map { BookedEvent.fill($0) }
    let sorted = timed.enumerated().sorted {
      ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
    }
    return changes.transfers.map { .transfer($0) } + changes.flows.map { .flow($0) }
      + sorted.map(\.element)
  }
}

/// Fills and funding that a commit has begun to book: their parts are booked together or never.
private struct BookedParts {
  var fills: Set<FillKey> = []
  var funding: Set<FundingKey> = []

  struct FillKey: Hashable {
    let account: AccountID
    let id: Int64
  }

  struct FundingKey: Hashable {
    let account: AccountID
    let slot: FundingSlot
  }
}

extension Session {
  /// Books transfers, flows, fills and funding, numbered in their order.
  func book(_ changes: StateChanges) throws {
    let events = BookedEvent.ordered(changes)
    guard !events.isEmpty else { return }
    let next = try first("SELECT next_booking FROM arena") { try $0.next(Int64.self) }
    guard var booking = next else {
      throw JournalError.failed(
        operation: "save the cycle", detail: "expected an arena in the state, was none")
    }
    var begun = BookedParts()
    for event in events {
      switch event {
      case .transfer(let transfer): try book(transfer, booking: booking, run: changes.run)
      case .flow(let flow): try run(CapitalFlow.insert, flow.values + [changes.run, booking])
      case .funding(let booked): try book(booked, booking, changes.run, &begun)
      case .fill(let booked): try book(booked, booking, changes.run, &begun)
      }
      booking += 1
    }
    try run("UPDATE arena SET next_booking = ?", [booking])
  }

  private func book(
    _ booked: BookedFunding, _ booking: Int64, _ run: RunNumber, _ begun: inout BookedParts
  ) throws {
    let payment = booked.payment
    let slot = FundingSlot(coin: payment.coin, at: payment.at)
    let isFirst = begun.funding.insert(.init(account: payment.account, slot: slot)).inserted
    let known = "SELECT 1 FROM funding_payments WHERE account = ? AND coin = ? AND at_ms = ?"
    let key: [any Column] = [payment.account, payment.coin, payment.at]
    guard
      try isFirst ? !exists(known, key) : !exists(known + " AND part = ?", key + [booked.part])
    else {
      throw JournalError.fundingBookedTwice(
        account: payment.account, coin: payment.coin, at: payment.at)
    }
    try self.run(
      FundingPayment.insert, payment.values + [booked.trader, booked.part, run, booking])
  }

  private func book(
    _ booked: BookedFill, _ booking: Int64, _ run: RunNumber, _ begun: inout BookedParts
  ) throws {
    let fill = booked.fill
    let isFirst = begun.fills.insert(.init(account: fill.account, id: fill.id)).inserted
    let known = "SELECT 1 FROM fills WHERE account = ? AND fill_id = ?"
    let key: [any Column] = [fill.account, fill.id]
    guard
      try isFirst ? !exists(known, key) : !exists(known + " AND part = ?", key + [booked.part])
    else { throw JournalError.fillBookedTwice(account: fill.account, id: fill.id) }
    try self.run(
      Fill.insert,
      fill.values + [booked.trader, booked.position, booked.part, run, booking])
  }

  private func exists(_ query: String, _ values: [any Column]) throws -> Bool {
    try first(query, values) { _ in true } ?? false
  }
}
