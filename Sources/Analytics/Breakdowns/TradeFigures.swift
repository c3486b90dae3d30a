package import Trading

/// The numbers of a finished trade that the tables need, in raw dollars.
package struct TradeFigures: Sendable, Hashable {
  /// Its direction.
  package let side: PositionSide
  /// Size times entry price, USD.
  package let notional: USD
  /// Profit before fees, USD.
  package let gross: USD
  /// Profit after fees, USD.
  package let net: USD
  /// All fees, USD.
  package let fees: USD
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
    side: PositionSide, notional: USD, gross: USD, net: USD, fees: USD,
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
  ///   - equity: The trader's equity when the trade began, USD; `nil` or not above zero = not
  ///     known.
  package init(_ trade: Trade, equity: USD?) {
    let entry = trade.entryPrice
    func distance(_ price: Price?) -> Double? {
      price.map { 100 * Double(abs($0.mantissa - entry.mantissa)) / Double(entry.mantissa) }
    }
    self.init(
      side: trade.side, notional: trade.entryNotional, gross: trade.gross, net: trade.net,
      fees: trade.entryFees + trade.exitFees,
      holdingMinutes: (trade.closedAt - trade.openedAt).minutes,
      portfolioPct: equity.flatMap { $0 > .zero ? trade.entryNotional.asPct(of: $0) : nil },
      stopDistancePct: distance(trade.claim.exitPlan.stop),
      targetDistancePct: distance(trade.claim.exitPlan.target))
  }
}
