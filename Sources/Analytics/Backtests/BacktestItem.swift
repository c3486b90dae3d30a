import Trading

/// One line of the figures of a back-test: its name, and its text for a trader or all of them.
struct BacktestItem: Sendable {
  let name: String
  let text: @Sendable (BacktestFigures) -> String

  init(_ name: String, _ text: @escaping @Sendable (BacktestFigures) -> String) {
    self.name = name
    self.text = text
  }

  /// Every line, in the order people read them.
  static let all: [BacktestItem] = money + ratios + trades + days + balance

  private static let money: [BacktestItem] = [
    .init("start, USD") { BacktestWords.usd($0.start) },
    .init("final, USD") { BacktestWords.usd($0.end) },
    .init("P&L, USD") { BacktestWords.signedUSD($0.pnl) },
    .init("  of open positions") { BacktestWords.signedUSD($0.unrealised) },
    .init("  a day") { BacktestWords.signedUSD($0.pnlPerDay) },
    .init("return") { BacktestWords.signedPct($0.returnPct) },
    .init("fees, USD") { BacktestWords.usd($0.fees) },
    .init("funding, USD") { BacktestWords.signedUSD($0.funding) },
    .init("volume, USD") { BacktestWords.usd($0.volume) },
    .init("fills") { BacktestWords.count($0.fills) },
    .init("positions open at the end") { BacktestWords.count($0.openPositions) },
  ]

  private static let ratios: [BacktestItem] = [
    .init("CAGR") { BacktestWords.signedPct($0.growthPct) },
    .init("volatility a year") { BacktestWords.pct($0.figure("volatility_pct")) },
    .init("Sharpe") { BacktestWords.number($0.figure("sharpe")) },
    .init("Sortino") { BacktestWords.number($0.figure("sortino")) },
    .init("Calmar") { BacktestWords.number($0.calmar) },
    .init("SQN") { BacktestWords.number($0.figure("sqn")) },
    .init("profit factor") { BacktestWords.number($0.figure("profit_factor")) },
    .init("expectancy, USD") { BacktestWords.signedUSD($0.figure("expectancy_usd")) },
    .init("expectancy ratio") { BacktestWords.number($0.figure("expectancy_ratio")) },
  ]

  private static let trades: [BacktestItem] = [
    .init("trades") { BacktestWords.count($0.trips.all.trades) },
    .init("  a day") { BacktestWords.number($0.tradesPerDay) },
    .init("won / drawn / lost") { results($0.trips.all) },
    .init("won") { BacktestWords.pct($0.trips.all.winRatePct) },
    .init("average size, USD") { BacktestWords.usd($0.figure("trade_size_usd")) },
    .init("average stake, USD") { BacktestWords.usd($0.trips.averageStake) },
    .init("average winner, USD") { BacktestWords.signedUSD($0.figure("average_win_usd")) },
    .init("average loser, USD") { BacktestWords.signedUSD($0.figure("average_loss_usd")) },
    .init("winners held") { BacktestWords.span(minutes: $0.figure("holding_wins_minutes")) },
    .init("losers held") { BacktestWords.span(minutes: $0.figure("holding_losses_minutes")) },
    .init("longest run of wins") { run($0.figure("longest_wins")) },
    .init("longest run of losses") { run($0.figure("longest_losses")) },
    .init("longs") { BacktestWords.count($0.trips.longs.trades) },
    .init("  net, USD") { BacktestWords.signedUSD($0.trips.longs.net) },
    .init("  won") { BacktestWords.pct($0.trips.longs.winRatePct) },
    .init("shorts") { BacktestWords.count($0.trips.shorts.trades) },
    .init("  net, USD") { BacktestWords.signedUSD($0.trips.shorts.net) },
    .init("  won") { BacktestWords.pct($0.trips.shorts.winRatePct) },
    .init("best symbol") { group($0.bestSymbol) },
    .init("worst symbol") { group($0.worstSymbol) },
    .init("best trade") { trade($0.trips.best) },
    .init("worst trade") { trade($0.trips.worst) },
    .init("rejected decisions") { BacktestWords.count($0.rejected) },
  ]

  private static let days: [BacktestItem] = [
    .init("days won / drawn / lost") {
      let results = $0.dayResults
      return "\(results.won) / \(results.drawn) / \(results.lost)"
    },
    .init("best day") { $0.bestDay?.name ?? BacktestWords.undefined },
    .init("  return") { BacktestWords.signedPct($0.bestDay?.returnPct) },
    .init("worst day") { $0.worstDay?.name ?? BacktestWords.undefined },
    .init("  return") { BacktestWords.signedPct($0.worstDay?.returnPct) },
  ]

  private static let balance: [BacktestItem] = [
    .init("lowest balance, USD") { usd($0.curve.lowest?.equity) },
    .init("  at") { BacktestWords.instant($0.curve.lowest?.at) },
    .init("highest balance, USD") { usd($0.curve.highest?.equity) },
    .init("  at") { BacktestWords.instant($0.curve.highest?.at) },
    .init("drawdown, relative") { BacktestWords.pct($0.drawdownPct) },
    .init("  from") { BacktestWords.instant($0.curve.deepest?.from) },
    .init("  to") { BacktestWords.instant($0.curve.deepest?.to) },
    .init("  recovered") { BacktestWords.instant($0.curve.deepest?.recoveredAt) },
    .init("drawdown, absolute, USD") { usd($0.curve.costliest?.amount) },
    .init("  from") { BacktestWords.instant($0.curve.costliest?.from) },
    .init("  to") { BacktestWords.instant($0.curve.costliest?.to) },
    .init("  recovered") { BacktestWords.instant($0.curve.costliest?.recoveredAt) },
    .init("longest under water") { BacktestWords.span($0.curve.longestUnderWater?.length) },
    .init("  from") { BacktestWords.instant($0.curve.longestUnderWater?.from) },
    .init("  to") { stretchEnd($0.curve.longestUnderWater) },
    .init("time under water") { BacktestWords.pct($0.curve.underWaterPct) },
  ]

  private static func results(_ tally: BacktestTally) -> String {
    "\(tally.wins) / \(tally.draws) / \(tally.losses)"
  }

  private static func run(_ length: Double?) -> String {
    BacktestWords.count(length.map { Int($0) } ?? 0)
  }

  private static func usd(_ amount: USD?) -> String {
    amount.map(BacktestWords.usd) ?? BacktestWords.undefined
  }

  private static func group(_ group: BacktestGroup?) -> String {
    group.map { "\($0.name) \(BacktestWords.signedUSD($0.tally.net))" } ?? BacktestWords.undefined
  }

  private static func trade(_ trade: Trade?) -> String {
    trade.map { "\($0.coin) \(BacktestWords.signedUSD($0.net))" } ?? BacktestWords.undefined
  }

  private static func stretchEnd(_ stretch: BacktestUnderWater?) -> String {
    guard let stretch else { return BacktestWords.undefined }
    return stretch.isOver ? BacktestWords.instant(stretch.to) : "not over"
  }
}
