package import Journal
import Trading

/// The commands `nof0 traders list` and `show`: they only read.
package enum TraderSight {
  /// Prints one line a trader.
  package static func list(
    _ places: Places, _ output: Output, environment: [String: String] = ProcessID.environment,
    clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      let store = StateStore(try StateFolder.openForReading(places))
      // A configuration that cannot be read is told by other commands; the record still can be.
      let config = ConfigFiles.load(directory: places.config, environment: environment).config
      let rows: [Row] = try store.snapshot { try Self.rows($0, config, clock: clock) }
      switch output.format {
      case .json: StandardStreams.writeOut(json(rows))
      case .text: if !output.isQuiet { StandardStreams.writeOut(text(rows)) }
      }
      return .success
    }
  }

  /// What ``list(_:_:environment:clock:)`` prints for people.
  package static func listText(
    of store: StateStore, _ config: ArenaConfig?, clock: WallClock
  ) throws -> String {
    text(try store.snapshot { try Self.rows($0, config, clock: clock) })
  }

  /// A trader of the list: one on record, or one that only the configuration knows.
  struct Row {
    let id: TraderID
    let executor: String
    /// `nil` before it took part in a run.
    let record: TraderRecord?
    /// Its latest equity, USD; `nil` when there is none on record.
    let equity: USD?
    let nextDue: NextTurn
    /// Whether the configuration has it; `nil` = not known.
    let isConfigured: Bool?
  }

  /// When a trader decides next.
  enum NextTurn: Equatable {
    /// It does not.
    case never
    /// With the next run.
    case nextRun
    /// With the first run at or after an instant.
    case at(Timestamp)

    var text: String {
      switch self {
      case .never: "-"
      case .nextRun: "next run"
      case .at(let time): time.description
      }
    }

    /// The next turn of a trader as configured, at the arena's time.
    init(_ runtime: TraderRuntime, _ spec: TraderSpec?, now: Timestamp) {
      guard let spec, runtime.removedAt == nil else {
        self = .never
        return
      }
      let slot = runtime.lastSlot.map { Timestamp(ms: ($0 + 1) * spec.decisionInterval.ms) }
      let earliest: Timestamp?
      switch runtime.status {
      case .running: earliest = slot
      case .paused:
        guard let until = runtime.pausedUntil else {
          self = .never
          return
        }
        earliest = max(until, slot ?? until)
      case .stopped, .isolated, .error:
        self = .never
        return
      }
      self = earliest.map { $0 > now ? .at($0) : .nextRun } ?? .nextRun
    }
  }

  static func rows(
    _ store: StateStore, _ config: ArenaConfig?, clock: WallClock
  ) throws -> [Row] {
    let now = try ArenaTime.now(of: config, store, clock: clock)
    let state = try store.loadState(now: now)
    let specs = Dictionary(
      (config?.traders ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let ids = Set(state.traders.keys).union(specs.keys).sorted()
    return try ids.map { id in
      let record = state.traders[id]
      return Row(
        id: id, executor: record?.executor ?? specs[id]?.executor.label ?? "",
        record: record, equity: try record.flatMap { try equity(of: $0, store) },
        nextDue: record.map { NextTurn($0.runtime, specs[id], now: now) } ?? .nextRun,
        isConfigured: config.map { _ in specs[id] != nil })
    }
  }

  /// The latest equity on record; of a removed trader what money it still has.
  static func equity(of record: TraderRecord, _ store: StateStore) throws -> USD? {
    guard record.runtime.removedAt == nil else { return record.ledger.cash }
    return try equity(of: record.ledger.trader, store)
  }

  private static func equity(of id: TraderID, _ store: StateStore) throws -> USD? {
    try store.hourlyTotals(id, limitHours: 1, thenDaily: 0).last?.point.equity
  }

  private static func text(_ rows: [Row]) -> String {
    var table = TextTable([
      ("trader", .left), ("status", .left), ("executor", .left), ("era", .right),
      ("equity", .right), ("capital", .right), ("open", .right), ("next due", .left),
      ("", .left),
    ])
    for row in rows {
      let runtime = row.record?.runtime
      table.add([
        Readable.clipped(row.id.name, to: 24), status(row), Readable.clipped(row.executor, to: 16),
        runtime.map { "\($0.era.number)" } ?? "-", row.equity.map(Readable.usd) ?? "-",
        row.record.map { Readable.usd($0.ledger.flows) } ?? "-",
        row.record.map { "\($0.ledger.positions.count)" } ?? "-", row.nextDue.text, remark(row),
      ])
    }
    return table.render(within: 160)
  }

  private static func status(_ row: Row) -> String {
    guard let runtime = row.record?.runtime else { return "new" }
    if runtime.removedAt != nil { return "removed" }
    return runtime.status.rawValue + (runtime.pausedUntil.map { " until \($0)" } ?? "")
  }

  private static func remark(_ row: Row) -> String {
    var words: [String] = []
    if row.isConfigured == false { words.append("not in the configuration") }
    if let removed = row.record?.runtime.removedAt { words.append("removed \(removed)") }
    if let runtime = row.record?.runtime, runtime.status != .running, !runtime.reason.isEmpty {
      words.append(runtime.reason)
    }
    if row.record == nil { words.append("takes part from the next run on") }
    return Readable.clipped(words.joined(separator: "; "), to: 80)
  }

  private static func json(_ rows: [Row]) -> String {
    let bytes = CanonicalJSON.document { json in
      json.array("traders", rows) { json, row in json.object { write(row, into: &$0) } }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func write(_ row: Row, into json: inout CanonicalJSON) {
    let runtime = row.record?.runtime
    json.optional("capital_usd", row.record?.ledger.flows)
    json.optional("equity_usd", row.equity)
    json.optional("era", runtime.map { Int64($0.era.number) })
    json.field("executor", row.executor)
    json.field("id", row.id.name)
    if let isConfigured = row.isConfigured {
      json.field("is_configured", isConfigured)
    } else {
      json.null("is_configured")
    }
    json.field("next_due", row.nextDue.text)
    json.optional("open_positions", row.record.map { Int64($0.ledger.positions.count) })
    json.optional("paused_until_ms", runtime?.pausedUntil?.ms)
    json.field("reason", runtime?.reason ?? "")
    json.optional("removed_at_ms", runtime?.removedAt?.ms)
    json.field("status", runtime?.status.rawValue ?? "new")
  }
}

extension CanonicalJSON {
  /// A number, or `null`.
  mutating func optional(_ name: String, _ number: Int64?) {
    if let number { field(name, number) } else { null(name) }
  }

  /// An amount, or `null`.
  mutating func optional(_ name: String, _ amount: USD?) {
    if let amount { field(name, amount) } else { null(name) }
  }
}
