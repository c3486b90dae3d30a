import Trading

extension PromptTables {
  /// Who the trader is, what it may risk, and how it must answer; the same in both messages.
  static let limits: [PromptEntry<PromptScene>] = identity + risk + guards + judgement

  private static let identity: [PromptEntry<PromptScene>] = [
    .text("trader_id", "The trader's id.") { $0.context.trader.id.name },
    .text("trader_name", "The trader's name.") { ForeignText.line($0.context.trader.name) },
    .text("symbols", "The coins it may trade, with commas, in the order configured.") {
      $0.context.trader.coins.map(\.name).joined(separator: ", ")
    },
    .text("decision_interval", "Time between decisions, for example 3m.") {
      $0.context.trader.decisionInterval.description
    },
    .number("initial_equity_usd", "Money it started with, USD.", cents) {
      $0.context.trader.initialEquity.double
    },
  ]

  private static let risk: [PromptEntry<PromptScene>] = [
    .count("max_positions", "Positions open at the same time, at most.") { $0.risk.maxPositions },
    .number("max_position_size_usd", "Notional of one position, at most, USD.", plain) {
      $0.risk.maxPositionSize.double
    },
    .flag("has_margin_limit", "Whether margin in use is limited.") {
      $0.marginLimit != nil
    },
    .number("max_margin_usage_pct", "Margin in use, at most, per cent of equity.", plain) {
      $0.marginLimit?.double
    },
    .count("major_leverage", "Leverage on BTC and ETH, at most.") { $0.risk.majorLeverage },
    .count("alt_leverage", "Leverage on every other coin, at most.") { $0.risk.altLeverage },
    .number("min_reward_risk", "Least (target − entry) / (entry − stop), net of fees.", plain) {
      $0.risk.minRewardRisk.double
    },
    .count("min_confidence", "Least confidence of an entry, 0 to 100.") { $0.risk.minConfidence },
    .flag("needs_stop", "Whether an entry needs a stop.") { $0.risk.needsStop },
    .flag("needs_target", "Whether an entry needs a target.") { $0.risk.needsTarget },
    .flag("has_risk_limit", "Whether the loss at the stop is limited.") {
      $0.risk.maxRisk != nil
    },
    .number("max_risk_pct", "Loss at the stop with fees, at most, per cent of equity.", plain) {
      $0.risk.maxRisk?.double
    },
    .number("max_entry_deviation_pct", "How far a stated entry may be from the mid, %.", plain) {
      $0.risk.maxEntryDeviation.double
    },
    .flag("allows_scale_in", "Whether an open position may be added to.") {
      $0.risk.allowsScaleIn
    },
    .number("slippage_bps", "How far beyond the mid an order may fill, basis points.", plain) {
      $0.context.trader.marketSlippage.double
    },
    .number(
      "taker_fee_bps", "Fee of an order that fills at once, basis points of the notional.", plain
    ) { $0.context.takerFee?.double },
  ]

  private static let guards: [PromptEntry<PromptScene>] = [
    .count("max_new_positions_per_cycle", "New positions in one cycle; n/a = no limit.") {
      $0.guards.maxNewPositionsPerCycle
    },
    .count("max_opens_per_hour", "Entries within an hour; n/a = no limit.") {
      $0.guards.maxOpensPerHour
    },
    .number("liquidity_threshold_usd", "Open interest a coin needs, USD; n/a = none.", plain) {
      $0.guards.liquidityThreshold?.double
    },
    .text("cooldown", "Time a coin is barred after its position closed; n/a = none.") {
      $0.guards.cooldownAfterClose?.description ?? NumberText.missing
    },
    .text("min_hold", "Time before a discretionary close; n/a = none.") {
      $0.guards.minHold?.description ?? NumberText.missing
    },
    .number("max_asset_pct", "Notional in one coin, per cent of equity; n/a = no limit.", plain) {
      $0.guards.maxAsset?.double
    },
    .number("max_total_pct", "Notional in all coins, per cent of equity; n/a = no limit.", plain) {
      $0.guards.maxTotal?.double
    },
  ]

  private static let judgement: [PromptEntry<PromptScene>] = [
    .flag("has_rules", "Whether the rules are known.") { !$0.context.rules.isEmpty },
    .list(
      "rules", "The rules a decision is judged by, in their order.",
      of: PromptTable<RuleText>([
        .text("id", "Its id, as a rejection names it.") { ForeignText.line($0.id) },
        .text("text", "What it demands, with the trader's numbers.") {
          ForeignText.line($0.text)
        },
      ]), blocks: [.rules]
    ) { $0.context.rules },
    .text(
      "rule_lines", "The same rules as text, one `- id: text` a line; n/a when there are none.",
      blocks: [.rules]
    ) { ruleLines($0.context.rules) },
    .text("answer_form", "The form the answer must have.", blocks: [.answerForm]) {
      ForeignText.lines($0.answerForm)
    },
  ]

  private static func ruleLines(_ rules: [RuleText]) -> String {
    guard !rules.isEmpty else { return NumberText.missing }
    return rules.map { "- \(ForeignText.line($0.id)): \(ForeignText.line($0.text))" }
      .joined(separator: "\n")
  }
}

extension PromptScene {
  /// The tighter of both margin limits; `nil` = none.
  var marginLimit: Pct? { [risk.maxMarginUsage, guards.maxMarginUsage].compactMap { $0 }.min() }
}
