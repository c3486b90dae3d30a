import Exchanges
import Manager
import Market
import Trading

extension Cycle {
  /// Makes every position's resting stop and target what its exit plan says, whoever is due.
  ///
  /// A stop that the venue refuses (the price is already past it) means the position is to be
  /// closed now. At the end a position that needs a stop and has none is alerted.
  func protect(_ work: inout CycleWork) async throws {
    try await placeProtection(&work)
    var tries = 1
    while tries < Self.tries, nakedPositions(work).contains(where: { isWorthATry($0.0) }) {
      tries += 1
      try await placeProtection(&work)
    }
    // A stop whose outcome is not known may rest; it is looked up before anything replaces it.
    let naked = nakedPositions(work).filter { !isUnsettled(.stop, $0.0, $0.1.coin, work) }
    if !naked.isEmpty { try await flatten(naked, &work) }
    for (spec, position) in protectedPositions(work) {
      let key = "no_stop.\(spec.id).\(position.coin)"
      if covers(position, of: spec, work) {
        work.resolve(key)
      } else {
        work.alert(
          key, .high, trader: spec.id,
          "\(spec.id): the \(position.side.rawValue) of \(position.size) \(position.coin) has no "
            + "stop at the venue and could not be closed; the next run tries again")
      }
    }
  }

  /// How often a stop is tried at a real venue before the position is closed instead.
  private static let tries = 3

  /// A simulated venue that refused would refuse again.
  private func isWorthATry(_ spec: TraderSpec) -> Bool {
    ports.exchanges[spec.exchange]?.isSimulated == false
  }

  private func isUnsettled(
    _ purpose: OrderPurpose, _ spec: TraderSpec, _ coin: Coin, _ work: CycleWork
  ) -> Bool {
    work.unsettled.contains(GenerationKey(trader: spec.id, coin: coin, purpose: purpose))
  }

  private func placeProtection(_ work: inout CycleWork) async throws {
    var orders: [RiskApproved<OrderIntent>] = []
    var cancels: [AccountID: [ClientOrderID]] = [:]
    for spec in lookedAfter(work) where work.accounts[spec.account] != nil {
      let plan = plan(for: spec, work)
      if !plan.cancel.isEmpty { cancels[spec.account, default: []] += plan.cancel }
      for planned in plan.place {
        let coin = planned.identity.coin
        guard !isUnsettled(planned.identity.purpose, spec, coin, work),
          let position = work.record(of: spec.id).ledger.position(in: coin)
        else { continue }
        let intent = intent(for: planned, account: spec.account, &work)
        guard let approved = RiskGate.approveReduction(intent, of: position.signedSize) else {
          preconditionFailure("expected protection within its position, was \(intent.request)")
        }
        orders.append(approved)
      }
    }
    if !orders.isEmpty {
      try putOnRecord(orders, &work)
      try await send(orders, &work)
    }
    try await cancel(cancels, &work)
  }

  /// What is missing or superfluous at the venue for one trader.
  private func plan(for spec: TraderSpec, _ work: CycleWork) -> ProtectionPlan {
    let record = work.record(of: spec.id)
    let planner = planner(for: spec, takerFee: .zero, work)
    let market = market(of: spec, work)
    let desired = record.ledger.positions.flatMap { position -> [PlannedOrder] in
      guard let snapshot = market.coins[position.coin] else { return [] }
      return ProtectionPlan.desired(
        for: position, following: position.claim.exitPlan, instrument: snapshot.instrument,
        mark: snapshot.quote.mark, by: planner)
    }
    let valued = Set(market.coins.keys)
    let resting = restingOrders(of: record, work).filter { order in
      // Without a price nothing can be compared: what rests for such a coin stays.
      let isHeld = record.ledger.position(in: order.coin) != nil
      return valued.contains(order.coin) || !isHeld
    }
    return ProtectionPlan.compare(desired, resting: resting)
  }

  private func cancel(
    _ cancels: [AccountID: [ClientOrderID]], _ work: inout CycleWork
  ) async throws {
    for (account, ids) in cancels.sorted(by: { $0.key < $1.key }) {
      guard let owner = work.residents(of: account).first,
        let exchange = ports.exchanges[owner.exchange]
      else { continue }
      guard !isDry(exchange) else {
        work.notices.append(
          "account \(account): a run that is not dry would take back \(ids.count) superfluous "
            + "order\(ids.count == 1 ? "" : "s")")
        continue
      }
      do {
        work.cancelled.formUnion(ids)
        try await exchange.cancel(ids, of: account, at: work.now)
      } catch {
        work.alert(
          "cancel.\(account)", .medium,
          "account \(account): superfluous orders could not be taken back: \(error)")
      }
    }
    if !cancels.isEmpty { try await refresh(cancels.keys.sorted(), &work) }
  }

  // MARK: Positions without a stop

  private func protectedPositions(_ work: CycleWork) -> [(TraderSpec, Position)] {
    lookedAfter(work).filter { work.accounts[$0.account] != nil }.flatMap { spec in
      work.record(of: spec.id).ledger.positions
        .filter { $0.claim.exitPlan.stop != nil || spec.risk.needsStop }
        .map { (spec, $0) }
    }
  }

  /// Whether a reduce-only stop of at least the position's size rests at the venue.
  private func covers(_ position: Position, of spec: TraderSpec, _ work: CycleWork) -> Bool {
    if work.withheld.contains(where: {
      $0.request.trader == spec.id && $0.request.coin == position.coin
        && $0.request.purpose == .stop && $0.request.size >= position.size
    }) {
      return true
    }
    return restingOrders(of: work.record(of: spec.id), work).contains {
      $0.coin == position.coin && $0.purpose == .stop && $0.reduceOnly
        && $0.size >= position.size && $0.side == position.side.closing
    }
  }

  private func nakedPositions(_ work: CycleWork) -> [(TraderSpec, Position)] {
    protectedPositions(work).filter { spec, position in !covers(position, of: spec, work) }
  }

  private func flatten(
    _ naked: [(TraderSpec, Position)], _ work: inout CycleWork
  ) async throws {
    var orders: [RiskApproved<OrderIntent>] = []
    for (spec, position) in naked {
      guard let approved = flattening(position, of: spec, &work) else { continue }
      work.notices.append(
        "\(spec.id): closing \(position.size) \(position.coin), its stop could not be placed")
      orders.append(approved)
    }
    guard !orders.isEmpty else { return }
    try putOnRecord(orders, &work)
    try await send(orders, &work)
    // What was closed no longer needs its target; what was not keeps what it has.
    let plans = naked.map { plan(for: $0.0, work) }
    var cancels: [AccountID: [ClientOrderID]] = [:]
    for (spec, plan) in zip(naked.map(\.0), plans) where !plan.cancel.isEmpty {
      cancels[spec.account, default: []] += plan.cancel
    }
    try await cancel(cancels, &work)
  }
}
