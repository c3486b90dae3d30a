import Journal
import Trading

extension TraderSight {
  /// Prints everything about one trader.
  package static func show(
    _ name: String, _ places: Places, _ output: Output,
    environment: [String: String] = ProcessID.environment, clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      let store = StateStore(try StateFolder.openForReading(places))
      let loaded = ConfigFiles.load(directory: places.config, environment: environment)
      let limits = loaded.config == nil ? [] : loaded.effective.entries
      // A name that does not exist is no failure of the database.
      let portrait = try store.snapshot { store in
        Result { try TraderPortrait(name, store, loaded.config, limits: limits, clock: clock) }
      }.get()
      switch output.format {
      case .json: StandardStreams.writeOut(portrait.json)
      case .text: if !output.isQuiet { StandardStreams.writeOut(portrait.text) }
      }
      return .success
    }
  }
}

/// One trader with its history, as `nof0 traders show` tells it.
struct TraderPortrait {
  /// Rows of each kind shown at the most, and rows they are looked for in.
  private static let shown = 10
  private static let searched = 500

  let row: TraderSight.Row
  let eras: [TraderEra]
  /// The newest movements of its money, newest first, and how many there are in all.
  let flows: [CapitalFlow]
  let flowCount: Int
  let events: [TraderEvent]
  let refusals: [RefusalRow]
  let conflicts: [ConflictRow]
  let switches: [KillSwitch]
  let openOrders: [OrderIntent]
  /// Its limits as configured: key and value.
  let limits: [(key: String, value: String)]

  init(
    _ name: String, _ store: StateStore, _ config: ArenaConfig?, limits: [EffectiveConfig.Entry],
    clock: WallClock
  ) throws {
    let rows = try TraderSight.rows(store, config, clock: clock)
    let id = try TraderNames.find(name, on: rows.map(\.id), in: config)
    guard let row = rows.first(where: { $0.id == id }) else {
      preconditionFailure("expected \(id) among the traders of the state and the configuration")
    }
    self.row = row
    eras = try store.eras(of: id)
    let flows = try store.flows(id)
    self.flows = flows.suffix(Self.shown).reversed()
    flowCount = flows.count
    events = try store.events(of: id, limit: Self.shown)
    refusals = try store.recentRefusals(limit: Self.searched).filter { $0.trader == id }
      .prefix(Self.shown).map(RefusalRow.init)
    conflicts = try store.recentConflicts(limit: Self.searched)
      .filter { $0.conflict.traders.contains(id) }.prefix(Self.shown).map(ConflictRow.init)
    let account = row.record?.account
    switches = try store.killSwitches(limit: Self.searched).filter { fired in
      fired.account == account && (fired.trader.map { $0 == id } ?? true)
    }
    let now = try ArenaTime.now(of: config, store, clock: clock)
    openOrders = try store.loadState(now: now).openIntents.filter { $0.request.trader == id }
    let prefix = "traders.\(id)."
    self.limits = limits.compactMap { entry in
      guard entry.key.hasPrefix(prefix) else { return nil }
      let key = String(entry.key.dropFirst(prefix.count))
      let isLimit = key.hasPrefix("risk_params.") || key.hasPrefix("exec_guards.")
      return isLimit ? (key, entry.value) : nil
    }
  }
}

extension TraderPortrait {
  var text: String {
    var text = head
    guard let record = row.record else { return text + limitsText }
    text += positions(of: record) + orders
    text += erasText + flowsText
    text += RecordTables.events(events)
    text += RecordTables.refusals(refusals)
    text += RecordTables.conflicts(conflicts)
    text += RecordTables.killSwitches(Array(switches.prefix(Self.shown)))
    return text + limitsText
  }

  private var head: String {
    var lines = [(String, String)]()
    if let record = row.record {
      let runtime = record.runtime
      let allowed = MoveText.allowed(from: runtime.status).map(\.rawValue)
      lines.append(("status", MoveText.state(runtime)))
      lines.append(
        ("allowed", runtime.removedAt == nil ? allowed.joined(separator: ", ") : "nothing"))
      lines.append(
        ("executor", "\(row.executor) on \(record.exchange), account \(record.account)"))
      lines.append(
        (
          "equity",
          "\(row.equity.map(Readable.usd) ?? "–") USD of \(Readable.usd(record.ledger.flows)) "
            + "USD put in"
        ))
      lines.append(("next due", row.nextDue.text))
      lines.append(
        (
          "so far",
          "\(runtime.invocations) decisions asked for since \(runtime.inceptionAt); in a row "
            + "\(runtime.failuresInARow) failed, \(runtime.breachesInARow) broke rules"
        ))
    } else {
      lines.append(("status", "takes part from the next run on"))
      lines.append(("executor", row.executor))
    }
    if row.isConfigured == false {
      lines.append(("note", "not in the configuration; positions it has are looked after"))
    }
    let name = row.record.map { " · \(Readable.clipped($0.name, to: 60))" } ?? ""
    return "\(row.id)\(name)\n"
      + lines.map { key, value in
        "  \(key)" + String(repeating: " ", count: 10 - key.count) + value + "\n"
      }.joined()
  }

