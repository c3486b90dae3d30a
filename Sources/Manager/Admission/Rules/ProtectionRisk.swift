import Market
package import Trading

extension ProtectionRule {
  /// A stop is moved away only while the loss at it stays within what an entry may risk.
  ///
  /// The loss counts from the average entry, with the fees of entry and exit; a stop that comes
  /// closer always passes.
  package static let riskCap = ProtectionRule(
    id: "risk_cap",
    summary: "A stop_loss farther away than the present one must keep |entry − stop_loss| × size + "
      + "fees within max_risk_pct of equity."
  ) { wish, state in
    guard let share = state.limits.maxRisk, let position = wish.position,
      let stop = wish.widenedStop
    else { return .passed }
    let budget = max(.zero, state.equity.applying(share, .floor))
    let (entry, exit) = (position.entryPrice * position.size, stop * position.size)
    let fees = (entry + exit).applying(state.takerFee, .ceiling)
    let loss = (position.side == .long ? entry - exit : exit - entry) + fees
    return loss > budget
      ? .rejected(
        reason:
          "max_risk_pct admits a loss of \(budget) USD at the stop, was \(loss) USD at \(stop)")
      : .passed
  }

  /// A stop is moved away only as far as it is reached before the position is liquidated on its
  /// own margin.
  package static let stopPastLiquidation = ProtectionRule(
    id: "stop_past_liquidation",
    summary: "A stop_loss farther away than the present one must be reached before the position is "
      + "liquidated on its own margin."
  ) { wish, state in
    guard let position = wish.position, let stop = wish.widenedStop,
      let snapshot = state.market.coins[wish.coin],
      let liquidation = position.liquidation(
        at: snapshot.quote.mark, instrument: snapshot.instrument)
    else { return .passed }
    return (position.side == .long ? stop <= liquidation : stop >= liquidation)
      ? .rejected(
        reason: "expected a stop reached before the liquidation at \(liquidation), was \(stop)")
      : .passed
  }
}

extension ProtectionWish {
  /// The new stop, when it is farther away than the present one; `nil` otherwise, also where there
  /// was none.
  fileprivate var widenedStop: Price? {
    guard let position, let before = position.exitPlan.stop, let stop = plan.stop else {
      return nil
    }
    return (position.side == .long ? stop < before : stop > before) ? stop : nil
  }
}

extension Exposure {
  /// What backs it at a price when nothing but the margin it was opened with does, USD: that margin
  /// and the gain since.
  func backing(at price: Price) -> USD {
    let (start, value) = (entryPrice * size, price * size)
    let gain = side == .long ? value - start : start - value
    guard notional > .zero else { return gain }
    let posted = ExactMath.scale(
      margin.mantissa, by: start.mantissa, over: notional.mantissa, .floor)
    return USD(mantissa: posted) + gain
  }

  /// Where it would be liquidated on its own margin; `nil` = at no price.
  fileprivate func liquidation(at mark: Price, instrument: Instrument) -> Price? {
    instrument.liquidationPrice(
      size: size.signed(side), mark: mark,
      available: backing(at: mark) - instrument.maintenanceMargin(notional: mark * size))
  }
}
