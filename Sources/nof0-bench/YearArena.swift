import Journal
import Trading

/// Traders that trade at random, and the simulated venue's books, day by day.
///
/// Every position ends within its day, so that nothing depends on prices of a market.
struct YearArena {
  static let begin = Timestamp(ms: 1_735_689_600_000)
  static let interval = Span.minutes(3)
  static let cyclesADay = 480

  private let request: YearBench.Request
  private let end: Timestamp
  private var random: SeededGenerator
  private var records: [TraderRecord] = []
  private var books: [AccountBooks] = []
  private var sims: [SimAccount] = []
  private var nextPosition: PositionNumber = 1
  private var nextNonce: Int64 = 1
  private var benchmark: Benchmark
  private var benchmarkTotals = PerformanceTotals()
  private var price: Double = 60_000
  private let coins: [Coin]

  init(_ request: YearBench.Request) throws {
    self.request = request
    end = Self.begin + .day * Int64(request.days)
    random = SeededGenerator(seed: request.seed)
    coins = try ["BTC", "ETH", "SOL", "BNB", "XRP", "DOGE"].map {
      try Self.known(Coin($0), "coin")
    }
    benchmark = Benchmark(
      id: try Self.known(TraderID("buynhold_btc"), "id"), coin: coins[0], boughtAt: Self.begin,
      price: try Self.known(Price("60000"), "price"),
      size: try Self.known(Quantity("0.16659166"), "size"),
      fee: try Self.known(USD("4.5"), "fee"), start: USD(whole: 10_000))
    for index in 0..<request.traders {
      let trader = try Self.known(TraderID("trader-\(index)"), "id")
      let account = try Self.known(AccountID("sim.trader-\(index)"), "account")
      records.append(
        TraderRecord(
          name: "Trader \(index)", executor: "random",
          exchange: try Self.known(ProviderID("sim"), "venue"), account: account,
          runtime: TraderRuntime(
            status: .running, inceptionAt: Self.begin,
            era: TraderEra(number: 1, startedAt: Self.begin, configDigest: "year"),
            capital: USD(whole: 10_000)),
          ledger: Ledger(trader: trader)))
      books.append(AccountBooks(account: account))
      sims.append(SimAccount(id: account, rawUSD: .zero, caughtUpTo: Self.begin))
    }
  }

  /// Writes one day.
  mutating func live(_ day: Int, in store: StateStore) throws {
    let start = Self.begin + .day * Int64(day)
    let last = start + .day - Self.interval
    let cycle = CycleNumber((day + 1) * Self.cyclesADay)
    var changes = StateChanges(cycle: cycle, run: cycle, at: last)
    changes.turns = []
    var simulated: [SimChange] = []
    for index in records.indices {
      var change = SimChange(account: sims[index])
      if day == 0 { open(index, &change, &changes) }
      let moments = plan(index, from: start)
      for moment in moments { try happen(moment, index, cycle, &change, &changes) }
      books[index].observe(equity: records[index].ledger.cash, at: last)
      records[index].runtime.invocations += Self.cyclesADay
      records[index].runtime.lastSlot = last.ms / Self.interval.ms
      change.account.caughtUpTo = last
      sims[index] = change.account
      simulated.append(change)
      changes.watermarks[change.account.id] = last
    }
    follow(from: start, &changes)
    if day == 0 { changes.benchmark = benchmark }
    changes.benchmarkTotals = benchmarkTotals
    changes.traders = records
    changes.accounts = books
    changes.nextPosition = nextPosition
    changes.nextNonce = nextNonce
    try store.saveSim(simulated)
    try store.commit(changes)
  }

  /// Puts the first money in.
  private mutating func open(_ index: Int, _ change: inout SimChange, _ changes: inout StateChanges)
  {
    let account = sims[index].id
    let amount = USD(whole: 10_000)
    let transfer = AccountTransfer(
      id: .opening(account), account: account, at: Self.begin, amount: amount)
    change.account.rawUSD += amount
    change.transfers.append(transfer)
    changes.transfers.append(transfer)
    books[index].book(transfer: amount, equity: .zero)
    books[index].give(amount)
    records[index].ledger.book(flow: amount, equity: .zero)
    changes.flows.append(
      CapitalFlow(
        trader: records[index].ledger.trader, at: Self.begin, amount: amount,
        reason: "initial equity", equity: .zero))
  }

