import Arena
import ArenaTesting
import Exchanges
import Journal
import Manager
import Testing
import Trading

/// What must hold after every cycle, reckoned from the store and the venues alone.
extension RandomArena {
  func check(_ step: RandomArenaStep) async throws {
    let state = step.after
    expect(
      !step.alerts.contains { $0.hasPrefix("conservation.") }, "the arena itself found a difference"
    )
    for account in Set(state.traders.values.map(\.account)).sorted() {
      let residents = state.traders.values.filter { $0.account == account }
        .sorted { $0.ledger.trader < $1.ledger.trader }
      checkSides(account, residents, state)
      guard !step.alerts.contains("unreachable.\(account)"),
        let venue = residents.first?.exchange, let sim = sims[venue]
      else { continue }
      let snapshot = try await sim.report(on: account, since: now, at: now).snapshot
      try conserve(account, residents, state, snapshot)
      try checkProtection(residents, step, snapshot)
    }
    try checkFlows(step)
    try checkAllocation(state)
    checkSends(step)
    checkAgain(step)
    count(step)
    for (account, batch) in Dictionary(grouping: newEntries(step), by: \.intent.request.account)
      .sorted(by: { $0.key < $1.key })
    {
      try checkEntries(on: account, batch, step)
    }
  }

  private func count(_ step: RandomArenaStep) {
    counts.cycles += 1
    counts.entries += newEntries(step).count
    counts.again += step.sent.count { $0.intent.decidedAt != now }
    counts.fired += Int(step.after.nextKillSwitch - step.before.nextKillSwitch)
    counts.over += step.before.killSwitches.count { old in
      !step.after.killSwitches.contains { $0.number == old.number }
    }
    counts.outside += step.after.accounts.values.contains { !$0.outside.isEmpty } ? 1 : 0
    counts.flows += step.after.traders.count { id, record in
      step.before.traders[id].map { $0.ledger.flows != record.ledger.flows } ?? false
    }
    counts.positions += step.after.traders.values.reduce(0) { $0 + $1.ledger.positions.count }
  }

  // MARK: Conservation

  private func checkSides(_ account: AccountID, _ residents: [TraderRecord], _ state: ArenaState) {
    for coin in Set(residents.flatMap { $0.ledger.positions.map(\.coin) }).sorted() {
      var sides = Set(residents.compactMap { $0.ledger.position(in: coin)?.side })
      if let outside = state.accounts[account]?.outside[coin]?.side { sides.insert(outside) }
      expect(sides.count == 1, "\(account) holds two sides of \(coin)")
    }
  }

