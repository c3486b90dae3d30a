import Trading

/// The words of the signals table for what a decision wants.
private enum Signal: String, CaseIterable {
  case long
  case short
  case hold
  case close

  /// What counts as it: a change of protection keeps the position, so it is a hold.
  var actions: [DecisionAction] {
    switch self {
    case .long: [.buyToEnter]
    case .short: [.sellToEnter]
    case .hold: [.hold, .updateProtection]
    case .close: [.close]
    }
  }
}

extension BreakdownTable {
  /// What was signalled, how surely, and the minutes spent long, short and flat.
  ///
  /// Decisions that gave no confidence or leverage do not count in the statistics of those.
  static func signals(_ behaviour: BehaviourMetrics, held: HeldTime) -> BreakdownTable {
    var table = BreakdownTable(name: "signals_breakdown_table")
    var all = DecisionCounts()
    var counts: [Signal: DecisionCounts] = [:]
    for signal in Signal.allCases {
      let group = signal.actions.reduce(DecisionCounts()) { $0 + behaviour.counts(of: $1) }
      counts[signal] = group
      all = all + group
    }
    for signal in Signal.allCases {
      let group = counts[signal] ?? DecisionCounts()
      let word = signal.rawValue
      table.add("num_\(word)_signals", count: group.count)
      table.add("\(word)_signal_pct", percent(Double(group.count), of: Double(all.count)))
      table.addSpread("confidence_\(word)", group.confidence, dividedBy: 100)
      switch signal {
      case .long, .short: table.addSpread("leverage_\(word)", group.leverage)
      case .hold, .close: break
      }
    }
    table.add("total_signals", count: all.count)
    let shorts = Double(counts[.short]?.count ?? 0)
    table.add("long_short_ratio", shorts == 0 ? 0 : Double(counts[.long]?.count ?? 0) / shorts)
    table.addSpread("confidence", all.confidence, dividedBy: 100)
    table.add("median_confidence", all.confidence.median / 100)
    table.addSpread("leverage", all.leverage)
    table.add("median_leverage", all.leverage.median)
    table.addHeldTime(held)
    return table
  }

  private mutating func addHeldTime(_ held: HeldTime) {
    let total = Span(ms: held.long.ms + held.short.ms + held.flat.ms).minutes
    for (word, span) in [("long", held.long), ("short", held.short), ("flat", held.flat)] {
      add("mins_\(word)_combined", span.minutes)
      add("pct_mins_\(word)_combined", Self.percent(span.minutes, of: total))
    }
  }
}