  /// Follows the benchmark through a day.
  private mutating func follow(from start: Timestamp, _ changes: inout StateChanges) {
    for at in pointTimes(from: start) {
      price *= 1 + (random.unit() - 0.5) / 100
      guard let mark = Price(mantissa: Int64(price * 1e8)) else { continue }
      let equity = benchmark.equity(at: mark)
      let point = EquityPoint(
        trader: benchmark.id, at: at, equity: equity, nav: equity, cash: equity,
        unrealised: .zero, marginUsed: .zero)
      benchmarkTotals.fold(point)
      changes.equityPoints.append(point)
    }
  }

  /// Times of a day whose equity points are still there at the end of the year.
  private func pointTimes(from start: Timestamp) -> [Timestamp] {
    (0..<Self.cyclesADay).map { start + Self.interval * Int64($0) }.filter { at in
      let next = at + Self.interval
      if at >= end - .hours(48) { return true }
      if at >= end - .day * 30 { return next.floored(to: .minutes(15)) == next }
      return next.floored(to: .hour) == next
    }
  }

  private static func known<Value>(_ value: Value?, _ what: String) throws -> Value {
    guard let value else { throw YearFailure("expected a \(what), was none") }
    return value
  }
}

// MARK: - What happens in a day

extension YearArena {
  /// Something that happens to a trader.
  private enum Event {
    case entry(Coin, OrderSide, price: Double)
    case funding(Coin)
    case exit(Coin, price: Double, FillCause)
    case point
  }

  private typealias Moment = (at: Timestamp, order: Int, event: Event)

  /// What happens to a trader in a day, in time order: a round trip in each part of the day.
  private mutating func plan(_ index: Int, from start: Timestamp) -> [Moment] {
    var moments: [Moment] = pointTimes(from: start).map { ($0, 3, .point) }
    guard request.trades > 0 else { return moments }
    let part = Self.cyclesADay / request.trades
    for number in 0..<(part > 3 ? request.trades : 0) {
      let first = number * part + random.below(part / 2)
      let length = 1 + random.below(part / 2)
      let coin = coins[random.below(coins.count)]
      let (opened, closed) = (
        start + Self.interval * Int64(first), start + Self.interval * Int64(first + length)
      )
      let price = 50 + random.unit() * 100
      let causes: [FillCause] = [.order, .order, .stop, .target]
      moments.append((opened, 2, .entry(coin, random.below(2) == 0 ? .buy : .sell, price: price)))
      moments.append(
        (
          closed, 0,
          .exit(coin, price: price * (0.99 + random.unit() / 50), causes[random.below(4)])
        )
      )
      var hour = opened.floored(to: .hour) + .hour
      while hour < closed {
        moments.append((hour, 1, .funding(coin)))
        hour = hour + .hour
      }
    }
    return moments.sorted { ($0.at, $0.order) < ($1.at, $1.order) }
  }

  private mutating func happen(
    _ moment: Moment, _ index: Int, _ lastCycle: CycleNumber, _ change: inout SimChange,
    _ changes: inout StateChanges
  ) throws {
    let cycle = (moment.at - Self.begin).ms / Self.interval.ms + 1
    switch moment.event {
    case .entry(let coin, let side, let price):
      try trade(
        coin, side, price, .open, .order, size: 1 + Int64(random.below(900)), index,
        (moment.at, cycle), &change, &changes)
    case .exit(let coin, let price, let cause):
      guard let position = records[index].ledger.position(in: coin) else { return }
      // A little more than the fees, so that nobody is taken out for losing.
      let gain = position.side == .long ? 1.0015 : 0.9985
      let purpose: OrderPurpose =
        cause == .stop ? .stop : cause == .target ? .target : .close
      try trade(
        coin, position.side.closing, price * gain, purpose, cause,
        size: position.size.mantissa / 1_000_000, index, (moment.at, cycle), &change, &changes)
    case .funding(let coin): pay(coin, index, moment.at, &change, &changes)
    case .point:
      let equity = records[index].ledger.cash
      guard let nav = records[index].ledger.nav(equity: equity, base: USD(whole: 10_000)) else {
        return
      }
      let point = EquityPoint(
        trader: records[index].ledger.trader, at: moment.at, equity: equity, nav: nav,
        cash: equity, unrealised: .zero, marginUsed: .zero)
      records[index].totals.fold(point)
      changes.equityPoints.append(point)
    }
  }