  private func conserve(
    _ account: AccountID, _ residents: [TraderRecord], _ state: ArenaState,
    _ snapshot: AccountSnapshot
  ) throws {
    let marks = try marks()
    let books = state.accounts[account]
    var sizes: [Coin: Int64] = (books?.outside ?? [:]).mapValues(\.mantissa)
    var total = (books?.unallocated ?? .zero) + (books?.outsideCash ?? .zero)
    for (coin, size) in books?.outside ?? [:] { total += try #require(marks[coin]) * size }
    for record in residents {
      let ledger = record.ledger
      total += ledger.flows + ledger.realised + ledger.funding - ledger.fees
      for position in ledger.positions {
        for lot in position.lots {
          let signed = position.side == .long ? lot.size.mantissa : -lot.size.mantissa
          sizes[position.coin, default: 0] += signed
          let worth = try #require(marks[position.coin]) * lot.size - lot.price * lot.size
          total += position.side == .long ? worth : .zero - worth
        }
      }
    }
    for coin in Set(sizes.keys).union(snapshot.positions.map(\.coin)).sorted() {
      let venue = snapshot.position(in: coin)?.size.mantissa ?? 0
      expect(
        sizes[coin] ?? 0 == venue, "\(account) \(coin): lots \(sizes[coin] ?? 0), venue \(venue)")
    }
    expect(
      total == snapshot.equity, "\(account): equity \(total) in our books, venue \(snapshot.equity)"
    )
  }

  private func checkFlows(_ step: RandomArenaStep) throws {
    for (id, record) in step.after.traders.sorted(by: { $0.key < $1.key }) {
      guard let old = step.before.traders[id], old.ledger.units != record.ledger.units else {
        continue
      }
      var units = old.ledger.units.double
      // Whoever had nothing begins anew.
      guard units > 0 else { continue }
      let flows = try store.flows(id).filter { $0.at == now }
      for flow in flows {
        guard let equity = flow.equity?.double, equity > 1, equity + flow.amount.double > 1 else {
          return
        }
        units *= (equity + flow.amount.double) / equity
      }
      let ours = record.ledger.units.double
      expect(
        abs(ours - units) <= 1e-6 * max(1, units),
        "\(id): a flow moved the value of a unit: expected \(units) units, was \(ours)")
    }
  }

  private func checkAllocation(_ state: ArenaState) throws {
    guard config.allocation != nil else { return }
    let given = state.traders.values.reduce(USD.zero) { $0 + $1.ledger.flows }
    let most = USD(whole: Int64(RandomArenaShape.total)) + max(.zero, oracle.moved)
    guard given > most else { return }
    let flows = try state.traders.keys.sorted().flatMap { try store.flows($0) }
      .map { "\($0.trader) \($0.at) \($0.amount) \($0.reason)" }
    expect(false, "traders were given \(given) of \(most): \(flows.joined(separator: "\n"))")
  }

  // MARK: Protection

  private func checkProtection(
    _ residents: [TraderRecord], _ step: RandomArenaStep, _ snapshot: AccountSnapshot
  ) throws {
    for record in residents {
      let trader = record.ledger.trader
      let needs = config.traders.first { $0.id == trader }?.risk.needsStop ?? false
      for position in record.ledger.positions {
        guard needs || position.claim.exitPlan.stop != nil else { continue }
        let isCovered = try snapshot.orders.contains { order in
          guard order.coin == position.coin, order.purpose == .stop, order.reduceOnly,
            order.size >= position.size, order.side == position.side.closing,
            let id = order.clientOrderID
          else { return false }
          return try store.intent(for: id)?.request.trader == trader
        }
        expect(
          isCovered || step.alerts.contains("no_stop.\(trader).\(position.coin)"),
          "\(trader) \(position.coin) has neither a stop nor an alert")
      }
    }
  }

  // MARK: Orders

  private func checkSends(_ step: RandomArenaStep) {
    var seen: Set<ClientOrderID> = []
    let open = Dictionary(
      step.before.openIntents.map { ($0.request.clientOrderID, $0.request) }
    ) { $1 }
    for (intent, _) in step.sent {
      let id = intent.request.clientOrderID
      expect(seen.insert(id).inserted, "\(intent.request) was sent twice in one cycle")
      if sentBefore.contains(id) {
        expect(open[id] == intent.request, "\(intent.request) was sent again and was not open")
      }
      sentBefore.insert(id)
    }
  }

  /// Entries of earlier cycles that are sent again are those of traders that still may open.
  private func checkAgain(_ step: RandomArenaStep) {
    for (intent, _) in step.sent
    where intent.request.purpose == .open && intent.decidedAt != now {
      let owners = intent.shares.isEmpty ? [intent.request.trader] : intent.shares.map(\.trader)
      for owner in owners {
        let status = step.before.traders[owner]?.runtime.status
        expect(status == .running, "\(intent.request) was sent again, its trader is not running")
        expect(
          !step.before.killSwitches.contains { $0.stops(owner, on: intent.request.account) },
          "\(intent.request) was sent again under a kill switch")
        expect(now <= intent.expiresAt, "\(intent.request) was sent again after its end")
      }
    }
  }

  /// Entries that were decided in this cycle.
  private func newEntries(
    _ step: RandomArenaStep
  ) -> [(intent: OrderIntent, report: AccountReport?)] {
    step.sent.filter { $0.intent.request.purpose == .open && $0.intent.decidedAt == now }
  }

  private func checkEntries(
    on account: AccountID, _ entries: [(intent: OrderIntent, report: AccountReport?)],
    _ step: RandomArenaStep
  ) throws {
    let state = step.after
    typealias Part = (trader: TraderID, intent: OrderIntent, size: Quantity)
    let parts = entries.flatMap { entry -> [Part] in
      let intent = entry.intent
      guard !intent.shares.isEmpty else {
        return [(intent.request.trader, intent, intent.request.size)]
      }
      return intent.shares.map { ($0.trader, intent, $0.size) }
    }
    let first = step.reports(on: account).first?.snapshot
    if let first {
      let sure = try oracle.breaches(account, self, first).sure
      expect(sure.isEmpty, "entries on \(account) although \(sure) are passed")
    }
    for part in parts {
      let request = part.intent.request
      guard let spec = config.traders.first(where: { $0.id == part.trader }),
        let record = state.traders[part.trader]
      else {
        expect(false, "\(part.trader) is not configured and sent \(request)")
        continue
      }
      expect(
        record.runtime.status == .running && record.runtime.removedAt == nil,
        "\(part.trader) is \(record.runtime.status) and sent \(request)")
      let stopping = state.killSwitches.filter { $0.stops(part.trader, on: account) }
      expect(stopping.isEmpty, "\(request) was sent under \(stopping)")
      expect(
        request.leverage <= spec.risk.leverage(for: request.coin),
        "\(request) passes the leverage of \(part.trader)")
      let worth = part.intent.decisionMid * part.size
      expect(
        worth <= spec.risk.maxPositionSize, "\(request) is worth \(worth) for \(part.trader)")
      let held = Set(record.ledger.positions.map(\.coin))
      let closing = Set(
        step.sent.filter {
          $0.intent.request.trader == part.trader
            && $0.intent.request.purpose == .close
        }.map(\.intent.request.coin))
      expect(
        held.subtracting(closing).count <= spec.risk.maxPositions,
        "\(part.trader) holds \(held.map(\.name).sorted()), at most \(spec.risk.maxPositions)")
      if shape.isExclusive {
        checkOwner(of: request.coin, on: account, part.trader, step)
        let rivals = parts.filter { $0.intent.request.coin == request.coin }.map(\.trader)
        expect(Set(rivals).count == 1, "\(rivals) opened \(request.coin) together")
      }
    }
    checkLimits(of: account, entries)
  }

  /// With exclusive symbols nobody else of the account holds a coin that is entered.
  private func checkOwner(
    of coin: Coin, on account: AccountID, _ trader: TraderID, _ step: RandomArenaStep
  ) {
    let owners = step.after.traders.values.filter { mate in
      mate.account == account && mate.ledger.trader != trader
        && step.before.traders[mate.ledger.trader]?.ledger.position(in: coin) != nil
        && mate.ledger.position(in: coin) != nil
    }.map(\.ledger.trader)
    expect(owners.isEmpty, "\(trader) entered \(coin) although \(owners) hold it")
  }

  /// The limits of the account, with every entry of the cycle at the mid it was decided at.
  private func checkLimits(
    of account: AccountID, _ entries: [(intent: OrderIntent, report: AccountReport?)]
  ) {
    guard let snapshot = entries.first?.report?.snapshot else {
      expect(false, "entries on \(account), which was not read")
      return
    }
    let limits = config.globalLimits
    let equity = snapshot.equity.double
    var margin = snapshot.marginUsed.double
    var worth: [Coin: Double] = [:]
    for position in snapshot.positions {
      worth[position.coin] = abs(position.size.double) * (price(of: position.coin)?.double ?? 0)
    }
    for (intent, _) in entries {
      let notional = intent.decisionMid.double * intent.request.size.double
      margin += notional / Double(intent.request.leverage)
      worth[intent.request.coin, default: 0] += notional
      if let share = limits.maxSymbol?.double {
        expect(
          worth[intent.request.coin] ?? 0 <= equity * share / 100 + 1e-6,
          "\(intent.request) passes the share of \(intent.request.coin)")
      }
    }
    if let share = limits.maxMarginUsage?.double {
      expect(margin <= equity * share / 100 + 1e-6, "\(account) uses \(margin) of \(equity)")
    }
    expect(margin <= equity + 1e-6, "\(account): margin \(margin) of \(equity)")
    if let most = limits.maxPositions { expect(worth.count <= most, "\(account): \(worth.keys)") }
  }
}