  private func positions(of record: TraderRecord) -> String {
    guard !record.ledger.positions.isEmpty else { return "  no open positions\n" }
    var table = TextTable([
      ("position", .left), ("side", .left), ("size", .right), ("entry", .right),
      ("stop", .right), ("target", .right), ("since", .left),
    ])
    for position in record.ledger.positions {
      let plan = position.claim.exitPlan
      table.add([
        position.coin.name, position.side.rawValue, position.size.description,
        position.entryPrice.description, plan.stop?.description ?? "–",
        plan.target?.description ?? "–", position.openedAt.description,
      ])
    }
    return table.render()
  }

  private var orders: String {
    openOrders.prefix(Self.shown).map { order in
      "  the outcome of \(order.request.purpose.rawValue) \(order.request.side.rawValue) "
        + "\(order.request.size) \(order.request.coin) is not known; the next run asks the venue\n"
    }.joined()
  }

  private var erasText: String {
    var table = TextTable([("era", .right), ("since", .left), ("configuration", .left)])
    let all = eras.isEmpty ? row.record.map { [$0.runtime.era] } ?? [] : eras
    for era in all.suffix(Self.shown) {
      table.add(["\(era.number)", era.startedAt.description, String(era.configDigest.prefix(12))])
    }
    return table.render()
  }

  private var flowsText: String {
    guard !flows.isEmpty else { return "" }
    let more = flowCount > flows.count ? " (the newest of \(flowCount))" : ""
    var table = TextTable([("capital", .right), ("time", .left), ("why" + more, .left)])
    for flow in flows {
      table.add([
        Readable.usd(flow.amount), flow.at.description, Readable.clipped(flow.reason, to: 70),
      ])
    }
    return table.render()
  }

  private var limitsText: String {
    guard !limits.isEmpty else { return "" }
    var table = TextTable([("limit", .left), ("", .left)])
    for limit in limits { table.add([limit.key, Readable.clipped(limit.value, to: 60)]) }
    return table.render()
  }

  var json: String {
    let bytes = CanonicalJSON.document { json in
      json.array("conflicts", conflicts) { json, row in json.object { row.write(into: &$0) } }
      json.array("eras", eras) { json, era in
        json.object { json in
          json.field("config_digest", era.configDigest)
          json.field("number", era.number)
          json.field("started_at_ms", era.startedAt.ms)
        }
      }
      json.array("events", events) { json, event in
        json.object { json in
          json.field("at_ms", event.at.ms)
          json.field("cause", event.cause)
          json.field("reason", event.reason)
          json.field("status", event.status.rawValue)
          json.field("what", event.what)
        }
      }
      json.array("flows", flows) { json, flow in
        json.object { json in
          json.field("amount_usd", flow.amount)
          json.field("at_ms", flow.at.ms)
          json.field("reason", flow.reason)
        }
      }
      json.array("kill_switches", switches.prefix(Self.shown)) { json, fired in
        json.object { RecordTables.write(fired, into: &$0) }
      }
      json.object("limits") { json in
        for limit in limits.sorted(by: { $0.key < $1.key }) { json.field(limit.key, limit.value) }
      }
      json.array("moves", allowed) { json, move in json.value(move.rawValue) }
      json.array("positions", row.record?.ledger.positions ?? []) { json, position in
        json.object { ArenaStatus.write(position, into: &$0) }
      }
      json.array("refusals", refusals) { json, row in json.object { row.write(into: &$0) } }
      json.object("trader") { TraderSight.write(row, into: &$0) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private var allowed: [TraderStatus.Move] {
    guard let runtime = row.record?.runtime, runtime.removedAt == nil else { return [] }
    return MoveText.allowed(from: runtime.status)
  }
}