  private mutating func pay(
    _ coin: Coin, _ index: Int, _ at: Timestamp, _ change: inout SimChange,
    _ changes: inout StateChanges
  ) {
    guard let position = records[index].ledger.position(in: coin) else { return }
    let rate = FundingRate(trillionths: Int64(random.below(40_000_001)) - 20_000_000)
    let payment = FundingPayment(
      account: change.account.id, coin: coin, at: at, size: position.signedSize, rate: rate,
      amount: rate.payment(size: position.signedSize, oracle: position.entryPrice))
    records[index].ledger.book(payment)
    change.account.rawUSD += payment.amount
    change.funding.append(payment)
    changes.funding.append(
      BookedFunding(payment: payment, trader: records[index].ledger.trader))
  }

  private mutating func trade(
    _ coin: Coin, _ side: OrderSide, _ price: Double, _ purpose: OrderPurpose,
    _ cause: FillCause, size: Int64, _ index: Int, _ when: (at: Timestamp, cycle: CycleNumber),
    _ change: inout SimChange, _ changes: inout StateChanges
  ) throws {
    let trader = records[index].ledger.trader
    let price = try Self.known(Price(mantissa: Int64(price * 1e6) * 100), "price")
    let size = try Self.known(Quantity(mantissa: size * 1_000_000), "size")
    let digits = String(nextNonce, radix: 16)
    let id = try Self.known(
      ClientOrderID("0x" + String(repeating: "0", count: 32 - digits.utf8.count) + digits), "id")
    let request = OrderRequest(
      clientOrderID: id,
      identity: OrderIdentity(
        arena: "0123456789abcdef0123456789abcdef", trader: trader, cycle: when.cycle, coin: coin,
        purpose: purpose, generation: 0),
      account: change.account.id, side: side, size: size, kind: .limit(price, .immediateOrCancel),
      reduceOnly: purpose != .open, leverage: 3)
    let claim = EntryClaim(
      cycle: when.cycle, leverage: 3, confidence: 50 + random.below(50),
      riskUSD: USD(whole: Int64(5 + random.below(20))),
      exitPlan: ExitPlan(
        stop: Price(mantissa: price.mantissa / 100 * (side == .buy ? 98 : 102)),
        target: Price(mantissa: price.mantissa / 100 * (side == .buy ? 103 : 97))))
    let fill = Fill(
      id: change.account.nextFillID, account: change.account.id, coin: coin, side: side,
      price: price, size: size, fee: (price * size).applying(Bps(mantissa: 450_000_000)),
      isTaker: true, at: when.at, orderID: change.account.nextOrderID, clientOrderID: id,
      cause: cause)
    changes.intents.append(
      OrderIntent(
        request: request, run: when.cycle, decidedAt: when.at, decisionMid: price,
        expiresAt: when.at + .minute, nonce: nextNonce, claim: purpose == .open ? claim : nil,
        outcome: .filled(
          size: size, averagePrice: price, fee: fill.fee, orderID: fill.orderID)))
    nextNonce += 1
    book(fill, request, claim, index, &change, &changes)
  }

  private mutating func book(
    _ fill: Fill, _ request: OrderRequest, _ claim: EntryClaim, _ index: Int,
    _ change: inout SimChange, _ changes: inout StateChanges
  ) {
    let signed = fill.size.signed(fill.side)
    change.account.rawUSD -= fill.price * signed
    change.account.rawUSD -= fill.fee
    change.account.nextFillID += 1
    change.account.nextOrderID += 1
    change.fills.append(fill)
    change.orders.append(
      SimOrder(
        orderID: fill.orderID, request: request, receivedAt: fill.at, status: .filled,
        filledSize: fill.size, averagePrice: fill.price, fee: fill.fee))
    var last: PositionNumber = 0
    for event in records[index].ledger.book(fill, claim: claim, nextPosition: &nextPosition) {
      switch event {
      case .opened(let position), .changed(let position): last = position.number
      case .closed(let trade):
        changes.trades.append(trade)
        records[index].totals.fold(trade)
        records[index].lastCloses[trade.coin] = trade.closedAt
        last = trade.position
      }
    }
    changes.fills.append(
      BookedFill(fill: fill, trader: records[index].ledger.trader, position: last))
  }
}
