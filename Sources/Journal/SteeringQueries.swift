package import Trading

/// A clash between traders as it is on record.
package struct PastConflict: Sendable, Equatable {
  /// The cycle it happened in.
  package let cycle: CycleNumber
  /// The time of the cycle.
  package let at: Timestamp
  /// The clash.
  package let conflict: ConflictRecord
}

/// A decision that was refused, as it is on record.
package struct PastRefusal: Sendable, Equatable {
  /// The trader.
  package let trader: TraderID
  /// The cycle it decided in.
  package let cycle: CycleNumber
  /// The time of the cycle.
  package let at: Timestamp
  /// The coin; `nil` when the decision named none.
  package let coin: Coin?
  /// What was wanted.
  package let action: DecisionAction
  /// The id of the rule that refused it, the last one noted; empty when none was.
  package let rule: String
  /// What the rule said, in words; empty when none was noted.
  package let text: String
}

extension StateStore {
  /// The newest clashes between traders, newest first.
  package func recentConflicts(limit: Int) throws(JournalError) -> [PastConflict] {
    try database.read("read the conflicts") { session in
      try session.rows(
        """
        SELECT conflict, cycle, at_ms, account, kind, severity, coin, strategy, resolution, reason
        FROM conflicts ORDER BY conflict DESC LIMIT ?
        """, [limit]
      ) { row in
        let traders = try session.rows(
          "SELECT trader FROM conflict_traders WHERE conflict = ? ORDER BY ordinal",
          [try row.next(Int64.self)]
        ) { try $0.next(TraderID.self) }
        return PastConflict(
          cycle: try row.next(), at: try row.next(),
          conflict: try ConflictRecord(&row, traders: traders))
      }
    }
  }

  /// The newest decisions that were refused, newest cycle first.
  package func recentRefusals(limit: Int) throws(JournalError) -> [PastRefusal] {
    try database.read("read the refusals") { session in
      try session.rows(PastRefusal.select, [limit]) { row in
        let trader: TraderID = try row.next()
        let cycle: CycleNumber = try row.next()
        let index: Int = try row.next()
        let coin: Coin? = try row.next()
        let action: DecisionAction = try row.next()
        let at: Timestamp = try row.next()
        let note = try session.first(PastRefusal.selectNote, [trader, cycle, index]) {
          RuleNote(rule: try $0.next(), text: try $0.next())
        }
        return PastRefusal(
          trader: trader, cycle: cycle, at: at, coin: coin, action: action,
          rule: note?.rule ?? "", text: note?.text ?? "")
      }
    }
  }

  /// What changed whether a trader takes part, newest first.
  package func events(of trader: TraderID, limit: Int) throws(JournalError) -> [TraderEvent] {
    try database.read("read the events") { session in
      try session.rows(
        TraderEvent.columns.select("WHERE trader = ? ORDER BY event DESC LIMIT ?"),
        [trader, limit]
      ) { try TraderEvent(&$0) }
    }
  }

  /// The newest eras of a trader, as many as `limit`, oldest first.
  package func eras(
    of trader: TraderID, limit: Int = 1000
  ) throws(JournalError) -> [TraderEra] {
    try database.read("read the eras") { session in
      try session.rows(
        """
        SELECT number, started_at_ms, config_digest FROM trader_eras WHERE trader = ?
        ORDER BY number DESC LIMIT ?
        """, [trader, limit]
      ) {
        TraderEra(
          number: try $0.next(), startedAt: try $0.next(), configDigest: try $0.next())
      }.reversed()
    }
  }

  /// The newest kill switches, also those that were reset, newest first.
  package func killSwitches(limit: Int) throws(JournalError) -> [KillSwitch] {
    try database.read("read the kill switches") { session in
      try session.rows(KillSwitch.columns.select("ORDER BY number DESC LIMIT ?"), [limit]) {
        try KillSwitch(&$0)
      }
    }
  }

  /// The traders whose orders these are; orders that are not on record are absent.
  ///
  /// An order that several share counts as that of the trader it carries.
  package func owners(
    of orders: [ClientOrderID]
  ) throws(JournalError) -> [ClientOrderID: TraderID] {
    try database.read("look orders up") { session in
      var owners: [ClientOrderID: TraderID] = [:]
      for order in orders {
        owners[order] = try session.first(
          "SELECT trader FROM orders WHERE client_order_id = ?", [order]
        ) { try $0.next(TraderID.self) }
      }
      return owners
    }
  }

  /// What is booked so far of an order's fills, by trader; what is nobody's is absent.
  package func filledSizes(
    of order: ClientOrderID
  ) throws(JournalError) -> [TraderID: Quantity] {
    try database.read("look fills up") { session in
      var sizes: [TraderID: Quantity] = [:]
      _ = try session.rows(
        """
        SELECT trader, size FROM fills WHERE client_order_id = ? AND trader IS NOT NULL
        """, [order]
      ) { row in
        let trader: TraderID = try row.next()
        sizes[trader] = (sizes[trader] ?? .zero) + (try row.next(Quantity.self))
      }
      return sizes
    }
  }
}

extension PastRefusal {
  /// The cross join keeps the refusals first, so that only as many rows as wanted are read.
  static let select = """
    SELECT d.trader, d.cycle, d.ordinal, d.coin, d.action, c.at_ms
    FROM decisions d CROSS JOIN decision_cycles c USING (trader, cycle)
    WHERE d.verdict = 'rejected'
    ORDER BY d.cycle DESC, d.trader DESC, d.ordinal DESC LIMIT ?
    """
  static let selectNote = """
    SELECT rule, note FROM decision_validations
    WHERE trader = ? AND cycle = ? AND decision = ? ORDER BY ordinal DESC LIMIT 1
    """
}
