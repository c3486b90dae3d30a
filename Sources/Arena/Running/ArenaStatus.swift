import Analytics
package import Journal
package import Trading

/// The command `nof0 status`.
package enum ArenaStatus {
  /// Runs shown.
  private static let runs = 5

  /// Prints the leaderboard, positions, last runs and open alerts.
  package static func execute(
    _ places: Places, _ output: Output, environment: [String: String] = ProcessID.environment,
    clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      let store = StateStore(try StateFolder.openForReading(places))
      // The limits are a help; a configuration that cannot be read is told by other commands.
      let caps = ConfigFiles.load(directory: places.config, environment: environment)
        .config?.llm.caps
      let seen = try store.snapshot { try Sighting($0, now: clock.now(), caps: caps) }
      switch output.format {
      case .json: StandardStreams.writeOut(seen.json)
      case .text: if !output.isQuiet { StandardStreams.writeOut(seen.text) }
      }
      return .success
    }
  }

  /// What ``execute(_:_:)`` prints for people.
  ///
  /// `now`, of the wall clock, tells the day that model calls are counted on; `caps` is what may be
  /// spent on them, `nil` = not known.
  package static func text(
    of store: StateStore, now: Timestamp, caps: SpendingCaps?
  ) throws -> String {
    try store.snapshot { try Sighting($0, now: now, caps: caps) }.text
  }

  /// The state as `status` shows it; the highest NAV first.
  struct Sighting {
    let at: Timestamp?
    let ranks: [TraderRecord]
    let benchmark: (name: String, nav: USD)?
    let runs: [RunRecord]
    let alerts: [AlertRecord]
    let spending: Spending?

    init(_ store: StateStore, now: Timestamp, caps: SpendingCaps?) throws {
      spending = try Spending(SpendingStore(store.database), now: now, caps: caps)
      let last = try store.lastRun()
      at = last?.at
      let state = try store.loadState(now: last?.at ?? Timestamp(ms: 0))
      ranks = state.traders.values.sorted { left, right in
        let navs = [left, right].map { $0.totals.lastNAV ?? .zero }
        return navs[0] == navs[1]
          ? left.ledger.trader < right.ledger.trader : navs[0] > navs[1]
      }
      benchmark = state.benchmark.flatMap { bought in
        state.benchmarkTotals.lastNAV.map { (bought.id.name, $0) }
      }
      runs = try store.recentRuns(ArenaStatus.runs)
      alerts = try store.openAlerts()
    }
  }
}

extension ArenaStatus.Sighting {
  /// The return on what 10,000 became, in per cent.
  private func returnPct(_ nav: USD) -> Double { 100 * (nav.double / 10_000 - 1) }

  var text: String {
    var text = "state as of \(at.map(\.description) ?? "never: no run has finished yet")\n"
    var board = TextTable([
      ("#", .right), ("trader", .left), ("status", .left), ("rule", .left), ("NAV", .right),
      ("return", .right), ("drawdown", .right), ("Sharpe", .right), ("trades", .right),
      ("won", .right), ("open", .right),
    ])
    for (index, record) in ranks.enumerated() {
      let totals = record.totals
      board.add([
        "\(index + 1)", record.ledger.trader.name, record.runtime.status.rawValue,
        record.executor, totals.lastNAV.map(Readable.usd) ?? "–",
        totals.lastNAV.map { Readable.signedPct(returnPct($0)) } ?? "–",
        "\(Readable.decimals2(100 * totals.maxDrawdown)) %",
        totals.sharpe.map(Readable.decimals2) ?? "–", "\(totals.trades)", "\(totals.wins)",
        "\(record.ledger.positions.count)",
      ])
    }
    if let benchmark {
      board.add([
        "", benchmark.name, "", "benchmark", Readable.usd(benchmark.nav),
        Readable.signedPct(returnPct(benchmark.nav)), "", "", "", "", "",
      ])
    }
    text += board.render()
    text += positionsText + runsText
    if let spending { text += spending.text }
    for alert in alerts {
      text +=
        "\(alert.alert.severity.rawValue) alert since \(alert.openedAt): "
        + "\(alert.alert.message)\n"
    }
    return text
  }

  private var positionsText: String {
    let open = ranks.flatMap { record in record.ledger.positions.map { (record, $0) } }
    guard !open.isEmpty else { return "no open positions\n" }
    var table = TextTable([
      ("position of", .left), ("coin", .left), ("side", .left), ("size", .right),
      ("entry", .right), ("stop", .right), ("target", .right), ("since", .left),
    ])
    for (record, position) in open {
      let plan = position.claim.exitPlan
      table.add([
        record.ledger.trader.name, position.coin.name, position.side.rawValue,
        position.size.description, position.entryPrice.description,
        plan.stop?.description ?? "–", plan.target?.description ?? "–",
        position.openedAt.description,
      ])
    }
    return table.render()
  }

  private var runsText: String {
    var table = TextTable([
      ("run", .right), ("cycle", .right), ("time", .left), ("status", .left), ("took", .right),
    ])
    for run in runs {
      let took = run.phases.reduce(0) { $0 + $1.tookMs }
      table.add([
        "\(run.run)", run.cycle.map { "\($0)" } ?? "–", run.at.description, run.status.rawValue,
        run.phases.isEmpty ? "–" : "\(Int(took.rounded())) ms",
      ])
    }
    return table.render()
  }

  var json: String {
    let bytes = CanonicalJSON.document { json in
      json.array("alerts", alerts) { json, record in
        json.object { json in
          json.field("key", record.alert.key)
          json.field("message", record.alert.message)
          json.field("opened_at_ms", record.openedAt.ms)
          json.field("severity", record.alert.severity.rawValue)
        }
      }
      if let at { json.field("at_ms", at.ms) } else { json.null("at_ms") }
      if let benchmark {
        json.object("benchmark") { json in
          json.field("id", benchmark.name)
          json.field("nav_usd", benchmark.nav)
        }
      } else {
        json.null("benchmark")
      }
      if let spending {
        json.object("models") { spending.write(into: &$0) }
      } else {
        json.null("models")
      }
      json.array("runs", runs) { json, run in
        json.object { json in
          json.field("at_ms", run.at.ms)
          json.field("run", run.run)
          json.field("status", run.status.rawValue)
        }
      }
      json.array("traders", ranks) { json, record in json.object { write(record, into: &$0) } }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(_ record: TraderRecord, into json: inout CanonicalJSON) {
    json.field("executor", record.executor)
    json.field("id", record.ledger.trader.name)
    json.field("max_drawdown_pct", 100 * record.totals.maxDrawdown)
    if let nav = record.totals.lastNAV {
      json.field("nav_usd", nav)
    } else {
      json.null("nav_usd")
    }
    json.array("positions", record.ledger.positions) { json, position in
      json.object { json in
        json.field("entry_price", position.entryPrice)
        json.field("opened_at_ms", position.openedAt.ms)
        json.field("side", position.side.rawValue)
        json.field("size_coins", position.size)
        json.field("symbol", position.coin.name)
      }
    }
    if let sharpe = record.totals.sharpe {
      json.field("sharpe", sharpe)
    } else {
      json.null("sharpe")
    }
    json.field("status", record.runtime.status.rawValue)
    json.field("trades", record.totals.trades)
    json.field("wins", record.totals.wins)
  }
}
