import Exchanges
import Journal
import Market
import Trading

/// Differences between our books and a real venue's that nothing it reports explains.
extension Cycle {
  /// Reads an account of a real venue again while the books do not agree: what it reports and what
  /// it holds may lie a moment apart.
  func reread(_ account: AccountID, _ work: inout CycleWork) async throws {
    guard let exchange = venue(of: account, work), !exchange.isSimulated else { return }
    for _ in 0..<Self.rereads
    where work.unreadable[account] == nil && !discrepancies(of: account, work).isEmpty {
      await ports.pause(Self.rereadPause)
      try await refresh([account], &work)
    }
  }

  private static let rereads = 2
  private static let rereadPause = Span(ms: 700)

  /// Where our books of an account and the venue's do not agree.
  func discrepancies(of account: AccountID, _ work: CycleWork) -> [Discrepancy] {
    guard let snapshot = work.accounts[account] else { return [] }
    return Conservation.check(
      work.residents(of: account).map(\.ledger), books: work.state.accounts[account],
      against: snapshot, marks: marks(of: account, work))
  }

  /// Takes over what the venue says, where the very same difference was there in an earlier run
  /// already and no order waits for its outcome.
  ///
  /// Sizes become fills without an order, at the mark, tagged ``FillCause/residue``; what is then
  /// left in money becomes a movement of money that is nobody's. Both are told.
  func absorbResidue(of account: AccountID, _ work: inout CycleWork) throws {
    guard let exchange = venue(of: account, work), !exchange.isSimulated,
      let snapshot = work.accounts[account]
    else { return }
    let sizes = differences(of: snapshot, work)
    let marks = marks(of: account, work)
    let money = missingMoney(of: snapshot, marks: marks, work) ?? .zero
    let key = Self.differenceKey(account, sizes, money)
    for earlier in work.earlierAlerts.keys.sorted()
    where earlier.hasPrefix("difference.\(account).") && earlier != key {
      work.resolve(earlier)
    }
    guard let key else { return }
    let isOld = work.earlierAlerts[key].map { $0 < work.now } ?? false
    guard isOld, work.barred(on: account).isEmpty else {
      work.alert(
        key, .low,
        "account \(account): the venue's books differ from ours by "
          + (sizes.map { "\($0.size) \($0.coin)" } + ["\(money) USD"]).joined(separator: ", ")
          + "; what is still so in the next run is taken over")
      return
    }
    try take(over: sizes, of: snapshot, marks: marks, &work)
    if let left = missingMoney(of: snapshot, marks: marks, work), left != .zero {
      book(
        AccountTransfer(
          id: TransferID("residue.\(work.cycle).\(account)"), account: account, at: snapshot.at,
          amount: left), &work)
    }
    work.resolve(key)
    work.alert(
      "residue.\(account)", .high,
      "account \(account): no fill, funding or transfer explains a difference of "
        + (sizes.map { "\($0.size) \($0.coin)" } + ["\(money) USD"]).joined(separator: ", ")
        + "; the venue's books were taken over and it is on record as residue")
  }

  /// What tells a difference from another: coins with sizes, and money where sizes agree (with
  /// sizes it moves with the marks); `nil` = there is none.
  private static func differenceKey(
    _ account: AccountID, _ sizes: [(coin: Coin, size: SignedQuantity)], _ money: USD
  ) -> String? {
    guard sizes.isEmpty else {
      let words = sizes.map { "\($0.coin)=\($0.size)" }.joined(separator: ",")
      return "difference.\(account).\(words)"
    }
    return money == .zero ? nil : "difference.\(account).\(money)"
  }

  /// Books differences in sizes as fills without an order.
  private func take(
    over sizes: [(coin: Coin, size: SignedQuantity)], of snapshot: AccountSnapshot,
    marks: [Coin: Price], _ work: inout CycleWork
  ) throws {
    for (index, difference) in sizes.enumerated() {
      guard let mark = snapshot.position(in: difference.coin)?.mark ?? marks[difference.coin],
        let side = difference.size.side?.opening
      else { continue }
      try book(
        Fill(
          id: -(work.cycle * 1000 + Int64(index) + 1), account: snapshot.account,
          coin: difference.coin, side: side, price: mark, size: difference.size.magnitude,
          fee: .zero, isTaker: true, at: snapshot.at, orderID: 0, clientOrderID: nil,
          cause: .residue), &work)
    }
  }

  /// What the venue holds beyond our books, by coin; never zero.
  private func differences(
    of snapshot: AccountSnapshot, _ work: CycleWork
  ) -> [(coin: Coin, size: SignedQuantity)] {
    var sizes = work.state.accounts[snapshot.account]?.outside ?? [:]
    for position in work.residents(of: snapshot.account).flatMap(\.ledger.positions) {
      sizes[position.coin] = (sizes[position.coin] ?? .zero) + position.signedSize
    }
    let coins = Set(sizes.keys).union(snapshot.positions.map(\.coin)).sorted()
    return coins.compactMap { coin in
      let size = (snapshot.position(in: coin)?.size ?? .zero) - (sizes[coin] ?? .zero)
      return size == .zero ? nil : (coin, size)
    }
  }

  /// The venue's equity less that of our books, both at the venue's marks, USD; `nil` when a mark
  /// is missing.
  private func missingMoney(
    of snapshot: AccountSnapshot, marks: [Coin: Price], _ work: CycleWork
  ) -> USD? {
    let told = snapshot.positions.compactMap { position in
      position.mark.map { (position.coin, $0) }
    }
    let marks = marks.merging(told) { $1 }
    let books = work.state.accounts[snapshot.account]
    var ours = books?.unallocated ?? .zero
    if let books {
      guard let outside = books.outsideEquity(marks: marks) else { return nil }
      ours += outside
    }
    for record in work.residents(of: snapshot.account) {
      guard let equity = record.ledger.equity(marks: marks) else { return nil }
      ours += equity
    }
    return snapshot.equity - ours
  }

  /// A residue stays told for a day.
  func forgetOldResidue(of account: AccountID, _ work: inout CycleWork) {
    guard let since = work.earlierAlerts["residue.\(account)"], since < work.now - .day else {
      return
    }
    work.resolve("residue.\(account)")
  }
}
