package import Market
package import Trading

/// The control traders: fixed rules that any model should beat.
///
/// They see the same context as every executor and their decisions pass the same admission.
package enum Baseline {
  /// The decisions of a rule in a context, one per coin it has an opinion on.
  package static func decisions(of kind: BaselineKind, in context: ExecutorContext) -> [Decision] {
    switch kind {
    case .flat: [Decision(.hold, coin: nil, reasoning: "A flat trader never trades.")]
    case .buyAndHold: BuyAndHold.decisions(in: context)
    case .emaCross(let rule): EMACross.decisions(of: rule, in: context)
    case .momentum: Momentum.decisions(in: context)
    case .random(let seed, _): RandomEntries.decisions(seed: seed, in: context)
    case .inverseOf(let peer): Inverse.decisions(of: peer, in: context)
    }
  }

  /// The confidence that rules without doubts state.
  package static let statedConfidence = Bracket.confidence

  /// The candles a rule needs in its snapshot: how many of which time frame.
  package static func candlesNeeded(
    by kind: BaselineKind, decisionInterval: Span
  ) -> [Timeframe: Int] {
    switch kind {
    case .emaCross(let rule):
      [EMACross.timeframe(of: rule, interval: decisionInterval): rule.history]
    case .flat, .buyAndHold, .momentum, .random, .inverseOf: [:]
    }
  }
}

/// Entry, stop, target and size of a control trader's entry.
enum Bracket {
  /// Confidence a rule without doubts states.
  static let confidence = 75

  /// An entry at the mid with its stop that many basis points away.
  ///
  /// The target is as far as the trader's least reward/risk demands, with a fifth and 40 basis
  /// points on top for fees and slippage. The size spreads the margin the trader may use evenly
  /// over its positions and keeps a tenth back.
  static func entry(
    _ side: PositionSide, _ coin: Coin, stopBps: Bps, confidence: Int = Bracket.confidence,
    in context: ExecutorContext, reasoning: String
  ) -> Decision? {
    guard let mid = context.market.coins[coin]?.quote.mid else { return nil }
    let limits = context.trader.risk
    let reward = max(limits.minRewardRisk, .one)
    let targetBps = Bps(
      mantissa: ExactMath.multiply(stopBps.mantissa, reward.mantissa, .ceiling) * 6 / 5
        + Bps(whole: 40).mantissa)
    let leverage = limits.leverage(for: coin)
    let away = side == .long ? -stopBps : stopBps
    let towards = side == .long ? targetBps : -targetBps
    let share = context.account.equity.applying(limits.maxMarginUsage ?? Pct(whole: 100))
      .divided(by: limits.maxPositions, .floor).applying(Pct(whole: 90), .floor)
    let notional = min(
      limits.maxPositionSize, USD(mantissa: share.mantissa * Int64(leverage)))
    return Decision(
      side == .long ? .buyToEnter : .sellToEnter, coin: coin, leverage: leverage,
      positionSize: notional, entryPrice: mid, stopLoss: mid.moved(by: away),
      takeProfit: mid.moved(by: towards), confidence: confidence,
      invalidation: "The rule turns.", reasoning: reasoning)
  }

  /// A close of the whole position.
  static func close(_ coin: Coin, reasoning: String) -> Decision {
    Decision(.close, coin: coin, confidence: confidence, reasoning: reasoning)
  }

  /// A hold.
  static func hold(_ coin: Coin, reasoning: String) -> Decision {
    Decision(.hold, coin: coin, confidence: confidence, reasoning: reasoning)
  }

  /// A percentage as people read it, with two decimals and its sign.
  static func signedPct(_ pct: Double) -> String {
    let hundredths = Int64((abs(pct) * 100).rounded())
    let decimals = hundredths % 100
    let sign = pct < 0 ? "−" : "+"
    return "\(sign)\(hundredths / 100).\(decimals < 10 ? "0" : "")\(decimals) %"
  }
}
