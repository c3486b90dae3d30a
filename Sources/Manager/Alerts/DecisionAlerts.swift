import Trading

extension AlertRule {
  static let noDecision = AlertRule(
    id: "no_decision", severity: .medium,
    summary: "A running trader made no decision for 30 minutes, or three of its intervals."
  ) { scene in
    guard scene.thresholds.noDecisionFor > .zero else { return [] }
    return scene.traders.filter(\.isRunning).map { trader in
      let limit = max(scene.thresholds.noDecisionFor, trader.interval * 3)
      let silence = scene.now - trader.decidedAt
      return AlertReading(
        trader.id.name, trader: trader.id, silence.minutes, against: limit.minutes,
        isOver: trader.wasAsked ? silence > limit : nil,
        "\(trader.id) made no decision for \(silence), expected one within \(limit)")
    }
  }

  /// Turns that are too few to be judged.
  static let leastTurns = 10

  static let failedDecisions = AlertRule(
    id: "failed_decisions", severity: .low,
    summary: "More than 10 % of a trader's newest decisions (10 to 100 of them) failed."
  ) { scene in
    let limit = scene.thresholds.failedDecisionsPct
    guard limit > 0 else { return [] }
    return scene.traders.filter { $0.turns >= leastTurns }.map { trader in
      let share = 100 * Double(trader.failures) / Double(trader.turns)
      return AlertReading(
        trader.id.name, trader: trader.id, share, above: limit,
        "\(trader.id): \(trader.failures) of the newest \(trader.turns) decisions failed, expected "
          + "at most \(Words.number(limit)) %")
    }
  }

  static let callLatency = AlertRule(
    id: "call_latency", severity: .low,
    summary: "A model's newest answers (at most 20) took more than 5 s on average."
  ) { scene in
    let limit = scene.thresholds.callLatency
    guard limit > .zero else { return [] }
    return scene.models.map { model in
      AlertReading(
        model.alias, model.meanMs / 1000, above: Double(limit.ms) / 1000,
        "model \(model.alias): the newest \(model.answers) answers took "
          + "\(Words.number(model.meanMs / 1000)) s on average, expected at most \(limit)")
    }
  }
}
