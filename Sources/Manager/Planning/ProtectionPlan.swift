package import Trading

/// The stops and targets that should rest at the venue, and what it takes to get there.
package struct ProtectionPlan: Sendable, Hashable {
  /// Orders to send, by coin and purpose, stops before targets.
  package let place: [PlannedOrder]
  /// Resting orders to take back first, sorted by their ids.
  package let cancel: [ClientOrderID]

  /// How far beyond its trigger a stop or target may fill.
  package static let triggerSlippage = Bps(whole: 1000)

  /// The stop and the target a position should have at the venue, sized to all of it.
  ///
  /// Triggers are rounded towards the entry, limits towards the trigger.
  ///
  /// The plan is usually the position's own or the one just approved; the mark is only for
  /// slippage figures.
  package static func desired(
    for position: Position, following plan: ExitPlan, instrument: Instrument, mark: Price,
    by planner: OrderPlanner
  ) -> [PlannedOrder] {
    let isLong = position.side == .long
    let prices: [(purpose: OrderPurpose, price: Price?, rounding: Rounding)] = [
      (.stop, plan.stop, isLong ? .ceiling : .floor),
      (.target, plan.target, isLong ? .floor : .ceiling),
    ]
    return prices.compactMap { purpose, price, rounding in
      guard let price else { return nil }
      let trigger = instrument.rounded(price, rounding) ?? price
      let worst = trigger.moved(by: isLong ? -triggerSlippage : triggerSlippage) ?? trigger
      let limit = instrument.rounded(worst, isLong ? .ceiling : .floor) ?? worst
      return PlannedOrder(
        identity: planner.identity(position.coin, purpose), side: position.side.closing,
        size: position.size, kind: .trigger(at: trigger, limit: limit), reduceOnly: true,
        leverage: 1, claim: nil, decisionMid: mark)
    }
  }

  /// What to place and what to cancel, so that exactly the desired orders rest.
  ///
  /// A resting stop or target stays when side, size and trigger are those of a desired one. Every
  /// other one of ours is cancelled: changed, doubled, or without a position. Resting orders that
  /// are not ours, or are no protection, are left alone.
  package static func compare(
    _ desired: [PlannedOrder], resting: [RestingOrder]
  ) -> ProtectionPlan {
    var open = desired
    var cancel: [ClientOrderID] = []
    for order in resting.sorted(by: { $0.orderID < $1.orderID }) {
      guard let id = order.clientOrderID, order.purpose == .stop || order.purpose == .target else {
        continue
      }
      if let match = open.firstIndex(where: { $0.isAlready(order) }) {
        open.remove(at: match)
      } else {
        cancel.append(id)
      }
    }
    let place = open.sorted { left, right in
      left.identity.coin != right.identity.coin
        ? left.identity.coin < right.identity.coin
        : left.identity.purpose == .stop && right.identity.purpose != .stop
    }
    return ProtectionPlan(place: place, cancel: cancel.sorted())
  }
}

extension PlannedOrder {
  /// Whether a resting order does the same.
  ///
  /// Its limit follows from its trigger, and venues rewrite
  /// limits, so it is not compared.
  fileprivate func isAlready(_ order: RestingOrder) -> Bool {
    guard case .trigger(let wanted, _) = kind, case .trigger(let resting, _) = order.kind else {
      return false
    }
    return order.coin == identity.coin && order.purpose == identity.purpose && order.side == side
      && order.size == size && order.reduceOnly == reduceOnly && wanted == resting
  }
}
