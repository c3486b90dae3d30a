import Market
import Trading

/// Long while the EMA of 20 closes is above that of 50, short while it is below.
enum EMACross {
  /// Candles looked at: enough that an EMA of 50 has forgotten its seed (0.1 % of it is left).
  static let history = 240
  /// Distance of the stop.
  static let stop = Bps(whole: 150)

  /// The time frame of the averages: the longest one that is not longer than the interval.
  static func timeframe(for interval: Span) -> Timeframe {
    Timeframe.allCases.last { $0.span <= interval } ?? .m1
  }

  static func decisions(in context: ExecutorContext) -> [Decision] {
    let timeframe = timeframe(for: context.trader.decisionInterval)
    return context.candidates.compactMap { coin in
      guard let closes = context.market.coins[coin]?.candles[timeframe]?.closesDouble,
        let fast = last(20, of: closes), let slow = last(50, of: closes)
      else { return nil }
      let side: PositionSide = fast >= slow ? .long : .short
      let words =
        "EMA20 is \(fast >= slow ? "above" : "below") EMA50 by "
        + "\(Bracket.signedPct(100 * (fast / slow - 1))) on \(timeframe) candles."
      if let held = context.position(in: coin) {
        return held.position.side == side
          ? Bracket.hold(coin, reasoning: words) : Bracket.close(coin, reasoning: words)
      }
      return Bracket.entry(side, coin, stopBps: stop, in: context, reasoning: words)
    }
  }

  private static func last(_ period: Int, of closes: [Double]) -> Double? {
    guard var average = EMA(period: period) else { return nil }
    var value: Double?
    for close in closes { value = average.update(close) }
    return value
  }
}
