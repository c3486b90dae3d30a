package import Trading

extension StateStore {
  /// The intent of an order; `nil` when none with that id is on record.
  package func intent(for id: ClientOrderID) throws(JournalError) -> OrderIntent? {
    try database.read("look an order up") { session in
      try session.first(OrderIntent.selectOne, [id]) { try OrderIntent(&$0, in: session) }
    }
  }

  /// The generation that the next order of a trader, cycle, coin and purpose gets; 0 for the first.
  package func nextGeneration(
    trader: TraderID, cycle: CycleNumber, coin: Coin, purpose: OrderPurpose
  ) throws(JournalError) -> Int {
    try database.read("look orders up") { session in
      let last = try session.first(
        """
        SELECT max(generation) FROM orders
        WHERE trader = ? AND cycle = ? AND coin = ? AND purpose = ?
        """, [trader, cycle, coin, purpose]
      ) { try $0.next(Int?.self) }
      return ((last ?? nil) ?? -1) + 1
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
