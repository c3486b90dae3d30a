import Executor
import Exchanges
import Manager
import Market
import Trading

/// Which traders can be walked through candles in one pass, because nothing but their rule and the
/// venue's prices decides what they do.
enum StreamTraders {
  /// What stands in the way; `nil` = nothing.
  ///
  /// Anything that could refuse, shrink, delay or end something is in the way: limits, stops,
  /// guards, margin. Such arenas take the cycle of a run.
  static func obstacle(in config: ArenaConfig, step: Span) -> String? {
    if config.allocation != nil { return "the arena's money is split" }
    let limits = config.globalLimits
    let caps = [
      limits.maxMarginUsage, limits.maxSymbol, limits.maxUnrealisedLoss, limits.maxDailyLoss,
      limits.maxDrawdown,
    ]
    if caps.contains(where: { $0 != nil }) { return "manager.limits are on" }
    if config.isolation.sharpeThreshold != nil { return "isolation.sharpe_threshold is on" }
    for spec in config.traders {
      if let obstacle = obstacle(for: spec, config, step: step) { return "\(spec.id): \(obstacle)" }
    }
    return nil
  }

  private static func obstacle(
    for spec: TraderSpec, _ config: ArenaConfig, step: Span
  ) -> String? {
    guard case .baseline(.emaCross(let rule)) = spec.executor else {
      return "decides by \(spec.executor.label)"
    }
    guard case .sim(let venue)? = config.exchangeProviders[spec.exchange],
      case .recorded? = config.marketProviders[spec.market]
    else { return "its market is not recorded" }
    let mates = config.traders.count { $0.account == spec.account }
    if mates > 1 { return "shares its account" }
    if venue.marginMode != .none { return "its venue wants margin" }
    if venue.loseAnswerEvery != nil { return "its venue loses answers" }
    if !spec.autoStart { return "auto_start is false" }
    if spec.decisionInterval != step { return "decides every \(spec.decisionInterval)" }
    if EMACross.timeframe(of: rule, interval: step).span != step {
      return "looks at other candles than it decides at"
    }
    if rule.stop != nil { return "has stops" }
    if rule.flips && !spec.risk.allowsFlip { return "flips without allow_flip" }
    return obstacle(in: spec.risk, spec, rule, config.globalLimits)
      ?? obstacle(in: spec.guards, spec)
  }

  private static func obstacle(
    in risk: RiskLimits, _ spec: TraderSpec, _ rule: EMACrossRule, _ limits: GlobalLimits
  ) -> String? {
    if risk.needsStop || risk.needsTarget { return "needs stops or targets" }
    if risk.maxMarginUsage != nil || risk.maxRisk != nil { return "has limits on margin or risk" }
    if risk.minConfidence > Baseline.statedConfidence { return "has a limit on confidence" }
    if risk.sizing.method != .model { return "is sized by \(risk.sizing.method.rawValue)" }
    if risk.maxPositions < spec.coins.count || limits.maxPositions ?? .max < spec.coins.count {
      return "may not hold all of its coins"
    }
    if spec.coins.contains(where: { rule.quantities[$0] == nil }) {
      return "has coins without a quantity"
    }
    return nil
  }

  private static func obstacle(in guards: ExecutionGuards, _ spec: TraderSpec) -> String? {
    if guards.candidateLimit < spec.coins.count { return "does not look at all of its coins" }
    var rest = guards
    rest.candidateLimit = ExecutionGuards().candidateLimit
    return rest == ExecutionGuards() ? nil : "has exec_guards"
  }
}
