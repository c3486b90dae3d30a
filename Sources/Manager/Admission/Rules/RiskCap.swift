package import Trading

extension EntryRule {
  /// The loss at the stop, both fees included, stays within a share of equity.
  ///
  /// What is held of the coin already counts at the present entry. Without a stop the whole entry
  /// price counts as lost. The decision's own risk_usd is recorded, not believed.
  package static let riskCap = EntryRule(
    id: "risk_cap",
    summary: "|entry − stop_loss| × size + fees is kept within max_risk_pct of equity by cutting "
      + "the size; your risk_usd is recorded, not believed.",
    effect: .clampsOrRejects
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    guard let share = state.limits.maxRisk else { return .passed }
    let budget = max(.zero, state.equity.applying(share, .floor))
    let perCoin = market.lossPerCoin(stop: wish.stop, takerFee: state.takerFee)
    let coins = ExactMath.divide(
      Int128(budget.mantissa) * Int128(exactDecimalScale), by: max(1, perCoin), .floor)
    let whole = Quantity(mantissa: Int64(clamping: coins)) ?? .zero
    let held = state.position(in: wish.coin)?.size ?? .zero
    return wish.limited(
      to: market.instrument.roundedDown(whole.less(held)), in: state,
      because: "max_risk_pct admits a loss of \(budget) USD at the stop")
  }
}
