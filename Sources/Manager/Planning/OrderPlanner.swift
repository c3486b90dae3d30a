package import Trading

/// Turns what admission approved into orders of one trader in one cycle.
package struct OrderPlanner: Sendable {
  /// The name of the arena.
  package let arena: String
  /// The trader.
  package let trader: TraderSpec
  /// The cycle.
  package let cycle: CycleNumber
  /// The fee of orders that fill at once, for the risk a claim states.
  package let takerFee: Bps
  /// The first generation of this cycle that no order of that coin and purpose has used.
  package let nextGeneration: @Sendable (Coin, OrderPurpose) -> Int

  /// A planner from its parts.
  package init(
    arena: String, trader: TraderSpec, cycle: CycleNumber, takerFee: Bps,
    nextGeneration: @escaping @Sendable (Coin, OrderPurpose) -> Int
  ) {
    self.arena = arena
    self.trader = trader
    self.cycle = cycle
    self.takerFee = takerFee
    self.nextGeneration = nextGeneration
  }

  /// The order that opens: immediate-or-cancel at the mid moved by the trader's slippage, rounded
  /// towards the mid.
  ///
  /// - Returns: `nil` when the wish has no market, which no approved one lacks.
  package func entry(_ approved: RiskApproved<EntryWish>) -> PlannedOrder? {
    let wish = approved.request
    guard let market = wish.market else { return nil }
    return PlannedOrder(
      identity: identity(wish.coin, .open), side: wish.side.opening, size: wish.size,
      kind: .limit(market.limit, .immediateOrCancel), reduceOnly: false, leverage: wish.leverage,
      claim: claim(of: wish), decisionMid: market.mid)
  }

  /// What a position remembers of the wish that opens it.
  package func claim(of wish: EntryWish) -> EntryClaim {
    EntryClaim(
      cycle: cycle, leverage: wish.leverage, confidence: wish.decision.confidence,
      riskUSD: wish.risk(takerFee: takerFee), exitPlan: wish.exitPlan)
  }

  /// The order that closes by decision: reduce-only, immediate-or-cancel.
  ///
  /// - Returns: `nil` when the wish has no position, which no approved one lacks, or when no grid
  ///   price is left above zero.
  package func close(
    _ approved: RiskApproved<CloseWish>, mid: Price, instrument: Instrument
  ) -> PlannedOrder? {
    guard let position = approved.request.position else { return nil }
    return reduction(
      of: position.coin, position.side, by: approved.request.size, for: .close, mid: mid,
      instrument: instrument, slippage: trader.marketSlippage)
  }

  /// The order that reduces a position by rule or command: reduce-only, immediate-or-cancel.
  ///
  /// Without a size it ends the position; without a slippage it has the trader's.
  ///
  /// Gives `nil` when no grid price is left above zero.
  package func flatten(
    _ position: Position, size: Quantity? = nil, mid: Price, instrument: Instrument,
    slippage: Bps? = nil
  ) -> PlannedOrder? {
    reduction(
      of: position.coin, position.side, by: size ?? position.size, for: .flatten, mid: mid,
      instrument: instrument, slippage: slippage ?? trader.marketSlippage)
  }

  /// The identity of the next order of a coin and purpose in this cycle.
  package func identity(_ coin: Coin, _ purpose: OrderPurpose) -> OrderIdentity {
    OrderIdentity(
      arena: arena, trader: trader.id, cycle: cycle, coin: coin, purpose: purpose,
      generation: nextGeneration(coin, purpose))
  }

  private func reduction(
    of coin: Coin, _ side: PositionSide, by size: Quantity, for purpose: OrderPurpose, mid: Price,
    instrument: Instrument, slippage: Bps
  ) -> PlannedOrder? {
    let sells = side.closing == .sell
    guard let worst = mid.moved(by: sells ? -slippage : slippage),
      let limit = instrument.rounded(worst, sells ? .ceiling : .floor)
    else { return nil }
    return PlannedOrder(
      identity: identity(coin, purpose), side: side.closing, size: size,
      kind: .limit(limit, .immediateOrCancel), reduceOnly: true, leverage: 1, claim: nil,
      decisionMid: mid)
  }
}
