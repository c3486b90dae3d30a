import Trading

extension Export {
  /// The same for Prometheus: text that node_exporter's textfile collector reads.
  ///
  /// Three names are nof1's, `nof1_manager_total_equity_usd`, `nof1_trader_total_pnl_usd` and
  /// `nof1_trader_sharpe_ratio`; every figure of ``Metric/all`` is `nof0_trader_KEY`. What is not
  /// defined has no sample. Money is in raw dollars where the help says so, else as quoted.
  package static let prometheus = Export(
    name: "metrics.prom", summary: "The figures of the arena and its traders for Prometheus."
  ) { view in
    var text = PrometheusText()
    text.arena(of: view)
    text.runs(of: view)
    text.alerts(of: view)
    text.traders(of: view)
    text.figures(of: view)
    return text.bytes
  }
}

/// Text in Prometheus' exposition format 0.0.4, without timestamps.
struct PrometheusText {
  /// What was written so far, UTF-8.
  private(set) var bytes: [UInt8] = []

  /// Label names with their values, in the order they are shown.
  typealias Labels = [(name: String, value: String)]

  /// Writes a family of gauges; nothing when it has no samples.
  mutating func gauge(_ name: String, _ help: String, _ samples: [(labels: Labels, value: Double)])
  {
    let finite = samples.filter(\.value.isFinite)
    guard !finite.isEmpty else { return }
    bytes += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) gauge\n".utf8
    for sample in finite {
      let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
      let set = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
      bytes += "\(name)\(set) \(sample.value)\n".utf8
    }
  }

  /// Writes a gauge with one sample and no labels.
  mutating func gauge(_ name: String, _ help: String, _ value: Double?) {
    gauge(name, help, value.map { [([], $0)] } ?? [])
  }

  /// Backslashes and line feeds escaped, and quotes where the text stands in some.
  private static func escaped(_ text: String, quotes: Bool) -> String {
    let special: [UInt8] = [UInt8(ascii: "\\"), UInt8(ascii: "\n"), UInt8(ascii: "\"")]
    guard text.utf8.contains(where: special.contains) else { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension PrometheusText {
  fileprivate mutating func arena(of view: ArenaView) {
    gauge(
      "nof0_arena_facts", "What the arena is; always 1.",
      [
        (
          [
            ("is_simulated", "\(view.record.isSimulated)"),
            ("is_synthetic", "\(view.isSynthetic)"), ("name", view.record.name),
          ], 1
        )
      ])
    gauge("nof0_cycle", "The cycle that the files tell of.", Double(view.cycle))
    gauge("nof0_run", "The run that wrote the files.", Double(view.run))
    gauge(
      "nof0_cycle_timestamp_seconds", "The time of that cycle, Unix seconds.", view.at.seconds)
    let equity = view.traders.reduce(USD.zero) { $0 + $1.equity }
    gauge(
      "nof1_manager_total_equity_usd", "Total equity of all traders in raw USD.", equity.double)
    gauge(
      "nof0_price_usd", "The latest price of a coin in USD.",
      view.prices.sorted { $0.key < $1.key }.map {
        ([("coin", $0.key.name)], $0.value.price.double)
      })
    if let benchmark = view.benchmark {
      let row = EquityRow.present(of: benchmark, in: view)
      gauge(
        "nof0_benchmark_equity_usd", "Equity of the benchmark in quoted USD.",
        [([("benchmark_id", row.id.name)], row.equity.double)])
    }
  }

  fileprivate mutating func runs(of view: ArenaView) {
    let newest = view.record.runs.sorted { $0.run > $1.run }
    gauge(
      "nof0_run_started_timestamp_seconds", "When the newest run began, Unix seconds.",
      newest.first?.startedAt.seconds)
    // The run that writes this is not over yet.
    guard let ended = newest.first(where: { $0.finishedAt != nil }) else { return }
    gauge(
      "nof0_run_ended_timestamp_seconds", "When the last run that ended did so, Unix seconds.",
      ended.finishedAt?.seconds)
    gauge(
      "nof0_run_duration_seconds", "How long that run took.",
      ended.finishedAt.map { Double(($0 - ended.startedAt).ms) / 1000 })
    gauge(
      "nof0_run_success", "Whether that run ended as it should: 1, or 0.",
      ended.status == .finished ? 1 : 0)
    gauge(
      "nof0_run_phase_duration_seconds", "How long each phase of that run took.",
      ended.phases.map { ([("phase", $0.phase)], $0.tookMs / 1000) })
  }

  fileprivate mutating func alerts(of view: ArenaView) {
    let open = view.record.alerts.filter { $0.resolvedAt == nil }
    gauge(
      "nof0_alerts_open", "Alerts that hold now.",
      AlertSeverity.allCases.map { severity in
        let count = open.filter { $0.alert.severity == severity }.count
        return ([("severity", severity.rawValue)], Double(count))
      })
  }

  fileprivate mutating func traders(of view: ArenaView) {
    let traders = view.traders
    func each(_ value: (TraderView) -> Double?) -> [(labels: Labels, value: Double)] {
      traders.compactMap { trader in
        value(trader).map { ([("trader_id", trader.id.name)], $0) }
      }
    }
    gauge(
      "nof1_trader_total_pnl_usd", "Profit or loss of a trader in raw USD.",
      each { ($0.equity - $0.record.ledger.flows).double })
    gauge(
      "nof1_trader_sharpe_ratio", "Sharpe ratio of daily returns, a year's.",
      each { $0.record.totals.sharpe })
    gauge(
      "nof0_trader_status", "The state of a trader; always 1.",
      traders.map { trader in
        let runtime = trader.record.runtime
        let status = runtime.removedAt == nil ? runtime.status.rawValue : "removed"
        return ([("trader_id", trader.id.name), ("status", status)], 1)
      })
    gauge(
      "nof0_trader_equity_raw_usd", "Equity of a trader in raw USD.", each { $0.equity.double })
    gauge(
      "nof0_trader_invocations", "How often a trader was asked.",
      each { Double($0.record.runtime.invocations) })
    gauge(
      "nof0_trader_failures_in_a_row", "Decisions in a row that failed.",
      each { Double($0.record.runtime.failuresInARow) })
    gauge(
      "nof0_trader_open_positions", "Positions that a trader holds.",
      each { Double($0.record.ledger.positions.count) })
    gauge(
      "nof0_position_notional_usd", "Signed worth of an open position in raw USD.",
      traders.flatMap { trader in
        trader.record.ledger.positions.sorted { $0.coin < $1.coin }.compactMap { position in
          trader.holdings[position.coin].map { holding in
            (
              [("trader_id", trader.id.name), ("coin", position.coin.name)],
              (holding.mark * position.signedSize).double
            )
          }
        }
      })
    costs(of: traders)
  }

  private mutating func costs(of traders: [TraderView]) {
    func each(_ value: (ModelCost) -> Double) -> [(labels: Labels, value: Double)] {
      traders.flatMap { trader in
        trader.modelUse.map {
          ([("trader_id", trader.id.name), ("model", $0.model)], value($0))
        }
      }
    }
    gauge(
      "nof0_model_calls", "Model calls of a trader since the record began.",
      each { Double($0.calls) })
    gauge(
      "nof0_model_tokens", "Tokens of these calls, in and out.", each { Double($0.tokens) })
    gauge("nof0_model_cost_usd", "Cost of these calls in USD.", each { $0.cost.double })
    gauge(
      "nof0_model_cost_today_usd", "Cost of the calls of the present UTC day in USD.",
      each { $0.costToday.double })
  }

  /// One family for each figure, in base units: Prometheus counts time in seconds.
  fileprivate mutating func figures(of view: ArenaView) {
    let readings = view.traders.map { (trader: $0.id.name, figures: view.readings(of: $0)) }
    for (index, metric) in Metric.sorted.enumerated() {
      let samples: [(labels: Labels, value: Double)] = readings.compactMap { reading in
        reading.figures[index].value.map {
          ([("trader_id", reading.trader)], $0 * metric.unit.secondsOrOne)
        }
      }
      gauge(metric.prometheusName, metric.summary + ".", samples)
    }
  }
}

extension MetricUnit {
  /// Seconds of one of the unit where it is one of time, else 1.
  fileprivate var secondsOrOne: Double {
    switch self {
    case .minutes: 60
    case .days: 86_400
    case .usd, .pct, .ratio, .count, .bps, .seconds: 1
    }
  }
}

extension Metric {
  /// The name of its family: `nof0_trader_KEY` with time in seconds, and with its unit where the
  /// end of the key would make Prometheus take it for a counter or a histogram.
  var prometheusName: String {
    var words = key.split(separator: "_").map { word in
      switch String(word) {
      // A number of days, not a time in days, is named after the day.
      case "minutes", "mins", "hours", "days":
        unit.secondsOrOne == 1 ? word.dropLast() : "seconds"
      case "bits": word.dropLast()
      default: word
      }
    }
    if let last = words.last, ["total", "count", "sum", "bucket"].contains(String(last)) {
      words.append(unit == .count ? "number" : Substring(unit.rawValue))
    }
    return "nof0_trader_" + words.joined(separator: "_")
  }
}
