package import Trading

/// What a real venue told of an account and is not asked for in every run, and what its provider
/// asks of our own records.
extension StateStore {
  /// The leverage last set for a coin; `nil` = never, or no longer certain.
  package func venueLeverage(account: AccountID, coin: Coin) throws(JournalError) -> Int? {
    try database.read("look a leverage up") { session in
      try session.first(
        "SELECT leverage FROM venue_leverage WHERE account = ? AND coin = ?", [account, coin]
      ) { try $0.next() }
    }
  }

  /// Keeps the leverage set for a coin, at least 1; `nil` = it is no longer certain.
  package func keepVenueLeverage(
    account: AccountID, coin: Coin, leverage: Int?
  ) throws(JournalError) {
    try database.write("keep a leverage") { session in
      if let leverage {
        try session.run(
          """
          INSERT INTO venue_leverage (account, coin, leverage) VALUES (?, ?, ?)
          ON CONFLICT (account, coin) DO UPDATE SET leverage = excluded.leverage
          """, [account, coin, leverage])
      } else {
        try session.run(
          "DELETE FROM venue_leverage WHERE account = ? AND coin = ?", [account, coin])
      }
    }
  }

  /// Which account at which venue an account of ours is, as first kept; keeps it when it is new.
  package func venueIdentity(
    of account: AccountID, orElse identity: String
  ) throws(JournalError) -> String {
    try database.write("keep an account's identity") { session in
      try session.run(
        "INSERT INTO venue_accounts (account, identity) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [account, identity])
      return try session.first(
        "SELECT identity FROM venue_accounts WHERE account = ?", [account]
      ) { try $0.next() } ?? identity
    }
  }

  /// What the account told when it was last asked; `nil` = never.
  package func venueStanding(account: AccountID) throws(JournalError) -> VenueStanding? {
    try database.read("look a standing up") { session in
      try session.first(VenueStanding.columns.select("WHERE account = ?"), [account]) { row in
        row.skip(1)
        return try VenueStanding(&row)
      }
    }
  }

  /// Keeps what the account told.
  package func keepVenueStanding(
    account: AccountID, _ standing: VenueStanding
  ) throws(JournalError) {
    try database.write("keep a standing") { session in
      try session.run(VenueStanding.upsert, [account] + standing.values)
    }
  }

  /// Our orders that rested when the account's orders were last read, ascending by id; `nil` =
  /// never read, or not certain any more.
  package func venueResting(account: AccountID) throws(JournalError) -> [ClientOrderID]? {
    try database.read("look resting orders up") { try $0.venueResting(account) }
  }

  /// Keeps our orders that rest, in any order; `nil` = not certain any more.
  package func keepVenueResting(
    account: AccountID, _ orders: [ClientOrderID]?
  ) throws(JournalError) {
    try database.write("keep resting orders") { session in
      // Nearly always nothing changed, and then nothing waits for the disk.
      let kept = orders.map { Set($0).sorted() }
      guard try session.venueResting(account) != kept else { return }
      try session.run("DELETE FROM venue_resting WHERE account = ?", [account])
      guard let kept else {
        return try session.run("DELETE FROM venue_resting_reads WHERE account = ?", [account])
      }
      try session.run(
        "INSERT INTO venue_resting_reads (account) VALUES (?) ON CONFLICT DO NOTHING", [account])
      for order in kept {
        try session.run(
          "INSERT INTO venue_resting (account, client_order_id) VALUES (?, ?)", [account, order])
      }
    }
  }

  /// What an order of ours is for; `nil` = no order of ours has that id.
  package func orderPurpose(of id: ClientOrderID) throws(JournalError) -> OrderPurpose? {
    try database.read("look an order's purpose up") { session in
      try session.first("SELECT purpose FROM orders WHERE client_order_id = ?", [id]) {
        try $0.next()
      }
    }
  }

  /// Writes down that numbers below this one may have been used as nonces.
  ///
  /// The arena's next nonce never goes back.
  package func keepNonce(atLeast nonce: Int64) throws(JournalError) {
    try database.write("keep the nonce") { session in
      try session.run("UPDATE arena SET next_nonce = max(next_nonce, ?)", [nonce])
      guard session.changes == 1 else {
        throw JournalError.failed(
          operation: "keep the nonce", detail: "expected an arena in the state, was none")
      }
    }
  }
}

extension Session {
  fileprivate func venueResting(_ account: AccountID) throws -> [ClientOrderID]? {
    let isKnown =
      try first("SELECT 1 FROM venue_resting_reads WHERE account = ?", [account]) { _ in true }
    guard isKnown ?? false else { return nil }
    return try rows(
      """
      SELECT client_order_id FROM venue_resting WHERE account = ? ORDER BY client_order_id
      """, [account]
    ) { try $0.next() }
  }
}
