package import Trading

extension EntryRule {
  /// What can be won, after both fees, is a multiple of what can be lost, with both fees.
  ///
  /// (|target − entry| − fees) / (|entry − stop| + fees), fees at entry and at that exit.
  /// Without a stop or a target there is no ratio, and the rule passes.
  package static let rewardRisk = EntryRule(
    id: "reward_risk",
    summary: "(take_profit − entry) / (entry − stop_loss), net of the fees of entry and exit, "
      + "must be at least min_risk_reward_ratio."
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    guard let stop = wish.stop, let target = wish.target else { return .passed }
    let least = state.limits.minRewardRisk
    let distance = abs(Int128(target.mantissa) - Int128(market.entry.mantissa))
    let reward = distance - market.feePerCoin(exit: target, takerFee: state.takerFee)
    let risk = market.lossPerCoin(stop: stop, takerFee: state.takerFee)
    guard reward * Int128(exactDecimalScale) < Int128(least.mantissa) * risk else {
      return .passed
    }
    let ratio = ExactMath.divide(reward * Int128(exactDecimalScale), by: max(1, risk), .floor)
    return .rejected(
      reason: "expected reward / risk of at least \(least) after fees, "
        + "was \(Factor(mantissa: Int64(clamping: ratio)))")
  }
}
