package import Trading

/// How the simulated venue shares margin between positions.
package enum SimMarginMode: String, Sendable, Hashable, CaseIterable {
  /// Every position is backed by the whole account.
  case cross
  /// Every position is backed by the margin set aside when it was entered.
  case isolated
  /// Nothing needs margin and nothing is liquidated: for checking a rule against a calculation.
  case none
}

/// The price that orders are filled around.
package enum SimFillPrice: String, Sendable, Hashable, CaseIterable {
  /// The mid of the instant: the close of the last candle.
  case lastClose = "last_close"
  /// The open of the candle that begins at the instant; without one nothing is filled.
  case nextOpen = "next_open"
}

/// The rules of a simulated venue.
package struct SimConfig: Sendable, Hashable {
  /// Distance of best bid and best ask; `nil` = from the quote's impact prices where it has them,
  /// ``defaultSpread`` elsewhere and in replays.
  package var spreadBps: Bps?
  /// How far the average price moves per 100,000 USD taken at one instant.
  package var slippageBpsPer100k: Bps
  /// Notional one order may take at one instant, USD; what is beyond is not filled.
  package var depth: USD
  /// What fills cost.
  package var fees: FeeSchedule
  /// What a liquidation costs, in basis points of the notional.
  package var liquidationFeeBps: Bps
  /// How new positions are backed.
  package var marginMode: SimMarginMode
  /// The price that orders are filled around.
  package var fillAt: SimFillPrice
  /// Every n-th order number, if accepted, loses its answer after it took effect; 0 = never.
  ///
  /// For practising the search for lost orders.
  package var loseAnswerEvery: Int

  /// The spread where nothing tells it.
  package static let defaultSpread = Bps(whole: 2)

  /// Rules from their parts.
  package init(
    spreadBps: Bps?, slippageBpsPer100k: Bps, depth: USD, fees: FeeSchedule,
    liquidationFeeBps: Bps, marginMode: SimMarginMode, loseAnswerEvery: Int,
    fillAt: SimFillPrice = .lastClose
  ) {
    self.fillAt = fillAt
    self.spreadBps = spreadBps
    self.slippageBpsPer100k = slippageBpsPer100k
    self.depth = depth
    self.fees = fees
    self.liquidationFeeBps = liquidationFeeBps
    self.marginMode = marginMode
    self.loseAnswerEvery = loseAnswerEvery
  }
}
