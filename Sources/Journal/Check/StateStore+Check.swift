import Trading

extension StateStore {
  /// Proves the record: the file, its references, and every book computed anew from the events.
  ///
  /// Reads everything; for people who ask, not for each run.
  ///
  /// - Returns: One sentence for each thing that does not agree; empty = proven.
  package func check() throws(JournalError) -> [String] {
    let damage = try database.use("check the file") { session in
      try session.rows("PRAGMA integrity_check") { try $0.next(String.self) }
        .filter { $0 != "ok" }.map { "The file is damaged: \($0)." }
    }
    guard damage.isEmpty else { return damage }
    do {
      return try database.read("check the state") { session in
        var found = try session.danglingReferences()
        found += try session.brokenCounters()
        found += try session.brokenRecords()
        let books = try BookCheck(session)
        found += books.findings
        let accounts = try AccountCheck(session, accounts: Set(books.ledgersByAccount.keys))
        found += accounts.findings
        found += try VenueCheck(
          session, ledgers: books.ledgersByAccount, books: accounts.books
        ).findings
        found += try SteeringCheck(session).findings
        found += try SpendingCheck(session).findings
        return found
      }
    } catch .corrupt(_, let detail) {
      return ["The record cannot be read: \(detail)."]
    }
  }
}

extension Session {
  fileprivate func danglingReferences() throws -> [String] {
    try rows("PRAGMA foreign_key_check") { row in
      let table: String = try row.next()
      row.skip(1)
      let parent: String = try row.next()
      return "A row of \(table) refers to a row of \(parent) that does not exist."
    }
  }

  /// The counters of the arena must be beyond everything they counted.
  fileprivate func brokenCounters() throws -> [String] {
    let highest = [
      ("next_position", "position", "SELECT max(position) FROM positions"),
      ("next_nonce", "nonce", "SELECT max(nonce) FROM orders"),
      (
        "next_booking", "booking",
        """
        SELECT max(booking) FROM (SELECT booking FROM fills UNION ALL
        SELECT booking FROM funding_payments UNION ALL SELECT booking FROM capital_flows
        UNION ALL SELECT booking FROM account_transfers)
        """
      ),
    ]
    return try highest.compactMap { counter, what, query in
      let used = try first(query) { try $0.next(Int64?.self) } ?? nil
      let next = try first("SELECT \(counter) FROM arena") { try $0.next(Int64.self) } ?? 1
      guard let used, used >= next else { return nil }
      return "The arena: expected the next \(what) above \(used), the record says \(next)."
    }
  }

  /// Rows of different tables that must tell the same.
  fileprivate func brokenRecords() throws -> [String] {
    let orders = try rows(
      """
      SELECT o.client_order_id, coalesce(o.outcome, 'created'), coalesce(
        (SELECT what FROM order_events e WHERE e.client_order_id = o.client_order_id
         ORDER BY event DESC LIMIT 1), 'nothing') AS what
      FROM orders o WHERE coalesce(o.outcome, 'created') IS NOT what ORDER BY o.nonce
      """
    ) { row in
      let id: String = try row.next()
      let outcome: String = try row.next()
      return "Order \(id): expected \(try row.next(String.self)) from its events, "
        + "the record says \(outcome)."
    }
    let decisions = try rows(
      """
      SELECT trader, cycle, ordinal, client_order_id FROM decisions
      WHERE client_order_id IS NOT NULL
        AND client_order_id NOT IN (SELECT client_order_id FROM orders)
      ORDER BY trader, cycle, ordinal
      """
    ) { row in
      let trader: String = try row.next()
      let cycle: Int64 = try row.next()
      return "Decision \(try row.next(Int64.self)) of \(trader) in cycle \(cycle): expected its "
        + "order \(try row.next(String.self)) on record, was none."
    }
    let points = try rows(
      EquityPoint.columns.select("WHERE trader IN (SELECT trader FROM traders)")
    ) { try EquityPoint(&$0) }
    let sums = points.compactMap { point -> String? in
      let sum = point.cash + point.unrealised
      guard sum != point.equity else { return nil }
      return "\(point.trader) at \(point.at): expected equity \(sum) from cash and unrealised "
        + "profit, the record says \(point.equity)."
    }
    return orders + decisions + sums
  }
}

/// Names and texts of what is compared between two books.
typealias Facts = [(name: String, text: String)]

/// One sentence for each fact that differs.
///
/// - Parameters:
///   - place: What the facts are about.
///   - expected: The facts from the source.
///   - actual: The same facts, in the same order, as they are on record.
///   - source: Where the expected facts come from, for example `its fills`.
/// - Returns: The sentences; empty when all agree.
func differences(
  _ place: String, expected: Facts, actual: Facts, source: String
) -> [String] {
  zip(expected, actual).compactMap { expected, actual in
    guard expected.text != actual.text else { return nil }
    return "\(place): expected \(expected.name) \(expected.text) from \(source), "
      + "the record says \(actual.text)."
  }
}
