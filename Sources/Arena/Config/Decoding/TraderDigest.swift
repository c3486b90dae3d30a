import Trading

/// The digest of a trader's configuration; a trader whose digest changes begins a new era.
enum TraderDigest {
  /// SHA-256 in hexadecimal over one `name=value` line for each field but the id, in a fixed
  /// order.
  ///
  /// Defaults count with their values, so that writing a default out changes nothing.
  static func hex(of spec: TraderSpec, asked: [(key: String, value: String)]) -> String {
    SHA256Digest.hex(of: Array(text(of: spec, asked: asked).utf8))
  }

  static func text(of spec: TraderSpec, asked: [(key: String, value: String)]) -> String {
    let lines: [(String, String)] =
      [
        ("name", spec.name), ("exchange", spec.exchange.name), ("market", spec.market.name),
        ("account", spec.account.name), ("executor", text(of: spec.executor)),
        ("coins", spec.coins.map(\.name).joined(separator: ",")),
        ("decision_interval", spec.decisionInterval.description),
        ("decision_timeout", spec.decisionTimeout.description),
        ("auto_start", "\(spec.autoStart)"), ("initial_equity", spec.initialEquity.description),
        ("order_style", spec.orderStyle.rawValue),
        ("market_slippage", spec.marketSlippage.description),
      ] + lines(of: spec.risk) + lines(of: spec.guards) + asked.map { ($0.key, $0.value) }
    return lines.map { "\($0.0)=\(jsonText($0.1))\n" }.joined()
  }

  private static func text(of executor: ExecutorSpec) -> String {
    switch executor {
    case .unavailable(let kind): kind
    case .model(let model): text(of: model)
    case .http(let http): "http \(http.url)"
    case .command(let command): "command \(command.passedVariables)"
    case .baseline(.random(let seed, let peer)): "random \(seed) \(peer?.name ?? "")"
    case .baseline(.inverseOf(let peer)): "inverse_of \(peer.name)"
    case .baseline(let kind): kind.label
    }
  }

  private static func text(of model: ModelExecutor) -> String {
    "llm \(model.model) \(model.cheapModel?.name ?? "") \(model.persona.digest) "
      + "\(model.prompt.digest) \(model.replicas)"
  }

  private static func lines(of risk: RiskLimits) -> [(String, String)] {
    [
      ("max_positions", "\(risk.maxPositions)"), ("max_position_size", "\(risk.maxPositionSize)"),
      ("max_margin_usage", shown(risk.maxMarginUsage)),
      ("major_leverage", "\(risk.majorLeverage)"), ("alt_leverage", "\(risk.altLeverage)"),
      ("min_reward_risk", "\(risk.minRewardRisk)"), ("min_confidence", "\(risk.minConfidence)"),
      ("needs_stop", "\(risk.needsStop)"), ("needs_target", "\(risk.needsTarget)"),
      ("max_risk", shown(risk.maxRisk)), ("max_entry_deviation", "\(risk.maxEntryDeviation)"),
      ("allows_scale_in", "\(risk.allowsScaleIn)"),
    ]
  }

  private static func lines(of guards: ExecutionGuards) -> [(String, String)] {
    [
      ("max_new_positions", shown(guards.maxNewPositionsPerCycle)),
      ("max_opens_per_hour", shown(guards.maxOpensPerHour)),
      ("liquidity_threshold", shown(guards.liquidityThreshold)),
      ("guard_margin_usage", shown(guards.maxMarginUsage)),
      ("major_band", shown(guards.majorBand.min) + ".." + shown(guards.majorBand.max)),
      ("alt_band", shown(guards.altBand.min) + ".." + shown(guards.altBand.max)),
      ("cooldown", shown(guards.cooldownAfterClose)), ("pause", shown(guards.pauseDuration)),
      ("sharpe_pause", shown(guards.sharpePauseThreshold)), ("min_hold", shown(guards.minHold)),
      ("candidates", "\(guards.candidateLimit)"), ("max_asset", shown(guards.maxAsset)),
      ("max_total", shown(guards.maxTotal)),
    ]
  }

  private static func shown(_ value: (some CustomStringConvertible)?) -> String {
    value?.description ?? "off"
  }
}
