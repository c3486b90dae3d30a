import Trading

/// The variables of prompts, each with its sentence and how it is made.
enum PromptTables {
  /// Time, account and record of the trader.
  static let situation: [PromptEntry<PromptScene>] = time + account + record

  private static let time: [PromptEntry<PromptScene>] = [
    .text("time", "Time of the decision, ISO 8601 in UTC.") { $0.context.at.description },
    .number("cycle", "Number of the cycle, counted from 1.", whole) { Double($0.context.cycle) },
    .number("minutes_since_inception", "Minutes since the trader's record began.", whole) {
      ($0.context.at - $0.context.inceptionAt).minutes.rounded(.down)
    },
  ]

  private static let account: [PromptEntry<PromptScene>] = [
    .number("equity_usd", "Cash plus unrealised profit, USD.", cents) { $0.account.equity.double },
    .number("available_usd", "What can still become margin, USD.", cents) {
      $0.account.available.double
    },
    .number("margin_used_usd", "Margin that positions take, USD.", cents) {
      $0.account.marginUsed.double
    },
    .number("margin_used_pct", "Margin that positions take, per cent of equity.", percent) {
      $0.account.marginUsed.asPct(of: $0.account.equity)
    },
    .number("profit_usd", "Equity less what was put in, USD.", cents) {
      $0.account.profit.double
    },
    .number("profit_pct", "Equity less what was put in, per cent of what was put in.", signed) {
      $0.account.profit.asPct(of: $0.invested)
    },
    .number("unrealised_usd", "Profit of the open positions not yet realised, USD.", cents) {
      $0.context.positions.reduce(USD.zero) { $0 + $1.unrealised }.double
    },
    .count("position_count", "Positions open.") { $0.context.positions.count },
    .count("positions_free", "Positions that may still be opened.") { $0.freePositions },
  ]

  private static let record: [PromptEntry<PromptScene>] = [
    .number(
      "sharpe", "Annualised Sharpe ratio of the daily returns; n/a before two full days.", three
    ) { $0.record.totals.sharpe },
    .count("return_days", "Full days the Sharpe ratio is made of.") { $0.record.totals.days },
    .count("trades", "Positions closed since inception.") { $0.record.totals.trades },
    .number("win_rate_pct", "Closed positions with a net profit, per cent of all.", one) {
      winRate($0.record.totals)
    },
    .number("average_win_usd", "Mean net profit of the winning positions, USD.", cents) {
      mean($0.record.totals.winnings, $0.record.totals.wins)
    },
    .number("average_loss_usd", "Mean net result of the other positions, USD.", cents) {
      mean($0.record.totals.losings, $0.record.totals.trades - $0.record.totals.wins)
    },
    .number("max_drawdown_pct", "Greatest fall from a peak since inception, per cent.", percent) {
      $0.record.totals.lastNAV == nil ? nil : 100 * $0.record.totals.maxDrawdown
    },
    .text("record_updated", "UTC day of the latest equity point; n/a before the first.") {
      $0.record.totals.lastDay?.description ?? NumberText.missing
    },
    .count("opens_last_hour", "Positions opened in the last hour.") { $0.record.opensInLastHour },
    .number("fees_usd", "Fees paid since inception, USD.", cents) { $0.record.fees.double },
    .number("fees_pct", "Fees paid since inception, per cent of what was put in.", percent) {
      $0.record.fees.asPct(of: $0.invested)
    },
    .number("fees_per_trade_usd", "Fees per closed position, USD.", cents) {
      mean($0.record.fees, $0.record.totals.trades)
    },
    .number("funding_usd", "Funding received since inception (negative: paid), USD.", cents) {
      $0.record.funding.double
    },
    .number(
      "funding_pct", "Funding received (negative: paid), per cent of what was put in.", signed
    ) { $0.record.funding.asPct(of: $0.invested) },
  ]

  // MARK: How numbers are shown

  static let whole: @Sendable (Double?) -> String = { NumberText.fixed($0, 0) }
  static let one: @Sendable (Double?) -> String = { NumberText.fixed($0, 1) }
  static let cents: @Sendable (Double?) -> String = { NumberText.fixed($0, 2) }
  static let percent: @Sendable (Double?) -> String = { NumberText.fixed($0, 2) }
  static let three: @Sendable (Double?) -> String = { NumberText.fixed($0, 3) }
  static let signed: @Sendable (Double?) -> String = { NumberText.signed($0) }
  static let four: @Sendable (Double?) -> String = { NumberText.significant($0, 4) }
  static let five: @Sendable (Double?) -> String = { NumberText.significant($0, 5) }
  static let six: @Sendable (Double?) -> String = { NumberText.significant($0, 6) }
  /// Without trailing zeros, at most eight decimals: limits as they were configured.
  static let plain: @Sendable (Double?) -> String = {
    NumberText.exact(
      $0.flatMap { Int64(exactly: ($0 * 1e8).rounded()) }.map(Factor.init(mantissa:)))
  }

  static func winRate(_ totals: PerformanceTotals) -> Double? {
    totals.trades > 0 ? 100 * Double(totals.wins) / Double(totals.trades) : nil
  }

  private static func mean(_ sum: USD, _ count: Int) -> Double? {
    count > 0 ? sum.double / Double(count) : nil
  }
}
