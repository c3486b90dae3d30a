import Journal
import Testing
import Trading

/// Two traders of one account and somebody outside of nof0, who share orders at random.
struct SharedArena {
  var state: ArenaState
  var sim: SimAccount
  var now = SampleArena.start
  let account: AccountID
  let traders: [TraderID]
  private var random: SeededGenerator
  /// What each shared order's fill gave to whom.
  private(set) var filled: [ClientOrderID: [TraderID: Quantity]] = [:]

  init(seed: UInt64) throws {
    random = SeededGenerator(seed: seed)
    account = try #require(AccountID("sim.shared"))
    traders = try ["anna", "bob"].map { try #require(TraderID($0)) }
    state = ArenaState(arena: "shared")
    sim = SimAccount(id: account, rawUSD: .zero, caughtUpTo: now)
    for trader in traders {
      state.traders[trader] = TraderRecord(
        name: trader.name, executor: "random", exchange: try #require(ProviderID("sim")),
        account: account,
        runtime: TraderRuntime(
          status: .running, inceptionAt: now,
          era: TraderEra(number: 1, startedAt: now, configDigest: "d"), breachesInARow: 2,
          sharpePauseDays: 25, capital: USD(whole: 5000), removedAt: now),
        ledger: Ledger(trader: trader))
    }
    state.accounts[account] = AccountBooks(account: account)
  }

  /// Runs some steps of an hour each, every one of them a run of its own.
  mutating func play(_ steps: Int, into store: StateStore) throws {
    try store.prepare(arenaID: "shared", name: "Shared", createdAt: SampleArena.start)
    for _ in 0..<steps {
      state.lastFinishedAt = now
      let (change, changes) = try step(store.beginRun(at: now, wallStart: now, pid: 1))
      try store.saveSim([change])
      try store.commit(changes)
      try store.finishRun(
        changes.run, cycle: state.cycle, wallEnd: now, phases: [], error: nil)
    }
  }

  /// Money at first and at every seventh step, then funding, then a fill.
  mutating func step(_ run: RunNumber) throws -> (SimChange, StateChanges) {
    state.cycle += 1
    now = now + .hour
    var change = SimChange(account: sim)
    var changes = StateChanges(cycle: state.cycle, run: run, at: now)
    if state.cycle % 7 == 1 { moveMoney(&change, &changes) }
    try payFunding(&change, &changes)
    try fill(run, &change, &changes)
    change.account.caughtUpTo = now
    sim = change.account
    changes.turns = []
    changes.traders = traders.compactMap { state.traders[$0] }
    changes.accounts = state.accounts[account].map { [$0] } ?? []
    changes.nextPosition = state.nextPosition
    changes.nextNonce = state.nextNonce
    return (change, changes)
  }

  /// 10,001 USD reach the account; both traders get 5,000 at a made-up equity.
  private mutating func moveMoney(_ change: inout SimChange, _ changes: inout StateChanges) {
    let transfer = AccountTransfer(
      id: state.cycle == 1 ? .opening(account) : TransferID(cycle: state.cycle, account: account),
      account: account, at: now, amount: USD(whole: 10_001))
    change.account.rawUSD += transfer.amount
    change.transfers.append(transfer)
    changes.transfers.append(transfer)
    state.accounts[account]?.book(transfer: transfer.amount, equity: USD(whole: 9_999))
    if state.cycle == 1 { state.openings[account] = now }
    for trader in traders {
      let flow = CapitalFlow(
        trader: trader, at: now, amount: USD(whole: 5000), reason: "split",
        equity: USD(whole: 4567))
      state.traders[trader]?.ledger.book(flow: flow.amount, equity: USD(whole: 4567))
      state.accounts[account]?.give(flow.amount)
      changes.flows.append(flow)
    }
  }

  private mutating func payFunding(
    _ change: inout SimChange, _ changes: inout StateChanges
  ) throws {
    for (coin, position) in sim.positions.sorted(by: { $0.key < $1.key }) {
      let payment = FundingPayment(
        account: account, coin: coin, at: now, size: position.size,
        rate: FundingRate(trillionths: 12_345_678),
        amount: USD(mantissa: Int64(below(2_000_001)) - 1_000_000))
      change.account.rawUSD += payment.amount
      change.funding.append(payment)
      let owners = traders.filter { state.traders[$0]?.ledger.position(in: coin) != nil }
      var sizes = owners.compactMap {
        state.traders[$0]?.ledger.position(in: coin)?.signedSize
      }
      if let outside = state.accounts[account]?.outside[coin] { sizes.append(outside) }
      for (index, part) in payment.parts(sizes).enumerated() {
        let owner = index < owners.count ? owners[index] : nil
        if let owner {
          state.traders[owner]?.ledger.book(part)
        } else {
          state.accounts[account]?.bookOutside(part)
        }
        changes.funding.append(BookedFunding(payment: part, trader: owner, part: index))
      }
    }
  }

  private mutating func fill(
    _ run: RunNumber, _ change: inout SimChange, _ changes: inout StateChanges
  ) throws {
    let sizes = try (0..<3).map { place in
      try #require(Quantity(mantissa: Int64(below(place == 2 ? 2 : 5)) * 1_000_000))
    }
    let total = sizes.reduce(.zero, +)
    guard total > .zero else { return }
    let coin = try #require(Coin(below(2) == 0 ? "BTC" : "ETH"))
    let side: OrderSide = below(2) == 0 ? .buy : .sell
    let price = try #require(Price(mantissa: Int64(9_000 + below(2_000)) * 1_000_000))
    let digits = String(state.nextNonce, radix: 16)
    let id = try #require(
      ClientOrderID("0x" + String(repeating: "0", count: 32 - digits.count) + digits))
    let fill = Fill(
      id: sim.nextFillID, account: account, coin: coin, side: side, price: price, size: total,
      fee: USD(mantissa: Int64(below(100_000_000))), isTaker: true, at: now,
      orderID: sim.nextOrderID, clientOrderID: sizes[2] == .zero ? id : nil, cause: .order)
    change.account.rawUSD -= price * total.signed(side) + fill.fee
    change.account.nextFillID += 1
    change.account.nextOrderID += 1
    let size = (sim.positions[coin]?.size ?? .zero) + total.signed(side)
    change.account.positions[coin] =
      size == .zero ? nil : SimPosition(size: size, cost: .zero, leverage: 1)
    change.fills.append(fill)
    let owners: [TraderID?] = traders + [nil]
    let shared = zip(owners, sizes).filter { $0.1 > .zero }
    if sizes[2] == .zero { record(fill, id, shared, run, &changes) }
    for (index, part) in fill.parts(shared.map(\.1)).enumerated() {
      book(part, index, of: shared[index].0, &changes)
    }
  }

