import Trading

extension KillSwitch {
  static let columns = Columns(
    "kill_switches",
    """
    number account trader cause measured threshold action reset_after_ms fired_at_ms reason
    reset_at_ms reset_by
    """)
  static let insert = columns.insert
  static let selectOne = columns.select("WHERE number = ?")
  static let selectActive = columns.select("WHERE reset_at_ms IS NULL ORDER BY number")

  /// The values of its columns.
  var values: [any Column] {
    let span: Int64? =
      switch reset {
      case .manual: nil
      case .after(let span): span.ms
      }
    return [
      number, account, trader, cause, measured, threshold, action, span, firedAt, reason, resetAt,
      resetBy,
    ]
  }

  /// The kill switch of a row.
  init(_ row: inout RowReader) throws {
    self.init(
      number: try row.next(), account: try row.next(), trader: try row.next(),
      cause: try row.next(), measured: try row.next(), threshold: try row.next(),
      action: try row.next(),
      reset: try row.next(Int64?.self).map { .after(Span(ms: $0)) } ?? .manual,
      firedAt: try row.next(), reason: try row.next(), resetAt: try row.next(),
      resetBy: try row.next())
  }
}

extension ConflictRecord {
  static let columns = Columns(
    "conflicts",
    "cycle run at_ms ordinal account kind severity coin strategy resolution reason")
  static let insert = columns.insert
  static let insertTrader = Columns("conflict_traders", "conflict ordinal trader").insert

  /// The values of its own columns; its traders are kept apart.
  var values: [any Column] { [account, kind, severity, coin, strategy, resolution, reason] }

  /// The clash of the columns from `account` on.
  init(_ row: inout RowReader, traders: [TraderID]) throws {
    self.init(
      account: try row.next(), kind: try row.next(), severity: try row.next(),
      coin: try row.next(), traders: traders, strategy: try row.next(),
      resolution: try row.next(), reason: try row.next())
  }
}

extension TraderEvent {
  static let columns = Columns("trader_events", "trader at_ms what status cause reason run")
  static let insert = columns.insert

  /// The values of its own columns.
  var values: [any Column] { [trader, at, what, status, cause, reason] }

  /// The event of the next columns.
  init(_ row: inout RowReader) throws {
    self.init(
      trader: try row.next(), at: try row.next(), what: try row.next(),
      status: try row.next(), cause: try row.next(), reason: try row.next())
  }
}

extension AllocationRecord {
  static let upsert = Columns("allocation", "one at_ms is_pending").upsert(key: "one")
  static let insertMember = Columns("allocation_members", "one trader is_member sharpe").insert

  /// The values of each trader's row.
  var memberValues: [[any Column]] {
    let members = Set(self.members)
    return members.union(sharpes.keys).sorted().map {
      [1, $0, members.contains($0), sharpes[$0]]
    }
  }
}
