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
    while tries < Self.tries, nakedPositions(work).contains(where: { isReal($0.0) }) {
      tries += 1
      try await placeProtection(&work)
    }
    // A stop whose outcome is not known may rest; it is looked up before anything replaces it.
    try await flattenNaked(&work)
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
    endStopAlerts(&work)
  }

  /// Ends what is told of positions that are gone, or that need no stop any more.
  ///
  /// Of an account that could not be read nothing is known.
  private func endStopAlerts(_ work: inout CycleWork) {
    let prefix = "no_stop."
    let needed = protectedPositions(work).map { prefix + "\($0.0.id).\($0.1.coin)" }
    let told = work.openAlertKeys.union(work.changes.openAlerts.map(\.key))
    for key in told.sorted() where key.hasPrefix(prefix) && !needed.contains(key) {
      // No coin has a point in its name; traders may.
      let parts = key.dropFirst(prefix.count).split(separator: ".")
      guard let coin = parts.last.flatMap({ Coin(String($0)) }),
        let id = TraderID(parts.dropLast().joined(separator: ".")),
        let record = work.state.traders[id],
        work.accounts[record.account] != nil, work.unreadable[record.account] == nil,
        specs[id] != nil || record.ledger.position(in: coin) == nil
      else { continue }
      work.resolve(key)
    }
  }

  /// How often a stop is tried at a real venue before the position is closed instead, and how often
  /// that is tried; a simulated venue that refused would refuse again.
  private static let tries = 3

  private func placeProtection(_ work: inout CycleWork) async throws {
    var orders: [RiskApproved<OrderIntent>] = []
    for spec in lookedAfter(work) where work.accounts[spec.account] != nil {
      for planned in plan(for: spec, work).place {
        let coin = planned.identity.coin
        guard !work.isUnsettled(planned.identity.purpose, of: spec.id, coin),
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
    try await cancel(superfluous(work), &work)
  }

  /// Resting stops and targets that nothing needs any more, by account.
  ///
  /// The old protection of a position stays until the new one is known to rest.
  private func superfluous(_ work: CycleWork) -> [AccountID: [ClientOrderID]] {
    var cancels: [AccountID: [ClientOrderID]] = [:]
    for spec in lookedAfter(work) where work.accounts[spec.account] != nil {
      let record = work.record(of: spec.id)
      let plan = plan(for: spec, work)
      let resting = restingOrders(of: record, work)
      let ids = plan.cancel.filter { id in
        guard let order = resting.first(where: { $0.clientOrderID == id }),
          let purpose = order.purpose, record.ledger.position(in: order.coin) != nil
        else { return true }
        let isAwaited = plan.place.contains {
          $0.identity.coin == order.coin && $0.identity.purpose == purpose
        }
        return !isAwaited && !work.isUnsettled(purpose, of: spec.id, order.coin)
      }
      if !ids.isEmpty { cancels[spec.account, default: []] += ids }
    }
    return cancels
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

  /// Closes what has no stop, at a real venue in several tries at the prices of the moment.
  ///
  /// A stop whose outcome is not known may rest; it is looked up before anything replaces it.
  private func flattenNaked(_ work: inout CycleWork) async throws {
    for attempt in 1...Self.tries {
      let naked = nakedPositions(work).filter { spec, position in
        !work.isUnsettled(.stop, of: spec.id, position.coin)
          && !work.isUnsettled(.flatten, of: spec.id, position.coin)
          && (attempt == 1 || isReal(spec))
      }
      guard !naked.isEmpty else { return }
      await freshen(&work)
      try await flatten(naked, &work)
      guard work.withheld.isEmpty else { return }
    }
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
    try await cancel(superfluous(work), &work)
  }
}