  private mutating func record(
    _ fill: Fill, _ id: ClientOrderID, _ shared: [(TraderID?, Quantity)], _ run: RunNumber,
    _ changes: inout StateChanges
  ) {
    let claim = self.claim
    let shares = shared.compactMap { owner, size in
      owner.map { OrderShare(trader: $0, size: size, claim: claim) }
    }
    guard let first = shares.first else { return }
    filled[id] = Dictionary(uniqueKeysWithValues: shares.map { ($0.trader, $0.size) })
    let request = OrderRequest(
      clientOrderID: id,
      identity: OrderIdentity(
        arena: "shared", trader: first.trader, cycle: state.cycle, coin: fill.coin,
        purpose: .open, generation: 0),
      account: account, side: fill.side, size: fill.size,
      kind: .limit(fill.price, .immediateOrCancel), reduceOnly: false, leverage: 2)
    changes.intents.append(
      OrderIntent(
        request: request, run: run, decidedAt: now, decisionMid: fill.price,
        expiresAt: now + .minute, nonce: state.nextNonce, claim: claim, shares: shares,
        outcome: .filled(
          size: fill.size, averagePrice: fill.price, fee: fill.fee, orderID: fill.orderID)))
    state.nextNonce += 1
  }

  private mutating func book(
    _ part: Fill, _ index: Int, of owner: TraderID?, _ changes: inout StateChanges
  ) {
    guard let owner, var record = state.traders[owner] else {
      state.accounts[account]?.bookOutside(part)
      changes.fills.append(BookedFill(fill: part, trader: nil, position: nil, part: index))
      return
    }
    var last: PositionNumber?
    for event in record.ledger.book(part, claim: claim, nextPosition: &state.nextPosition) {
      switch event {
      case .opened(let position), .changed(let position): last = position.number
      case .closed(let trade):
        changes.trades.append(trade)
        record.totals.fold(trade)
        record.lastCloses[trade.coin] = trade.closedAt
        last = trade.position
      }
    }
    state.traders[owner] = record
    changes.fills.append(BookedFill(fill: part, trader: owner, position: last, part: index))
  }

  private var claim: EntryClaim {
    EntryClaim(
      cycle: state.cycle, leverage: 2, confidence: 60, riskUSD: USD(whole: 3),
      exitPlan: ExitPlan(stop: nil, target: Price("99"), invalidation: "never"))
  }

  private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
}
