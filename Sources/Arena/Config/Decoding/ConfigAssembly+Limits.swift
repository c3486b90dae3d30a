import Trading

extension ConfigAssembly {
  /// The least notional of an order on Hyperliquid, which the simulated exchange follows.
  static let minimumOrder = USD(whole: 10)

  /// Refuses limits that no order could ever satisfy, naming the keys that contradict each other.
  mutating func checkLimits(of draft: TraderDraft) {
    checkTimes(draft)
    guard let risk = draft.risk, let guards = draft.guards,
      let riskSection = draft.section.section("risk_params"),
      let guardSection = draft.section.section("exec_guards")
    else { return }
    if risk.maxPositionSize < Self.minimumOrder {
      error(
        riskSection, "max_position_size_usd",
        "\(riskSection.path).max_position_size_usd is \(risk.maxPositionSize), below the venue's "
          + "minimum order of \(Self.minimumOrder) USD",
        "raise it to \(Self.minimumOrder) or more")
    }
    checkBand(guards.majorBand, "btceth", draft, risk, guardSection)
    checkBand(guards.altBand, "alt", draft, risk, guardSection)
    checkShares(draft, guards, guardSection)
    checkEquity(draft, risk, riskSection)
    checkBuyAndHold(draft, risk, riskSection)
    checkSizing(draft, risk, riskSection)
    if guards.sharpePauseThreshold != nil, guards.pauseDuration == nil {
      notice(
        guardSection, "sharpe_pause_threshold",
        "\(guardSection.path).sharpe_pause_threshold has no effect without "
          + "pause_duration_on_breach",
        "add that, for example 60m")
    }
  }

  private mutating func checkTimes(_ draft: TraderDraft) {
    guard let timeout = draft.section.span("decision_timeout"),
      let deadline = sections[.arena]?.section("run")?.span("deadline"), timeout >= deadline
    else { return }
    error(
      draft.section, "decision_timeout",
      "\(draft.path).decision_timeout is \(timeout), not below run.deadline of \(deadline)",
      "lower it or raise run.deadline in nof0.yaml")
  }

  private mutating func checkBand(
    _ band: EquityBand, _ coins: String, _ draft: TraderDraft, _ risk: RiskLimits,
    _ section: Section
  ) {
    let low = "\(coins)_position_value_min_equity_multiple"
    let high = "\(coins)_position_value_max_equity_multiple"
    if let min = band.min, let max = band.max, min > max {
      error(
        section, low, "\(section.path).\(low) is \(min), above \(high) of \(max)",
        "lower the first or raise the second")
    }
    guard let equity = draft.equity else { return }
    if let min = band.min, times(equity, min) > units(risk.maxPositionSize) {
      error(
        section, low,
        "\(section.path).\(low) is \(min), with \(equity) USD more than max_position_size_usd of "
          + "\(risk.maxPositionSize)",
        "lower the first or raise the second")
    }
    if let max = band.max, times(equity, max) < units(Self.minimumOrder) {
      error(
        section, high,
        "\(section.path).\(high) is \(max), with \(equity) USD below the venue's minimum order of "
          + "\(Self.minimumOrder) USD",
        "raise it")
    }
  }

  private mutating func checkShares(
    _ draft: TraderDraft, _ guards: ExecutionGuards, _ section: Section
  ) {
    if let asset = guards.maxAsset, let total = guards.maxTotal, total < asset {
      error(
        section, "max_total_pct",
        "\(section.path).max_total_pct is \(total), below max_asset_pct of \(asset)",
        "raise the first or lower the second")
    }
    guard let equity = draft.equity else { return }
    for (key, share) in [
      ("max_asset_pct", guards.maxAsset), ("max_total_pct", guards.maxTotal),
      ("max_correlated_pct", guards.maxCorrelated),
    ] {
      guard let share, times(equity, Factor(mantissa: share.mantissa)) < units(.init(whole: 1000))
      else { continue }
      error(
        section, key,
        "\(section.path).\(key) is \(share), with \(equity) USD below the venue's minimum order "
          + "of \(Self.minimumOrder) USD",
        "raise it or initial_equity_usd")
    }
  }

  private mutating func checkEquity(
    _ draft: TraderDraft, _ risk: RiskLimits, _ section: Section
  ) {
    guard let equity = draft.equity else { return }
    let leverage = leverage(of: draft, risk)
    let margin = risk.maxMarginUsage ?? Pct(whole: 100)
    let reach = times(equity, Factor(mantissa: margin.mantissa)) * Int128(leverage)
    guard reach < units(Self.minimumOrder) * 100 else { return }
    error(
      draft.section, "initial_equity_usd",
      "\(draft.path).initial_equity_usd is \(equity), too little for the venue's minimum order of "
        + "\(Self.minimumOrder) USD at leverage \(leverage) and max_margin_usage_pct of \(margin)",
      "raise it, or the limits in risk_params")
  }

  /// The greatest leverage an entry may have.
  func leverage(of draft: TraderDraft, _ risk: RiskLimits) -> Int {
    // An unavailable market may not say its coins: the better leverage may apply then.
    draft.coins.map { risk.leverage(for: $0) }.max() ?? max(risk.majorLeverage, risk.altLeverage)
  }

  private mutating func checkBuyAndHold(
    _ draft: TraderDraft, _ risk: RiskLimits, _ section: Section
  ) {
    guard draft.executor == .baseline(.buyAndHold), !draft.coins.isEmpty else { return }
    let count = draft.coins.count
    if risk.maxPositions < count {
      error(
        section, "max_positions",
        "\(section.path).max_positions is \(risk.maxPositions), below the \(count) coins in "
          + "symbols, all of which rule buy_and_hold buys",
        "raise it to \(count) or name fewer symbols")
    }
    if let equity = draft.equity, units(equity) < units(Self.minimumOrder) * Int128(count) {
      error(
        draft.section, "initial_equity_usd",
        "\(draft.path).initial_equity_usd is \(equity), which split over the \(count) coins in "
          + "symbols is below the venue's minimum order of \(Self.minimumOrder) USD",
        "raise it or name fewer symbols")
    }
  }

  /// An amount in steps of 1e-16, wide enough for any product of two configured numbers.
  private func units(_ amount: USD) -> Int128 {
    Int128(amount.mantissa) * Int128(exactDecimalScale)
  }

  private func times(_ amount: USD, _ factor: Factor) -> Int128 {
    Int128(amount.mantissa) * Int128(factor.mantissa)
  }
}
