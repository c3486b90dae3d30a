package import Trading

extension EntryRule {
  /// The stop is reached before the position would be liquidated on its own margin.
  ///
  /// Leverage is lowered until it is; the size then shrinks again to what margin limit and free
  /// margin admit at the lower leverage. Without a stop the rule passes.
  package static let stopPastLiquidation = EntryRule(
    id: "stop_past_liquidation",
    summary: "The stop must be reached before the position is liquidated; leverage is lowered "
      + "until it is."
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    guard wish.stop != nil, wish.leverage >= 1, wish.isStopPastLiquidation else { return .passed }
    let stop = wish.stop.map(\.description) ?? ""
    guard
      let lower = (1..<wish.leverage).reversed().map({ wish.at(leverage: $0) })
        .first(where: { !$0.isStopPastLiquidation })
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
      return .clamped(
        next, from: from,
        to: "\(next.leverage)x, \(next.sizeText), so that the stop \(stop) comes first")
    }
  }
}

extension EntryWish {
  /// Whether the position, backed by its own margin alone, is liquidated before its stop.
  ///
  /// On an account with shared margin liquidation is farther away, so this is the cautious side.
  fileprivate var isStopPastLiquidation: Bool {
    guard let market, let stop, size > .zero else { return false }
    let maintenance = market.instrument.maintenanceMargin(notional: notional)
    let liquidation = market.instrument.liquidationPrice(
      size: size.signed(side), mark: market.entry, available: margin - maintenance)
    guard let liquidation else { return false }
    return side == .long ? stop <= liquidation : stop >= liquidation
  }
}
