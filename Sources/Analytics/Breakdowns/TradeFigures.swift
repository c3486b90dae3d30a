package import Trading

/// The numbers of a finished trade that statistics need, in quoted dollars.
package struct TradeFigures: Sendable, Hashable {
  /// Its direction.
  package let side: PositionSide
  /// Size times entry price, USD.
  package let notional: Double
  /// Profit before fees, USD.
  package let gross: Double
  /// Profit after fees, USD.
  package let net: Double
  /// All fees, USD.
  package let fees: Double
  /// Minutes from the first entry to flat.
  package let holdingMinutes: Double
  /// Entry notional in per cent of the equity at that time; `nil` = not known.
  package let portfolioPct: Double?
  /// Distance of the stop in per cent of the entry price; `nil` = no stop.
  package let stopDistancePct: Double?
  /// Distance of the target in per cent of the entry price; `nil` = no target.
  package let targetDistancePct: Double?

  /// Figures from their parts.
  package init(
    side: PositionSide, notional: Double, gross: Double, net: Double, fees: Double,
    holdingMinutes: Double, portfolioPct: Double? = nil, stopDistancePct: Double? = nil,
    targetDistancePct: Double? = nil
  ) {
    self.side = side
    self.notional = notional
    self.gross = gross
    self.net = net
    self.fees = fees
    self.holdingMinutes = holdingMinutes
    self.portfolioPct = portfolioPct
    self.stopDistancePct = stopDistancePct
    self.targetDistancePct = targetDistancePct
  }

  /// The figures of a trade.
  ///
  /// - Parameters:
  ///   - trade: The trade.
  ///   - scale: How its trader's dollars are quoted.
  ///   - equity: The trader's raw equity when the trade began, USD; `nil` or not above zero = not
  ///     known.
  package init(_ trade: Trade, scale: DollarScale, equity: USD?) {
    let entry = trade.entryPrice
    func distance(_ price: Price?) -> Double? {
      price.map { 100 * Double(abs($0.mantissa - entry.mantissa)) / Double(entry.mantissa) }
    }
    self.init(
      side: trade.side, notional: scale(trade.entryNotional).double,
      gross: scale(trade.gross).double, net: scale(trade.net).double,
      fees: (scale(trade.entryFees) + scale(trade.exitFees)).double,
      holdingMinutes: (trade.closedAt - trade.openedAt).minutes,
      portfolioPct: equity.flatMap { $0 > .zero ? trade.entryNotional.asPct(of: $0) : nil },
      stopDistancePct: distance(trade.claim.exitPlan.stop),
      targetDistancePct: distance(trade.claim.exitPlan.target))
  }
}
