import Trading

/// A trader's part in the split of the arena's money.
struct MoneySplit {
  let strategy: AllocationStrategy
  /// Its configured share of the total; only for ``AllocationStrategy/custom``.
  let share: Pct?
}

/// A trader while it is put together: what was refused or is not known yet is `nil`.
struct TraderDraft {
  let section: Section
  let id: TraderID?
  var exchange: ProviderID?
  var market: ProviderID?
  var account: AccountID?
  var executor: ExecutorSpec?
  var coins: [Coin] = []
  var equity: USD?
  /// Its part in the split of the arena's money; `nil` when its money is its own.
  var split: MoneySplit?
  let risk: RiskLimits?
  var guards: ExecutionGuards?

  init(_ section: Section) {
    self.section = section
    id = section.trader("id")
    risk = section.section("risk_params").flatMap(RiskLimits.init)
    guards = section.section("exec_guards").flatMap(ExecutionGuards.init)
  }

  /// Its path, for messages.
  var path: String { section.path }

  /// The finished trader; `nil` when something is still missing, which an issue tells.
  func spec(_ models: ModelTable) -> TraderSpec? {
    guard let id, let exchange, let market, let account, let executor, let equity, let risk,
      let guards, let interval = section.span("decision_interval"),
      let timeout = section.span("decision_timeout"), let autoStart = section.flag("auto_start"),
      let style = section.word("order_style").flatMap(OrderStyle.init(rawValue:)),
      let slippage = section.bps("market_ioc_slippage_bps")
    else { return nil }
    func spec(digest: String) -> TraderSpec {
      TraderSpec(
        id: id, name: section.text("name") ?? id.name, exchange: exchange, market: market,
        account: account, executor: executor, coins: coins, decisionInterval: interval,
        decisionTimeout: timeout, autoStart: autoStart, initialEquity: equity, orderStyle: style,
        marketSlippage: slippage.unlessZero ?? Bps(whole: 50), risk: risk, guards: guards,
        configDigest: digest)
    }
    return spec(
      digest: TraderDigest.hex(
        of: spec(digest: "-"), split: split, asked: asked(executor, models)))
  }

  /// What changes the trader when it changes, beyond the fields of its specification.
  private func asked(
    _ executor: ExecutorSpec, _ models: ModelTable
  ) -> [(key: String, value: String)] {
    let keys = ["model", "prompt_template", "executor_prompt_template"]
    // Blank where the executor says it better: the same prompt in another file changes nothing.
    let blank = keys.map { (key: $0, value: "") }
    switch executor {
    case .unavailable: return keys.map { (key: $0, value: section.text($0) ?? "") }
    case .baseline, .http: return blank
    case .model(let model):
      let chains =
        models.chain(from: model.model)
        + (model.cheapModel.map { models.chain(from: $0) } ?? [])
      return blank + chains.map { (key: "asked", value: $0.digestText) }
    case .command:
      // As written: moving the whole folder changes nothing.
      let written = section.section("executor")
      return blank + [
        (key: "command", value: "\(written?.texts("command") ?? [])"),
        (key: "working_directory", value: written?.text("working_directory") ?? ""),
      ]
    }
  }
}

extension RiskLimits {
  /// Reads `risk_params`; `nil` when something in it was refused.
  fileprivate init?(_ section: Section) {
    guard let positions = section.whole("max_positions"),
      let size = section.usd("max_position_size_usd"),
      let margin = section.pct("max_margin_usage_pct"),
      let major = section.whole("major_coin_leverage"),
      let alt = section.whole("altcoin_leverage"),
      let rewardRisk = section.factor("min_risk_reward_ratio"),
      let confidence = section.whole("min_confidence"),
      let stop = section.flag("stop_loss_enabled"),
      let target = section.flag("take_profit_enabled"), let risk = section.pct("max_risk_pct"),
      let deviation = section.pct("max_entry_deviation_pct"),
      let scaleIn = section.flag("allow_scale_in"),
      let flip = section.flag("allow_flip"),
      let sizing = section.section("sizing").flatMap(SizingSpec.init)
    else { return nil }
    self.init(
      maxPositions: positions, maxPositionSize: size, maxMarginUsage: margin.unlessZero,
      majorLeverage: major, altLeverage: alt, minRewardRisk: rewardRisk,
      minConfidence: confidence, needsStop: stop, needsTarget: target, maxRisk: risk.unlessZero,
      maxEntryDeviation: deviation, allowsScaleIn: scaleIn, sizing: sizing,
      allowsFlip: flip)
  }
}

extension ExecutionGuards {
  /// Reads `exec_guards`; a guard that is switched off is `nil`.
  ///
  /// `nil` when something in it was refused. The giveback is settled later, as its default
  /// depends on the executor.
  fileprivate init?(_ section: Section) {
    guard let newPositions = section.whole("max_new_positions_per_cycle"),
      let opens = section.whole("max_opens_per_hour"),
      let liquidity = section.usd("liquidity_threshold_usd"),
      let margin = section.pct("max_margin_usage_pct"),
      let majorBand = EquityBand(section, "btceth"), let altBand = EquityBand(section, "alt"),
      let cooldown = section.span("cooldown_after_close"),
      let pause = section.span("pause_duration_on_breach"),
      let sharpe = section.factor("sharpe_pause_threshold"),
      let minHold = section.span("min_hold"), let candidates = section.whole("candidate_limit"),
      let asset = section.pct("max_asset_pct"), let total = section.pct("max_total_pct"),
      let correlated = section.pct("max_correlated_pct"),
      let liquidityOn = section.flag("enable_liquidity_guard"),
      let marginOn = section.flag("enable_margin_usage_guard"),
      let bandOn = section.flag("enable_value_band_guard"),
      let cooldownOn = section.flag("enable_cooldown_guard")
    else { return nil }
    let noBand = EquityBand(min: nil, max: nil)
    self.init(
      maxNewPositionsPerCycle: newPositions.unlessZero, maxOpensPerHour: opens.unlessZero,
      liquidityThreshold: liquidityOn ? liquidity.unlessZero : nil,
      maxMarginUsage: marginOn ? margin.unlessZero : nil, majorBand: bandOn ? majorBand : noBand,
      altBand: bandOn ? altBand : noBand,
      cooldownAfterClose: cooldownOn ? cooldown.unlessZero : nil,
      pauseDuration: pause.unlessZero, sharpePauseThreshold: sharpe.unlessZero,
      minHold: minHold.unlessZero, candidateLimit: candidates.unlessZero ?? 10,
      maxAsset: asset.unlessZero, maxTotal: total.unlessZero,
      maxCorrelated: correlated.unlessZero)
  }
}

extension EquityBand {
  fileprivate init?(_ section: Section, _ coins: String) {
    guard let min = section.factor("\(coins)_position_value_min_equity_multiple"),
      let max = section.factor("\(coins)_position_value_max_equity_multiple")
    else { return nil }
    self.init(min: min.unlessZero, max: max.unlessZero)
  }
}
