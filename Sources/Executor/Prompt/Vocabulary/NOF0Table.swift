import Market
import Trading

extension PromptTables {
  /// The names of nof0's executor template (contract §3.2), with its formats.
  static let nof0Context: [PromptEntry<PromptScene>] = [
    .text("CurrentTime", "Time of the decision, RFC 3339 in UTC.") { $0.context.at.description },
    .number("RuntimeMinutes", "Minutes since the trader's record began.", whole) {
      ($0.context.at - $0.context.inceptionAt).minutes.rounded(.down)
    },
    .number("SharpeRatio", "Annualised Sharpe ratio; n/a before two full days.", three) {
      $0.record.totals.sharpe
    },
    .text("AccountOverview", "Equity, available, profit, margin and positions in one line.") {
      NOF0Text.account(of: $0)
    },
    .text("OpenPositions", "A line per position; `(none)` without.", blocks: [.positions]) {
      NOF0Text.positions(of: $0)
    },
    .text("RiskBudget", "Positions left, least confidence and reward/risk in one line.") {
      NOF0Text.riskBudget(of: $0)
    },
    .text("PerformanceView", "The trader's record in one line; `(n/a)` without.") {
      NOF0Text.performance(of: $0)
    },
    .text(
      "CandidateCoins", "Coins that may be traded, sorted by name; `(none)` without.",
      blocks: [.candidates]
    ) { NOF0Text.candidates(of: $0) },
    .text(
      "MarketSnapshots", "The market of the candidates as JSON, by coin; null = not known.",
      blocks: [.market]
    ) { NOF0Text.snapshots(of: $0).document },
  ]

  /// nof0's `.Config`: the limits under the names of executor.yaml.
  static let nof0Config: [PromptEntry<PromptScene>] = [
    .count("Config.MajorCoinLeverage", "Leverage on BTC and ETH, at most.") {
      $0.risk.majorLeverage
    },
    .count("Config.AltcoinLeverage", "Leverage on every other coin, at most.") {
      $0.risk.altLeverage
    },
    .number("Config.MinRiskReward", "Least reward/risk, net of fees.", plain) {
      $0.risk.minRewardRisk.double
    },
    .count("Config.MinConfidence", "Least confidence of an entry.") { $0.risk.minConfidence },
    .count("Config.MaxPositions", "Positions open at the same time, at most.") {
      $0.risk.maxPositions
    },
    .text("Config.DecisionInterval", "Time between decisions.") {
      $0.context.trader.decisionInterval.description
    },
    .text("Config.DecisionTimeout", "How long a decision may take.") {
      $0.context.trader.decisionTimeout.description
    },
  ]

  /// The names of nof0's manager template.
  static let nof0Trader: [PromptEntry<PromptScene>] = [
    .text("Trader.ID", "The trader's id.") { $0.context.trader.id.name },
    .text("Trader.Name", "The trader's name.") { ForeignText.line($0.context.trader.name) },
    .text("Trader.ExchangeProvider", "The exchange provider it trades on.") {
      $0.context.trader.exchange.name
    },
    .text("Trader.MarketProvider", "The market provider it looks at.") {
      $0.context.trader.market.name
    },
    .text("Trader.OrderStyle", "limit_ioc or market_ioc.") {
      $0.context.trader.orderStyle.rawValue
    },
    .number("Trader.MarketIOCSlippageBps", "How far beyond the mid its orders may go.", plain) {
      $0.context.trader.marketSlippage.double
    },
    .text("Trader.DecisionInterval", "Time between decisions.") {
      $0.context.trader.decisionInterval.description
    },
    .number("Trader.AllocationPct", "Always n/a: an executor does not know its share.", plain) {
      _ in nil
    },
    .flag("Trader.AutoStart", "Whether it runs from its first cycle on.") {
      $0.context.trader.autoStart
    },
    .count("Trader.RiskParams.MaxPositions", "Positions open at once.") { $0.risk.maxPositions },
    .number("Trader.RiskParams.MaxPositionSizeUSD", "Notional of one position, USD.", plain) {
      $0.risk.maxPositionSize.double
    },
    .number("Trader.RiskParams.MaxMarginUsagePct", "Margin in use, % of equity.", plain) {
      $0.marginLimit?.double
    },
    .count("Trader.RiskParams.MajorCoinLeverage", "Leverage on BTC and ETH, at most.") {
      $0.risk.majorLeverage
    },
    .count("Trader.RiskParams.AltcoinLeverage", "Leverage on other coins, at most.") {
      $0.risk.altLeverage
    },
    .number("Trader.RiskParams.MinRiskRewardRatio", "Least reward/risk.", plain) {
      $0.risk.minRewardRisk.double
    },
    .count("Trader.RiskParams.MinConfidence", "Least confidence of an entry.") {
      $0.risk.minConfidence
    },
    .flag("Trader.RiskParams.StopLossEnabled", "Whether an entry needs a stop.") {
      $0.risk.needsStop
    },
    .flag("Trader.RiskParams.TakeProfitEnabled", "Whether an entry needs a target.") {
      $0.risk.needsTarget
    },
    .text(
      "ContextJSON", "Account, positions, candidates and market as JSON; null = not known.",
      blocks: [.market, .positions, .candidates]
    ) { NOF0Text.context(of: $0).document },
  ]
}
