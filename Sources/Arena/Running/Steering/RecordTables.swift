import Journal
package import Trading

/// A refused decision as tables show it.
package struct RefusalRow: Sendable, Equatable {
  /// The trader.
  package let trader: TraderID
  /// The time of the cycle.
  package let at: Timestamp
  /// What was wanted.
  package let action: DecisionAction
  /// The coin; `nil` when none was named.
  package let coin: Coin?
  /// The id of the rule; empty when none was noted.
  package let rule: String
  /// What the rule said; may hold words of a model.
  package let text: String

  /// A row from its parts.
  package init(
    trader: TraderID, at: Timestamp, action: DecisionAction, coin: Coin?, rule: String,
    text: String
  ) {
    self.trader = trader
    self.at = at
    self.action = action
    self.coin = coin
    self.rule = rule
    self.text = text
  }

  init(_ past: PastRefusal) {
    self.init(
      trader: past.trader, at: past.at, action: past.action, coin: past.coin, rule: past.rule,
      text: past.text)
  }

  func write(into json: inout CanonicalJSON) {
    json.field("action", action.rawValue)
    json.field("at_ms", at.ms)
    json.field("rule", rule)
    if let coin { json.field("symbol", coin.name) } else { json.null("symbol") }
    json.field("text", text)
    json.field("trader", trader.name)
  }
}

/// A clash between traders as tables show it.
package struct ConflictRow: Sendable, Equatable {
  /// The time of the cycle.
  package let at: Timestamp
  /// The clash.
  package let conflict: ConflictRecord

  /// A row from its parts.
  package init(at: Timestamp, conflict: ConflictRecord) {
    self.at = at
    self.conflict = conflict
  }

  init(_ past: PastConflict) { self.init(at: past.at, conflict: past.conflict) }

  func write(into json: inout CanonicalJSON) {
    json.field("account", conflict.account.name)
    json.field("at_ms", at.ms)
    json.field("reason", conflict.reason)
    json.field("resolution", conflict.resolution)
    json.field("severity", conflict.severity.rawValue)
    if let strategy = conflict.strategy {
      json.field("strategy", strategy.rawValue)
    } else {
      json.null("strategy")
    }
    if let coin = conflict.coin { json.field("symbol", coin.name) } else { json.null("symbol") }
    json.array("traders", conflict.traders) { json, id in json.value(id.name) }
    json.field("type", conflict.kind.rawValue)
  }
}

