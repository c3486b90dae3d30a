import Market
package import Trading

/// Turns decisions into sized wishes.
package enum PositionSizing {
  /// The wish behind an entry decision: its notional bought at the sizing price, rounded down to
  /// the lot.
  ///
  /// Fields the decision lacks stay zero or `nil`; `fields_missing` refuses them. Leverage has no
  /// default: a wish without one is refused, not guessed.
  ///
  /// - Returns: `nil` unless the decision opens something and names a coin.
  package static func entry(_ decision: Decision, in state: AdmissionState) -> EntryWish? {
    guard let side = decision.action.entrySide, let coin = decision.coin else { return nil }
    let market = state.market.coins[coin].flatMap { snapshot in
      EntryMarket(
        instrument: snapshot.instrument, mid: snapshot.quote.mid, side: side,
        expectedSlippage: state.expectedSlippage, allowedSlippage: state.trader.marketSlippage)
    }
    let isLong = side == .long
    let wanted = min(max(decision.positionSize ?? .zero, .zero), EntryWish.largestAmount)
    return EntryWish(
      decision: decision, coin: coin, side: side, leverage: max(0, decision.leverage ?? 0),
      size: market?.size(of: decision.quantity, worth: wanted) ?? .zero,
      stop: onGrid(decision.stopLoss, of: market?.instrument, isLong ? .ceiling : .floor),
      target: onGrid(decision.takeProfit, of: market?.instrument, isLong ? .floor : .ceiling),
      market: market)
  }

  /// The wish behind a close: its share of the position, rounded down to the lot.
  ///
  /// - Returns: `nil` unless the decision closes something and names a coin.
  package static func close(_ decision: Decision, in state: AdmissionState) -> CloseWish? {
    guard decision.action == .close, let coin = decision.coin else { return nil }
    let position = state.position(in: coin)
    let instrument = state.instruments[coin]
    let fraction = min(max(decision.closeFraction, .zero), .one)
    let share = position?.size.scaled(by: fraction, .down) ?? .zero
    let size = fraction == .one ? share : instrument?.roundedDown(share) ?? share
    return CloseWish(decision: decision, coin: coin, position: position, size: size)
  }

  /// The wish behind a new protection; a price the decision leaves out stays as it is.
  ///
  /// - Returns: `nil` unless the decision updates a protection and names a coin.
  package static func protection(
    _ decision: Decision, in state: AdmissionState
  ) -> ProtectionWish? {
    guard decision.action == .updateProtection, let coin = decision.coin else { return nil }
    let position = state.position(in: coin)
    let instrument = state.instruments[coin]
    let isLong = position?.side != .short
    let stop = onGrid(decision.stopLoss, of: instrument, isLong ? .ceiling : .floor)
    let target = onGrid(decision.takeProfit, of: instrument, isLong ? .floor : .ceiling)
    let before = position?.exitPlan
    let plan = ExitPlan(
      stop: stop ?? before?.stop, target: target ?? before?.target,
      invalidation: decision.invalidation.isEmpty
        ? before?.invalidation ?? "" : decision.invalidation)
    return ProtectionWish(decision: decision, coin: coin, position: position, plan: plan)
  }

  /// A price on the grid; left as it is when no grid is known or it is too large to be meant.
  private static func onGrid(
    _ price: Price?, of instrument: Instrument?, _ rounding: Rounding
  ) -> Price? {
    guard let price, let instrument, price.mantissa <= EntryWish.largestAmount.mantissa else {
      return price
    }
    return instrument.rounded(price, rounding) ?? price
  }
}
