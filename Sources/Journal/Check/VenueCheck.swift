import Trading

/// Compares our books with those of the simulated venue, account by account.
struct VenueCheck {
  /// One sentence for each difference.
  private(set) var findings: [String] = []

  init(
    _ session: Session, ledgers: [AccountID: [Ledger]], books: [AccountID: AccountBooks]
  ) throws {
    let accounts = try session.rows("SELECT account FROM sim_accounts ORDER BY account") {
      try $0.next(AccountID.self)
    }
    for account in accounts {
      guard let venue = try session.simAccount(account) else { continue }
      compareBooks(venue, with: ledgers[account] ?? [], books[account])
      let part = "WHERE account = ? ORDER BY at_ms"
      compareFills(
        account,
        venue: try session.rows(Fill.simColumns.select(part + ", fill_id"), [account]) {
          try Fill(&$0)
        },
        ours: try session.rows(Fill.columns.select(part + ", fill_id, part"), [account]) {
          try BookedFill(&$0)
        })
      compareFunding(
        account,
        venue: try session.rows(FundingPayment.simColumns.select(part + ", coin"), [account]) {
          try FundingPayment(&$0)
        },
        ours: try session.rows(
          FundingPayment.columns.select(part + ", coin, part"), [account]
        ) { try BookedFunding(&$0) })
      compareTransfers(
        account,
        venue: try session.rows(AccountTransfer.simColumns.select(part + ", id"), [account]) {
          try AccountTransfer(&$0)
        },
        ours: try session.rows(
          AccountTransfer.selectDone + " AND account = ? ORDER BY at_ms, id", [account]
        ) { try AccountTransfer(&$0) })
    }
  }

  /// Sizes must agree, and equity at any marks, so at made-up ones: whole dollars keep it exact.
  private mutating func compareBooks(
    _ venue: SimAccount, with ledgers: [Ledger], _ books: AccountBooks?
  ) {
    let held = Set(ledgers.flatMap(\.positions).map(\.coin))
    let outside = books.map { Set($0.outside.keys) } ?? []
    let coins = held.union(outside).union(venue.positions.keys).sorted()
    var marks: [Coin: Price] = [:]
    for (index, coin) in coins.enumerated() {
      marks[coin] = Price(mantissa: Int64(7 + index) * exactDecimalScale)
    }
    var equity = venue.rawUSD
    var positions: [VenuePosition] = []
    for coin in coins {
      guard let mark = marks[coin], let position = venue.positions[coin] else { continue }
      equity += mark * position.size
      positions.append(
        VenuePosition(
          coin: coin, size: position.size, entryPrice: mark, leverage: position.leverage,
          marginUsed: .zero, unrealised: .zero, liquidationPrice: nil))
    }
    let snapshot = AccountSnapshot(
      account: venue.id, at: venue.caughtUpTo, equity: equity, marginUsed: .zero,
      maintenanceMargin: .zero, positions: positions, orders: [])
    findings += Conservation.check(ledgers, books: books, against: snapshot, marks: marks)
      .map { "\($0)." }
  }

  /// The parts of a fill add up to it and agree in everything else.
  private mutating func compareFills(
    _ account: AccountID, venue: [Fill], ours: [BookedFill]
  ) {
    let booked = Dictionary(grouping: ours, by: \.fill.id)
    for fill in venue {
      let place = "Fill \(fill.id) of account \(account)"
      guard let parts = booked[fill.id] else {
        findings.append(
          "\(place): expected it booked once, was not; the next `nof0 run` books it.")
        continue
      }
      let size = parts.reduce(Quantity.zero) { $0 + $1.fill.size }
      let fee = parts.reduce(USD.zero) { $0 + $1.fill.fee }
      findings += differences(
        place, expected: [("size", fill.size.description), ("fee", fill.fee.description)],
        actual: [("size", size.description), ("fee", fee.description)], source: "the venue")
      compareParts(place, parts.map { ($0.part, $0.fill.facts) }, with: fill.facts)
    }
    let real = Set(venue.map(\.id))
    for id in booked.keys.sorted() where !real.contains(id) {
      findings.append(
        "Fill \(id) of account \(account): expected it at the venue too, was not there.")
    }
  }

  private mutating func compareFunding(
    _ account: AccountID, venue: [FundingPayment], ours: [BookedFunding]
  ) {
    func slot(_ payment: FundingPayment) -> FundingSlot {
      FundingSlot(coin: payment.coin, at: payment.at)
    }
    let booked = Dictionary(grouping: ours) { slot($0.payment) }
    for payment in venue {
      let place = "Funding of account \(account) in \(payment.coin) for \(payment.at)"
      guard let parts = booked[slot(payment)] else {
        findings.append(
          "\(place): expected it booked once, was not; the next `nof0 run` books it.")
        continue
      }
      let size = parts.reduce(SignedQuantity.zero) { $0 + $1.payment.size }
      let amount = parts.reduce(USD.zero) { $0 + $1.payment.amount }
      findings += differences(
        place,
        expected: [("size", payment.size.description), ("amount", payment.amount.description)],
        actual: [("size", size.description), ("amount", amount.description)],
        source: "the venue")
      let rate: (FundingPayment) -> Facts = { [("rate", $0.rate.description)] }
      compareParts(place, parts.map { ($0.part, rate($0.payment)) }, with: rate(payment))
    }
    let real = Set(venue.map(slot))
    for payment in ours.map(\.payment) where !real.contains(slot(payment)) {
      findings.append(
        "Funding of account \(account) in \(payment.coin) for \(payment.at): "
          + "expected it at the venue too, was not there.")
    }
  }

  /// Parts are counted from 0 without gaps, and each tells the same but for size and money.
  private mutating func compareParts(
    _ place: String, _ parts: [(part: Int, facts: Facts)], with venue: Facts
  ) {
    for (index, (part, facts)) in parts.enumerated() {
      findings += differences(
        place, expected: venue + [("part", "\(index)")], actual: facts + [("part", "\(part)")],
        source: "the venue")
    }
  }

  private mutating func compareTransfers(
    _ account: AccountID, venue: [AccountTransfer], ours: [AccountTransfer]
  ) {
    let booked = Dictionary(uniqueKeysWithValues: ours.map { ($0.id, $0) })
    for transfer in venue {
      let place = "Transfer \(transfer.id) of account \(account)"
      guard let known = booked[transfer.id] else {
        findings.append(
          "\(place): expected it booked once, was not; the next `nof0 run` books it.")
        continue
      }
      findings += differences(
        place, expected: transfer.facts, actual: known.facts, source: "the venue")
    }
    let real = Set(venue.map(\.id))
    for transfer in ours where !real.contains(transfer.id) {
      findings.append(
        "Transfer \(transfer.id) of account \(account): "
          + "expected it at the venue too, was not there.")
    }
  }
}

extension Fill {
  /// All of it but its key, its size and its fee.
  fileprivate var facts: Facts {
    [
      ("coin", coin.name), ("side", side.rawValue), ("price", price.description),
      ("taker", "\(isTaker)"), ("time", at.description), ("order", "\(orderID)"),
      ("client order", clientOrderID?.text ?? "none"), ("cause", cause.rawValue),
    ]
  }
}

extension AccountTransfer {
  /// All of it but its key.
  fileprivate var facts: Facts { [("amount", amount.description), ("time", at.description)] }
}
