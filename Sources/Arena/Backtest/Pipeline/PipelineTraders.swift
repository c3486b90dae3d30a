import Executor
import Manager
import Trading

/// Which arenas can be walked through with everything on, without the cycle of a run.
enum PipelineTraders {
  /// What stands in the way; `nil` = nothing.
  ///
  /// Control traders with accounts of their own: nothing they do depends on another account, on a
  /// model, or on money that moves.
  static func obstacle(in config: ArenaConfig, step: Span) -> String? {
    if config.allocation != nil { return "the arena's money is split" }
    let limits = config.globalLimits
    if limits.maxDailyLoss != nil || limits.maxDrawdown != nil || limits.onBreach != .block {
      return "manager.limits fire kill switches"
    }
    for spec in config.traders {
      if let obstacle = obstacle(for: spec, config, step: step) { return "\(spec.id): \(obstacle)" }
    }
    return nil
  }

  private static func obstacle(
    for spec: TraderSpec, _ config: ArenaConfig, step: Span
  ) -> String? {
    guard case .baseline = spec.executor else { return "decides by \(spec.executor.label)" }
    guard case .sim(let venue)? = config.exchangeProviders[spec.exchange],
      case .recorded? = config.marketProviders[spec.market]
    else { return "its market is not recorded" }
    if config.traders.contains(where: { $0.id != spec.id && $0.account == spec.account }) {
      return "shares its account"
    }
    if venue.loseAnswerEvery != nil { return "its venue loses answers" }
    if !spec.autoStart { return "auto_start is false" }
    if !AdmissionTable.candlesNeeded(by: spec).isEmpty { return "its rules look at hourly candles" }
    if spec.guards.sharpePauseThreshold != nil { return "its Sharpe ratio may pause it" }
    if spec.guards.liquidityThreshold != nil { return "looks at open interest" }
    if spec.guards.candidateLimit < spec.coins.count { return "does not look at all of its coins" }
    return nil
  }
}
