package import Trading

extension StateStore {
  /// Positions of all traders that ended in a period, in the order of their ends.
  ///
  /// - Parameters:
  ///   - from: The first instant.
  ///   - to: The first instant that is not in it any more.
  /// - Returns: The trades.
  /// - Throws: ``JournalError``.
  package func tradesClosed(
    from: Timestamp, to: Timestamp
  ) throws(JournalError) -> [Trade] {
    try database.read("read the trades") { session in
      try session.rows(
        Trade.columns.select(
          "WHERE closed_at_ms >= ? AND closed_at_ms < ? ORDER BY closed_at_ms, position"),
        [from, to]
      ) { try Trade(&$0) }
    }
  }

  /// Parts of fills of a period, whoever's they are, by time; `to` is not in it.
  package func fillsBetween(
    from: Timestamp, to: Timestamp
  ) throws(JournalError) -> [BookedFill] {
    try database.read("read the fills") { session in
      try session.eachAccount { account in
        try session.rows(
          Fill.columns.select(
            "WHERE account = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms, fill_id, part"),
          [account, from, to]
        ) { try BookedFill(&$0) }
      }.sorted { ($0.fill.at, $0.fill.account) < ($1.fill.at, $1.fill.account) }
    }
  }

  /// Parts of funding payments of a period, whoever's they are, by time; `to` is not in it.
  package func fundingBetween(
    from: Timestamp, to: Timestamp
  ) throws(JournalError) -> [BookedFunding] {
    try database.read("read the funding") { session in
      try session.eachAccount { account in
        try session.rows(
          FundingPayment.columns.select(
            "WHERE account = ? AND at_ms >= ? AND at_ms < ? ORDER BY at_ms, coin, part"),
          [account, from, to]
        ) { try BookedFunding(&$0) }
      }.sorted { ($0.payment.at, $0.payment.account) < ($1.payment.at, $1.payment.account) }
    }
  }

  /// The last equity point of a trader or the benchmark that is on record for an instant or any
  /// before it; `nil` = none.
  ///
  /// Points older than two days are thinned out: it may be an hour older than the instant.
  package func equityPoint(
    _ trader: TraderID, notAfter at: Timestamp
  ) throws(JournalError) -> EquityPoint? {
    try database.read("read the equity") { session in
      try session.first(
        EquityPoint.columns.select(
          "WHERE trader = ? AND at_ms <= ? ORDER BY at_ms DESC LIMIT 1"),
        [trader, at]
      ) { try EquityPoint(&$0) }
    }
  }
}

extension Session {
  /// What all accounts give, one after another by id.
  fileprivate func eachAccount<Value>(_ values: (AccountID) throws -> [Value]) throws -> [Value] {
    try rows("SELECT account FROM account_books ORDER BY account") {
      try $0.next(AccountID.self)
    }.flatMap(values)
  }
}
