import Market
import Trading

/// Buys every coin once, with equal shares of 98 % of its equity, and keeps it.
enum BuyAndHold {
  /// What stays in cash for fees and slippage, of a hundred.
  static let invested = Pct(whole: 98)
  /// How far the stop is when the trader's limits demand one.
  static let stop = Bps(whole: 5000)

  static func decisions(in context: ExecutorContext) -> [Decision] {
    let coins = context.trader.coins
    let share = context.account.equity.applying(invested, .floor)
      .divided(by: max(1, coins.count), .floor)
    // Never more than what is free: coins that had no price at first are bought later with what
    // was kept for them.
    let size = min(share, context.account.available.applying(invested, .floor))
    return coins.compactMap { coin in
      if context.position(in: coin) != nil {
        return Bracket.hold(coin, reasoning: "Bought once and kept.")
      }
      guard !context.closedCoins.contains(coin),
        let mid = context.market.coins[coin]?.quote.mid
      else { return nil }
      let limits = context.trader.risk
      return Decision(
        .buyToEnter, coin: coin, leverage: 1, positionSize: size, entryPrice: mid,
        stopLoss: limits.needsStop ? mid.moved(by: -stop) : nil,
        takeProfit: limits.needsTarget ? mid.moved(by: Bps(whole: 25_000)) : nil,
        confidence: 100, invalidation: "None: it is a yardstick.",
        reasoning: "Buy an equal share of every coin once.")
    }
  }
}
