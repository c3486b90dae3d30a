import Trading

/// Compares our books with those of the simulated venue, account by account.
struct VenueCheck {
  /// One sentence for each difference.
  private(set) var findings: [String] = []

  init(_ session: Session, ledgers: [AccountID: [Ledger]]) throws {
    let accounts = try session.rows("SELECT account FROM sim_accounts ORDER BY account") {
      try $0.next(AccountID.self)
    }
    for account in accounts {
      guard let venue = try session.simAccount(account) else { continue }
      compareBooks(venue, with: ledgers[account] ?? [])
      let part = "WHERE account = ? ORDER BY at_ms"
      compareFills(
        account,
        venue: try session.rows(Fill.simColumns.select(part + ", fill_id"), [account]) {
          try Fill(&$0)
        },
        ours: try session.rows(Fill.columns.select(part + ", fill_id"), [account]) {
          try Fill(&$0)
        })
      compareFunding(
        account,
        venue: try session.rows(FundingPayment.simColumns.select(part + ", coin"), [account]) {
          try FundingPayment(&$0)
        },
        ours: try session.rows(FundingPayment.columns.select(part + ", coin"), [account]) {
          try FundingPayment(&$0)
        })
    }
  }

  /// Sizes must agree, and equity at any marks, so at made-up ones: whole dollars keep it exact.
  private mutating func compareBooks(_ venue: SimAccount, with ledgers: [Ledger]) {
    let coins = Set(ledgers.flatMap(\.positions).map(\.coin)).union(venue.positions.keys).sorted()
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
    findings += Conservation.check(ledgers, against: snapshot, marks: marks).map { "\($0)." }
  }

  private mutating func compareFills(_ account: AccountID, venue: [Fill], ours: [Fill]) {
    let booked = Dictionary(uniqueKeysWithValues: ours.map { ($0.id, $0) })
    for fill in venue {
      let place = "Fill \(fill.id) of account \(account)"
      guard let known = booked[fill.id] else {
        findings.append(
          "\(place): expected it booked once, was not; the next `nof0 run` books it.")
        continue
      }
      findings += differences(
        place, expected: fill.facts, actual: known.facts, source: "the venue")
    }
    let real = Set(venue.map(\.id))
    for fill in ours where !real.contains(fill.id) {
      findings.append(
        "Fill \(fill.id) of account \(account): expected it at the venue too, was not there.")
    }
  }

  private mutating func compareFunding(
    _ account: AccountID, venue: [FundingPayment], ours: [FundingPayment]
  ) {
    func slot(_ payment: FundingPayment) -> FundingSlot {
      FundingSlot(coin: payment.coin, at: payment.at)
    }
    let booked = Dictionary(uniqueKeysWithValues: ours.map { (slot($0), $0) })
    for payment in venue {
      let place = "Funding of account \(account) in \(payment.coin) for \(payment.at)"
      guard let known = booked[slot(payment)] else {
        findings.append(
          "\(place): expected it booked once, was not; the next `nof0 run` books it.")
        continue
      }
      findings += differences(
        place, expected: payment.facts, actual: known.facts, source: "the venue")
    }
    let real = Set(venue.map(slot))
    for payment in ours where !real.contains(slot(payment)) {
      findings.append(
        "Funding of account \(account) in \(payment.coin) for \(payment.at): "
          + "expected it at the venue too, was not there.")
    }
  }
}

extension Fill {
  /// All of it but its key.
  fileprivate var facts: Facts {
    [
      ("coin", coin.name), ("side", side.rawValue), ("price", price.description),
      ("size", size.description), ("fee", fee.description), ("taker", "\(isTaker)"),
      ("time", at.description), ("order", "\(orderID)"),
      ("client order", clientOrderID?.text ?? "none"), ("cause", cause.rawValue),
    ]
  }
}

extension FundingPayment {
  /// All of it but its key.
  fileprivate var facts: Facts {
    [
      ("size", size.description), ("rate", rate.description), ("amount", amount.description),
    ]
  }
}
