import Trading

/// The digest of a trader's configuration; a trader whose digest changes begins a new era.
enum TraderDigest {
  /// SHA-256 in hexadecimal over one `name=value` line for each field but the id, in a fixed
  /// order.
  ///
  /// Defaults count with their values, so that writing a default out changes nothing. What later
  /// versions added has a line only where it differs from its default: their traders stay in
  /// their era. Of money from a split its rule counts and not the amount, which depends on how
  /// many traders there are.
  static func hex(
    of spec: TraderSpec, split: MoneySplit?, asked: [(key: String, value: String)]
  ) -> String {
    SHA256Digest.hex(of: Array(text(of: spec, split: split, asked: asked).utf8))
  }

  private static func text(
    of spec: TraderSpec, split: MoneySplit?, asked: [(key: String, value: String)]
  ) -> String {
    let lines: [(String, String)] =
      [
        ("name", spec.name), ("exchange", spec.exchange.name), ("market", spec.market.name),
        ("account", spec.account.name), ("executor", text(of: spec.executor)),
        ("coins", spec.coins.map(\.name).joined(separator: ",")),
        ("decision_interval", spec.decisionInterval.description),
        ("decision_timeout", spec.decisionTimeout.description),
        ("auto_start", "\(spec.autoStart)"), money(of: spec, split),
        ("order_style", spec.orderStyle.rawValue),
        ("market_slippage", spec.marketSlippage.description),
      ] + lines(of: spec.risk) + lines(of: spec.guards) + asked.map { ($0.key, $0.value) }
      + additions(of: spec)
    return lines.map { "\($0.0)=\(jsonText($0.1))\n" }.joined()
  }

  private static func money(of spec: TraderSpec, _ split: MoneySplit?) -> (String, String) {
    guard let split else { return ("initial_equity", spec.initialEquity.description) }
    let share = split.share.map { " \($0)" } ?? ""
    return ("allocation", split.strategy.rawValue + share)
  }

  /// Lines of keys that did not exist in the first version, where they differ from the default.
  private static func additions(of spec: TraderSpec) -> [(String, String)] {
    var lines: [(String, String)] = []
    let sizing = spec.risk.sizing
    switch sizing.method {
    case .model: break
    case .fixedFraction, .kelly:
      lines.append(("sizing", "\(sizing.method.rawValue) \(sizing.fraction)"))
    case .atr:
      lines.append(
        ("sizing", "atr \(sizing.risk) \(sizing.atrMultiple) \(sizing.atrPeriod)"))
    }
    if spec.risk.allowsFlip { lines.append(("allows_flip", "true")) }
    if let correlated = spec.guards.maxCorrelated {
      lines.append(("max_correlated", "\(correlated)"))
    }
    if spec.guards.giveback != ExecutionGuards.standardGiveback(of: spec.executor) {
      let giveback = spec.guards.giveback.map { "\($0.minPeak) \($0.share)" }
      lines.append(("giveback", shown(giveback)))
    }
    return lines
  }

  private static func text(of executor: ExecutorSpec) -> String {
    switch executor {
    case .unavailable(let kind): kind
    case .model(let model): text(of: model)
    case .http(let http): "http \(http.url)"
    case .command(let command): "command \(command.passedVariables)"
    case .baseline(.random(let seed, let peer)): "random \(seed) \(peer?.name ?? "")"
    case .baseline(.inverseOf(let peer)): "inverse_of \(peer.name)"
    case .baseline(.emaCross(let rule)) where rule != .standard: "ema_cross \(text(of: rule))"
    case .baseline(let kind): kind.label
    }
  }

  private static func text(of rule: EMACrossRule) -> String {
    let coins = rule.quantities.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return "\(rule.fast) \(rule.slow) \(rule.history) \(shown(rule.candle)) "
      + "\(rule.entersOnCrossOnly) \(rule.flips) \(shown(rule.stop)) "
      + coins.joined(separator: ",")
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
