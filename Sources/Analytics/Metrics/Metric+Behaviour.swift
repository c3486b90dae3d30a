import Trading

extension Metric {
  /// Figures of how a trader decides.
  static let behaviour: [Metric] = [
    of("turns", .count, "Turns, failed ones included") { Double($0.turns) },
    of("failed_turns", .count, "Turns without decisions because something failed") {
      Double($0.failedTurns)
    },
    of("failed_turns_pct", .pct, "Share of failed turns") { share($0.failedTurns, of: $0.turns) },
    of("turn_break_minutes", .minutes, "Mean time from one turn to the next") {
      $0.breaks.average
    },
    of("decisions", .count, "Decisions") { Double($0.decisions) },
    of("entries", .count, "Decisions to open something") { Double($0.entries) },
    of("rejected_pct", .pct, "Share of decisions that were refused") {
      let actions = $0.actions
      return share(actions.reduce(0) { $0 + $1.rejected }, of: $0.decisions)
    },
    of("clamped_pct", .pct, "Share of decisions that were let in smaller") {
      let actions = $0.actions
      return share(actions.reduce(0) { $0 + $1.clamped }, of: $0.decisions)
    },
    of("action_entropy_bits", .ratio, "Entropy of the five actions in bits (Shannon 1948)") {
      $0.entropy
    },
    of("hold_share_pct", .pct, "Share of holds in decisions") {
      share($0.counts(of: .hold).count, of: $0.decisions)
    },
    of("long_share_pct", .pct, "Share of longs in decisions to open something") {
      share($0.counts(of: .buyToEnter).count, of: $0.entries)
    },
    of("calibrated_trades", .count, "Finished positions with a stated confidence") {
      Double($0.calibration.count)
    },
    of(
      "brier", .ratio,
      "Mean square of stated confidence less outcome: target before stop = 1 (Brier 1950)"
    ) { $0.calibration.brier },
    of("stated_confidence_pct", .pct, "Mean stated confidence of these positions") {
      $0.calibration.meanConfidence.map { 100 * $0 }
    },
    of("target_hit_rate_pct", .pct, "Share of these that reached the target before the stop") {
      $0.calibration.hitRate.map { 100 * $0 }
    },
    of("overconfidence_pct", .pct, "Mean stated confidence less that share") {
      guard let stated = $0.calibration.meanConfidence, let hit = $0.calibration.hitRate
      else { return nil }
      return 100 * (stated - hit)
    },
    of(
      "stated_risk_ratio", .ratio,
      "Loss at the stop as stated over that by the same decision's size, entry and stop"
    ) { ratio($0.statedRisk, of: $0.ownRisk) },
    of("realised_risk_ratio", .ratio, "Loss of losing positions over that planned at the stop") {
      ratio($0.losses.double, of: $0.lossesPlanned.double)
    },
    of("average_r", .ratio, "Mean net profit in units of the planned loss (Tharp)") {
      $0.riskMultiples.average
    },
    of(
      "invalidation_honoured_pct", .pct,
      "Share of losing positions with a stated invalidation that an order ended before the stop"
    ) { share($0.honoured, of: $0.honoured + $0.ridden) },
  ]

  private static func of(
    _ key: String, _ unit: MetricUnit, _ summary: String,
    _ value: @escaping @Sendable (BehaviourMetrics) -> Double?
  ) -> Metric {
    Metric(key: key, unit: unit, group: .behaviour, summary: summary) { metrics, _ in
      finite(value(metrics.behaviour))
    }
  }
}

extension BehaviourMetrics {
  /// Decisions to open something.
  fileprivate var entries: Int64 {
    counts(of: .buyToEnter).count + counts(of: .sellToEnter).count
  }

  /// Bits; `nil` without decisions.
  fileprivate var entropy: Double? {
    let total = Double(decisions)
    guard total > 0 else { return nil }
    return actions.reduce(0) { sum, action in
      guard action.count > 0 else { return sum }
      let share = Double(action.count) / total
      return sum - share * (Logarithm.binary(share) ?? 0)
    }
  }
}
