package import Trading

/// The orders that a trader's cycle has already made for a coin and purpose.
package struct UsedGeneration: Sendable, Hashable {
  /// The trader.
  package let trader: TraderID
  /// The coin.
  package let coin: Coin
  /// What the orders are for.
  package let purpose: OrderPurpose
  /// The generation that the next one gets.
  package let next: Int
}

extension StateStore {
  /// The intent of an order; `nil` when none with that id is on record.
  package func intent(for id: ClientOrderID) throws(JournalError) -> OrderIntent? {
    try database.read("look an order up") { session in
      try session.first(OrderIntent.selectOne, [id]) { try OrderIntent(&$0, in: session) }
    }
  }

  /// The generations that the next orders of a cycle get, where that is not 0.
  ///
  /// A run that was killed before its cycle was planned leaves orders under the number that the
  /// next run takes. Reads all orders: for the runs after such a one.
  package func usedGenerations(
    of cycle: CycleNumber
  ) throws(JournalError) -> [UsedGeneration] {
    try database.read("look orders up") { session in
      try session.rows(
        """
        SELECT trader, coin, purpose, max(generation) + 1 FROM orders WHERE cycle = ?
        GROUP BY trader, coin, purpose ORDER BY trader, coin, purpose
        """, [cycle]
      ) {
        UsedGeneration(
          trader: try $0.next(), coin: try $0.next(), purpose: try $0.next(),
          next: try $0.next())
      }
    }
  }

  /// The venue's numbers of an account's fills on record from an instant on, that one included.
  package func bookedFillIDs(
    account: AccountID, since: Timestamp
  ) throws(JournalError) -> Set<Int64> {
    try database.read("look fills up") { session in
      Set(
        try session.rows(
          "SELECT fill_id FROM fills WHERE account = ? AND at_ms >= ?", [account, since]
        ) { try $0.next() })
    }
  }

  /// An account's funding on record from an instant on, that one included.
  package func bookedFunding(
    account: AccountID, since: Timestamp
  ) throws(JournalError) -> Set<FundingSlot> {
    try database.read("look funding up") { session in
      Set(
        try session.rows(
          "SELECT coin, at_ms FROM funding_payments WHERE account = ? AND at_ms >= ?",
          [account, since]
        ) { FundingSlot(coin: try $0.next(), at: try $0.next()) })
    }
  }
}
