package import Market
package import Trading

/// Long while the fast average of closes is above the slow one, short while it is below.
package enum EMACross {
  /// The time frame of the averages.
  package static func timeframe(of rule: EMACrossRule, interval: Span) -> Timeframe {
    if let candle = rule.candle, let exact = Timeframe.allCases.first(where: { $0.span == candle })
    {
      return exact
    }
    return Timeframe.allCases.last { $0.span <= interval } ?? .m1
  }

  /// Where the averages stand at the last of some closes.
  package struct Standing: Sendable, Equatable {
    /// The fast average.
    package let fast: Double
    /// The slow average.
    package let slow: Double
    /// Whether they stood the other way round at the close before.
    package let hasCrossed: Bool

    /// Long while the fast average is not below the slow one.
    package var side: PositionSide { fast >= slow ? .long : .short }
  }

  /// Where the averages stand; `nil` when there are fewer closes than the slow one needs.
  package static func standing(
    of rule: EMACrossRule, closes: some Collection<Double>
  ) -> Standing? {
    guard var fast = EMA(period: rule.fast), var slow = EMA(period: rule.slow) else { return nil }
    var now: (fast: Double, slow: Double)?
    var before: (fast: Double, slow: Double)?
    for close in closes {
      let values = (fast.update(close), slow.update(close))
      guard let quick = values.0, let calm = values.1 else { continue }
      before = now
      now = (quick, calm)
    }
    guard let now else { return nil }
    let hasCrossed = before.map { ($0.fast >= $0.slow) != (now.fast >= now.slow) } ?? false
    return Standing(fast: now.fast, slow: now.slow, hasCrossed: hasCrossed)
  }

  static func decisions(of rule: EMACrossRule, in context: ExecutorContext) -> [Decision] {
    let timeframe = timeframe(of: rule, interval: context.trader.decisionInterval)
    return decisions(of: rule, in: context) { coin in
      context.market.coins[coin]?.candles[timeframe].flatMap { candles in
        // Another rule of the arena may have asked for more of them.
        standing(of: rule, closes: candles.closesDouble.suffix(rule.history))
      }
    }
  }

  /// The decisions of a rule where somebody knows where the averages stand; `nil` = not yet known.
  package static func decisions(
    of rule: EMACrossRule, in context: ExecutorContext, knowing standing: (Coin) -> Standing?
  ) -> [Decision] {
    let timeframe = timeframe(of: rule, interval: context.trader.decisionInterval)
    return context.candidates.flatMap { coin -> [Decision] in
      guard let standing = standing(coin) else { return [] }
      return decisions(of: rule, coin, standing, timeframe, in: context)
    }
  }

  private static func decisions(
    of rule: EMACrossRule, _ coin: Coin, _ standing: Standing, _ timeframe: Timeframe,
    in context: ExecutorContext
  ) -> [Decision] {
    let side = standing.side
    let words =
      "EMA\(rule.fast) is \(side == .long ? "above" : "below") EMA\(rule.slow) by "
      + "\(Bracket.signedPct(100 * (standing.fast / standing.slow - 1))) on \(timeframe) candles."
    let entry = { Bracket.entry(side, coin, by: rule, in: context, reasoning: words) }
    if let held = context.position(in: coin) {
      guard held.position.side != side else { return [Bracket.hold(coin, reasoning: words)] }
      let close = Bracket.close(coin, reasoning: words)
      return rule.flips ? [close] + (entry().map { [$0] } ?? []) : [close]
    }
    guard !rule.entersOnCrossOnly || standing.hasCrossed else {
      return [Bracket.hold(coin, reasoning: words)]
    }
    return entry().map { [$0] } ?? []
  }
}

extension Bracket {
  /// An entry of the rule: with its stop and target, or without any, and as many coins as it says.
  fileprivate static func entry(
    _ side: PositionSide, _ coin: Coin, by rule: EMACrossRule, in context: ExecutorContext,
    reasoning: String
  ) -> Decision? {
    guard
      var decision = entry(
        side, coin, stopBps: rule.stop ?? .zero, in: context, reasoning: reasoning)
    else { return nil }
    if rule.stop == nil {
      decision.stopLoss = nil
      decision.takeProfit = nil
    }
    if let quantity = rule.quantities[coin], let mid = decision.entryPrice {
      decision.quantity = quantity
      decision.positionSize = mid * quantity
    }
    return decision
  }
}
