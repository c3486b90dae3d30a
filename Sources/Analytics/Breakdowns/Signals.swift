import Trading

/// The words of the signals table for what a decision wants.
private enum Signal: String, CaseIterable {
  case long
  case short
  case hold
  case close

  /// A change of protection keeps the position: it counts as a hold.
  init(_ action: DecisionAction) {
    switch action {
    case .buyToEnter: self = .long
    case .sellToEnter: self = .short
    case .hold, .updateProtection: self = .hold
    case .close: self = .close
    }
  }
}

extension BreakdownTable {
  /// What was signalled, how surely, and the minutes spent long, short and flat.
  ///
  /// Decisions that gave no confidence or leverage do not count in the statistics of those.
  package static func signals(_ decisions: [DecisionPoint], held: HeldTime) -> BreakdownTable {
    var table = BreakdownTable(name: "signals_breakdown_table")
    let groups = Dictionary(grouping: decisions) { Signal($0.action) }
    let total = Double(decisions.count)
    for signal in Signal.allCases {
      let group = groups[signal] ?? []
      let word = signal.rawValue
      table.add("num_\(word)_signals", count: group.count)
      table.add("\(word)_signal_pct", Sample.percent(Double(group.count), of: total))
      table.addSpread("confidence_\(word)", of: group.confidences)
      switch signal {
      case .long, .short: table.addSpread("leverage_\(word)", of: group.leverages)
      case .hold, .close: break
      }
    }
    table.add("total_signals", count: decisions.count)
    let shorts = Double(groups[.short]?.count ?? 0)
    table.add("long_short_ratio", shorts == 0 ? 0 : Double(groups[.long]?.count ?? 0) / shorts)
    table.addDistribution("confidence", of: decisions.confidences)
    table.addDistribution("leverage", of: decisions.leverages)
    table.addHeldTime(held)
    return table
  }

  private mutating func addHeldTime(_ held: HeldTime) {
    let total = (held.long + held.short + held.flat).minutes
    for (word, span) in [("long", held.long), ("short", held.short), ("flat", held.flat)] {
      add("mins_\(word)_combined", span.minutes)
      add("pct_mins_\(word)_combined", Sample.percent(span.minutes, of: total))
    }
  }
}

extension Span {
  fileprivate static func + (left: Span, right: Span) -> Span { Span(ms: left.ms + right.ms) }
}

extension [DecisionPoint] {
  /// 0–1, where given.
  fileprivate var confidences: [Double] {
    compactMap { $0.confidence.map { Double(Swift.min(100, Swift.max(0, $0))) / 100 } }
  }

  fileprivate var leverages: [Double] { compactMap { $0.leverage.map(Double.init) } }
}
