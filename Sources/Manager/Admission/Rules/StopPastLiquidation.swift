package import Trading

extension EntryRule {
  /// The stop is reached before the position would be liquidated on its own margin.
  ///
  /// Leverage is lowered until it is; the size then shrinks again to what margin limit and free
  /// margin admit at the lower leverage. Without a stop the rule passes.
  package static let stopPastLiquidation = EntryRule(
    id: "stop_past_liquidation",
    summary: "The stop must be reached before the position is liquidated; leverage is lowered "
      + "until it is.",
    effect: .clampsOrRejects
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    guard wish.stop != nil, wish.leverage >= 1, wish.isStopPastLiquidation(in: state) else {
      return .passed
    }
    let stop = wish.stop.map(\.description) ?? ""
    guard
      let lower = (1..<wish.leverage).reversed().map({ wish.at(leverage: $0) })
        .first(where: { !$0.isStopPastLiquidation(in: state) })
    else {
      return .rejected(reason: "the stop \(stop) lies past the liquidation price at any leverage")
    }
    let from = "leverage \(wish.leverage)x, \(wish.sizeText)"
    let cause = "the stop \(stop) needs leverage \(lower.leverage)x, where margin is scarce"
    let affordable = min(
      market.size(costing: state.free, leverage: lower.leverage, takerFee: state.takerFee),
      state.marginLimit.map {
        market.size(marginWithin: $0 - state.marginUsed, leverage: lower.leverage)
      } ?? lower.size)
    switch lower.limited(to: affordable, in: state, because: cause) {
    case .rejected(let reason): return .rejected(reason: reason)
    case .passed:
      return .clamped(
        lower, from: from, to: "\(lower.leverage)x, so that the stop \(stop) comes first")
    case .clamped(let next, _, _):
      // Less of the new margin backs what is held then.
      guard !next.isStopPastLiquidation(in: state) else {
        return .rejected(
          reason: "\(cause): \(next.sizeText) at \(next.leverage)x would be liquidated before it")
      }
      return .clamped(
        next, from: from,
        to: "\(next.leverage)x, \(next.sizeText), so that the stop \(stop) comes first")
    }
  }
}

extension EntryWish {
  /// Whether the position, with what is held of it, is liquidated before its stop when nothing but
  /// its own margin backs it.
  ///
  /// On an account with shared margin liquidation is farther away, so this is the cautious side.
  fileprivate func isStopPastLiquidation(in state: AdmissionState) -> Bool {
    guard let market, let stop, size > .zero else { return false }
    let held = state.position(in: coin).flatMap { $0.side == side ? $0 : nil }
    let whole = size + (held?.size ?? .zero)
    let backing = margin + (held?.backing(at: market.entry) ?? .zero)
    // The price that sizes the margin values the position, too: never below what it is worth.
    let value = notional + (held.map { market.sizing * $0.size } ?? .zero)
    let liquidation = market.instrument.liquidationPrice(
      size: whole.signed(side), mark: market.entry,
      available: backing - market.instrument.maintenanceMargin(notional: value))
    guard let liquidation else { return false }
    return side == .long ? stop <= liquidation : stop >= liquidation
  }
}
