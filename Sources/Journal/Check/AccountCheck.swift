import Trading

/// Compares what accounts hold that is no trader's with what was booked to nobody and moved.
struct AccountCheck {
  /// One sentence for each difference.
  private(set) var findings: [String] = []
  /// The books of each account on record.
  let books: [AccountID: AccountBooks]

  init(_ session: Session, accounts: Set<AccountID>) throws {
    books = try session.accountBooks()
    let transfers = Dictionary(
      grouping: try session.rows(AccountTransfer.selectDone) { try AccountTransfer(&$0) },
      by: \.account)
    let flows = try session.flowsByAccount()
    for account in accounts.union(books.keys).union(transfers.keys).sorted() {
      let moved = (transfers[account] ?? []).reduce(USD.zero) { $0 + $1.amount }
      let given = flows[account] ?? .zero
      guard let known = books[account] else {
        if moved != .zero || given != .zero {
          findings.append("Account \(account): expected its books on record, was none.")
        }
        continue
      }
      findings += differences(
        "Account \(account)", expected: [("unallocated money", (moved - given).description)],
        actual: [("unallocated money", known.unallocated.description)],
        source: "its transfers and flows")
      findings += try Self.compareOutside(session, known)
    }
    _ = try session.rows(PlannedTransfer.selectOpen) { try PlannedTransfer(&$0) }
  }

  /// What is held outside of nof0, from the fills and payments that are nobody's.
  private static func compareOutside(
    _ session: Session, _ known: AccountBooks
  ) throws -> [String] {
    var replay = AccountBooks(account: known.account)
    let part = "WHERE account = ? AND trader IS NULL"
    _ = try session.rows(Fill.columns.select(part), [known.account]) {
      replay.bookOutside(try Fill(&$0))
    }
    _ = try session.rows(FundingPayment.columns.select(part), [known.account]) {
      replay.bookOutside(try FundingPayment(&$0))
    }
    return differences(
      "Account \(known.account)", expected: replay.outsideFacts, actual: known.outsideFacts,
      source: "what is nobody's")
  }
}

extension AccountBooks {
  fileprivate var outsideFacts: Facts {
    let sizes = outside.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return [
      ("holdings outside", sizes.isEmpty ? "none" : sizes.joined(separator: " and ")),
      ("cash outside", outsideCash.description),
    ]
  }
}

extension Session {
  /// Σ flows of the traders of each account.
  fileprivate func flowsByAccount() throws -> [AccountID: USD] {
    var sums: [AccountID: USD] = [:]
    _ = try rows(
      "SELECT t.account, f.amount FROM capital_flows f JOIN traders t USING (trader)"
    ) { row in
      let account: AccountID = try row.next()
      sums[account] = (sums[account] ?? .zero) + (try row.next(USD.self))
    }
    return sums
  }
}