/// What stopped, clashed and was refused, as tables for people; empty for no rows.
package enum RecordTables {
  /// What changed whether a trader takes part.
  package static func events(_ events: [TraderEvent]) -> String {
    guard !events.isEmpty else { return "" }
    var table = TextTable([
      ("event", .left), ("status", .left), ("time", .left), ("by", .left), ("why", .left),
    ])
    for event in events {
      table.add([
        Readable.clipped(event.what, to: 12), event.status.rawValue, event.at.description,
        Readable.clipped(event.cause, to: 24), Readable.clipped(event.reason, to: 44),
      ])
    }
    return table.render()
  }

  /// Decisions that were refused.
  package static func refusals(_ rows: [RefusalRow], _ style: TextStyle = .plain) -> String {
    guard !rows.isEmpty else { return "" }
    var table = TextTable(columns: [
      .init("refused", .left, least: 10), .init("wanted", .left), .init("time", .left, drop: 2),
      .init("rule", .left, drop: 1), .init("why", .left, least: 30),
    ])
    for row in rows {
      let coin = row.coin.map { " \($0)" } ?? ""
      table.add([
        Readable.clipped(row.trader.name, to: 20), row.action.rawValue + coin,
        row.at.description, row.rule.isEmpty ? "–" : Readable.clipped(row.rule, to: 20),
        Readable.clipped(row.text, to: 160),
      ])
    }
    return table.render(style, within: 220)
  }

  /// Clashes between traders of one account.
  package static func conflicts(_ rows: [ConflictRow], _ style: TextStyle = .plain) -> String {
    guard !rows.isEmpty else { return "" }
    var table = TextTable(columns: [
      .init("conflict", .left), .init("coin", .left), .init("severity", .left, drop: 3),
      .init("time", .left, drop: 2), .init("traders", .left, least: 12),
      .init("outcome", .left, least: 30),
    ])
    for row in rows {
      let conflict = row.conflict
      let names = conflict.traders.map(\.name).joined(separator: ", ")
      let by = conflict.strategy?.rawValue ?? "owner keeps it"
      table.add([
        conflict.kind.rawValue, conflict.coin?.name ?? "–", conflict.severity.rawValue,
        row.at.description, Readable.clipped(names, to: 30),
        Readable.clipped("\(by): \(conflict.resolution); \(conflict.reason)", to: 200),
      ])
    }
    return table.render(style, within: 260)
  }

  /// Kill switches; those that hold, when it says so, without the columns of their reset.
  package static func killSwitches(
    _ switches: [KillSwitch], _ style: TextStyle = .plain
  ) -> String {
    guard !switches.isEmpty else { return "" }
    var table = TextTable(columns: [
      .init("kill switch", .right), .init("stops", .left, least: 10),
      .init("cause", .left, drop: 4, least: 10), .init("measured", .left, drop: 3),
      .init("action", .left, drop: 2), .init("fired", .left, drop: 5),
      .init("holds until", .left), .init("why", .left, drop: 1, least: 20),
    ])
    for fired in switches {
      table.add([
        "\(fired.number)", Readable.clipped(scope(of: fired), to: 28),
        Readable.clipped(fired.cause, to: 20), measure(of: fired), fired.action.rawValue,
        fired.firedAt.description, end(of: fired), Readable.clipped(fired.reason, to: 60),
      ])
    }
    return table.render(style, within: 156)
  }

  /// Whom a kill switch stops.
  static func scope(of fired: KillSwitch) -> String {
    fired.trader.map { "\($0) on \(fired.account)" } ?? "\(fired.account)"
  }

  private static func measure(of fired: KillSwitch) -> String {
    guard let measured = fired.measured, let threshold = fired.threshold else { return "–" }
    return "\(measured) of \(threshold)"
  }

  /// When it ends, or ended.
  private static func end(of fired: KillSwitch) -> String {
    if let reset = fired.resetAt { return "\(reset) (reset)" }
    return switch fired.reset {
    case .manual: "reset by a person"
    case .after(let span): "\(fired.firedAt + span)"
    }
  }

  static func write(_ fired: KillSwitch, into json: inout CanonicalJSON) {
    json.field("account", fired.account.name)
    json.field("action", fired.action.rawValue)
    json.field("cause", fired.cause)
    json.field("fired_at_ms", fired.firedAt.ms)
    if let measured = fired.measured {
      json.field("measured", measured)
    } else {
      json.null("measured")
    }
    json.field("number", fired.number)
    json.field("reason", fired.reason)
    switch fired.reset {
    case .manual: json.null("reset_after_ms")
    case .after(let span): json.field("reset_after_ms", span.ms)
    }
    if let at = fired.resetAt { json.field("reset_at_ms", at.ms) } else { json.null("reset_at_ms") }
    json.field("reset_by", fired.resetBy)
    if let threshold = fired.threshold {
      json.field("threshold", threshold)
    } else {
      json.null("threshold")
    }
    if let trader = fired.trader { json.field("trader", trader.name) } else { json.null("trader") }
  }
}

extension TextTable {
  /// The table as wide as a terminal; elsewhere as ``render(within:)``.
  func render(_ style: TextStyle, within width: Int) -> String {
    style.width == nil ? render(within: width) : render(style)
  }

  /// The table with lines of at most `width` characters; what is cut off ends in `…`.
  func render(within width: Int) -> String {
    render().split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.count <= width ? String(line) : line.prefix(width - 1) + "…"
    }.joined(separator: "\n")
  }
}
