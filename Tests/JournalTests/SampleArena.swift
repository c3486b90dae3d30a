import Foundation
import Journal
import Testing
import Trading

/// A small arena that trades at random on a venue with exact books of its own.
///
/// `state` is what the database must give back after the changes it returned were committed.
struct SampleArena {
  var state: ArenaState
  var sims: [AccountID: SimAccount] = [:]
  var now: Timestamp
  var run: RunNumber = 1
  private var random: SeededGenerator
  private var closes: [(trader: TraderID, at: Timestamp)] = []
  private var opens: [(trader: TraderID, at: Timestamp)] = []

  static let arena = "arena-under-test"
  static let start = Timestamp(ms: 1_753_099_200_000)

  init(seed: UInt64, traders: Int = 3) throws {
    random = SeededGenerator(seed: seed)
    now = Self.start
    state = ArenaState(arena: Self.arena)
    for index in 0..<traders {
      let trader = try #require(TraderID("trader\(index)"))
      let account = try #require(AccountID("sim.trader\(index)"))
      state.traders[trader] = TraderRecord(
        name: "Trader \(index)", executor: "random", exchange: try #require(ProviderID("sim")),
        account: account,
        runtime: TraderRuntime(
          status: .running, inceptionAt: now,
          era: TraderEra(number: 1, startedAt: now, configDigest: "digest")),
        ledger: Ledger(trader: trader))
      state.accounts[account] = AccountBooks(account: account)
      sims[account] = SimAccount(id: account, rawUSD: USD(whole: 10_000), caughtUpTo: now)
    }
  }

  /// One cycle of three to twenty minutes: funding at full hours, then orders and fills.
  mutating func cycle() throws -> (sim: [SimChange], changes: StateChanges) {
    let before = now
    now = now + .minutes(Int64(3 + below(18)))
    state.cycle += 1
    var changes = StateChanges(cycle: state.cycle, run: run, at: now)
    var sim: [SimChange] = []
    var turns: [TurnRecord] = []
    if state.benchmark == nil { try buyBenchmark(&changes) }
    for trader in state.traders.keys.sorted() {
      guard var record = state.traders[trader], let books = sims[record.account] else { continue }
      var change = SimChange(account: books)
      moveMoney(of: &record, &change, &changes)
      payFunding(of: &record, since: before, &change, &changes)
      turns.append(try takeTurn(of: &record, &change, &changes))
      change.account.caughtUpTo = now
      sims[record.account] = change.account
      sim.append(change)
      addPoint(of: &record, &changes)
      record.runtime.invocations += 1
      record.runtime.lastSlot = now.ms / 180_000
      state.watermarks[record.account] = now
      changes.watermarks[record.account] = now
      state.traders[trader] = record
      changes.traders.append(record)
    }
    changes.turns = turns
    changes.nextPosition = state.nextPosition
    changes.nextNonce = state.nextNonce
    return (sim, changes)
  }

  /// The state as the database gives it at the present time.
  func expected() -> ArenaState {
    var expected = state
    for trader in state.traders.keys {
      expected.traders[trader]?.recentOpens =
        opens.filter { $0.trader == trader && $0.at > now - .hour }.map(\.at)
    }
    return expected
  }

  // MARK: Parts of a cycle

  private mutating func buyBenchmark(_ changes: inout StateChanges) throws {
    let benchmark = Benchmark(
      id: try #require(TraderID("buynhold_btc")), coin: try #require(Coin("BTC")),
      boughtAt: now, price: try #require(Price("100")), size: try #require(Quantity("99.955")),
      fee: try #require(USD("4.5")), start: USD(whole: 10_000))
    let point = EquityPoint(
      trader: benchmark.id, at: now, equity: try #require(USD("9995.5")),
      nav: try #require(USD("9995.5")), cash: try #require(USD("9995.5")), unrealised: .zero,
      marginUsed: .zero)
    state.benchmark = benchmark
    state.benchmarkTotals.fold(point)
    changes.benchmark = benchmark
    changes.benchmarkTotals = state.benchmarkTotals
    changes.equityPoints.append(point)
  }

  private mutating func payFunding(
    of record: inout TraderRecord, since: Timestamp, _ change: inout SimChange,
    _ changes: inout StateChanges
  ) {
    let hour = now.floored(to: .hour)
    guard hour > since else { return }
    for position in record.ledger.positions {
      let rate = FundingRate(trillionths: Int64(below(40_000_001)) - 20_000_000)
      guard let oracle = Price(mantissa: 100 * exactDecimalScale) else { continue }
      let payment = FundingPayment(
        account: record.account, coin: position.coin, at: hour, size: position.signedSize,
        rate: rate, amount: rate.payment(size: position.signedSize, oracle: oracle))
      record.ledger.book(payment)
      change.account.rawUSD += payment.amount
      change.funding.append(payment)
      changes.funding.append(BookedFunding(payment: payment, trader: record.ledger.trader))
    }
  }

  private mutating func takeTurn(
    of record: inout TraderRecord, _ change: inout SimChange, _ changes: inout StateChanges
  ) throws -> TurnRecord {
    var decisions: [DecisionRecord] = []
    for (index, name) in ["BTC", "ETH", "kPEPE"].enumerated() {
      let coin = try #require(Coin(name))
      var order: ClientOrderID?
      let trades = below(3) == 0
      if trades { order = try trade(coin, of: &record, &change, &changes) }
      var decision = Decision(trades ? .buyToEnter : .hold, coin: coin)
      decision.leverage = trades ? 5 : nil
      decision.stopLoss = trades ? Price("90.5") : nil
      decision.malformedFields = trades ? [] : ["take_profit", "confidence"]
      decision.reasoning = "because “it” said so; DROP TABLE fills;\nand more"
      decisions.append(
        DecisionRecord(
          trader: record.ledger.trader, index: index, decision: decision,
          verdict: trades ? .clamped : .held,
          notes: trades ? [RuleNote(rule: "size", text: "from 3 to 2")] : [], order: order))
    }
    return TurnRecord(
      trader: record.ledger.trader, era: 1, slot: now.ms / 180_000, failure: nil,
      decisions: decisions)
  }

  private mutating func trade(
    _ coin: Coin, of record: inout TraderRecord, _ change: inout SimChange,
    _ changes: inout StateChanges
  ) throws -> ClientOrderID {
    let side: OrderSide = below(2) == 0 ? .buy : .sell
    let size = try #require(Quantity(mantissa: Int64(1 + below(300)) * 1_000_000))
    let price = try #require(Price(mantissa: Int64(9_000 + below(2_000)) * 1_000_000))
    let fee = (price * size).applying(Bps(mantissa: 450_000_000))
    let id = try #require(
      ClientOrderID("0x" + String(repeating: "0", count: 20) + hex(state.nextNonce)))
    let request = OrderRequest(
      clientOrderID: id,
      identity: OrderIdentity(
        arena: Self.arena, trader: record.ledger.trader, cycle: state.cycle, coin: coin,
        purpose: .open, generation: 0),
      account: record.account, side: side, size: size, kind: .limit(price, .immediateOrCancel),
      reduceOnly: false, leverage: 5)
    let claim = EntryClaim(
      cycle: state.cycle, leverage: 5, confidence: below(2) == 0 ? nil : 70,
      riskUSD: USD(whole: 25), exitPlan: ExitPlan(stop: Price("80"), target: nil))
    let fill = Fill(
      id: change.account.nextFillID, account: record.account, coin: coin, side: side,
      price: price, size: size, fee: fee, isTaker: true, at: now,
      orderID: change.account.nextOrderID, clientOrderID: id, cause: .order)
    changes.intents.append(
      OrderIntent(
        request: request, run: run, decidedAt: now, decisionMid: price,
        expiresAt: now + .minute, nonce: state.nextNonce, claim: claim,
        outcome: .filled(size: size, averagePrice: price, fee: fee, orderID: fill.orderID)))
    state.nextNonce += 1
    book(fill, request, &change)
    book(fill, claim, of: &record, &changes)
    return id
  }

  /// The venue's side of a fill: cash, size, order.
  private func book(_ fill: Fill, _ request: OrderRequest, _ change: inout SimChange) {
    let signed = fill.size.signed(fill.side)
    change.account.rawUSD -= fill.price * signed
    change.account.rawUSD -= fill.fee
    change.account.nextFillID += 1
    change.account.nextOrderID += 1
    let old = change.account.positions[fill.coin]
    let size = (old?.size ?? .zero) + signed
    change.account.positions[fill.coin] =
      size == .zero
      ? nil
      : SimPosition(
        size: size, cost: (old?.cost ?? .zero) + fill.price * signed, leverage: 5,
        isolatedMargin: fill.coin.name == "ETH" ? USD(whole: 20) : nil)
    change.orders.append(
      SimOrder(
        orderID: fill.orderID, request: request, receivedAt: fill.at, status: .filled,
        filledSize: fill.size, averagePrice: fill.price, fee: fill.fee))
    change.fills.append(fill)
  }

  /// Our side of a fill: ledger, trades, totals.
  private mutating func book(
    _ fill: Fill, _ claim: EntryClaim, of record: inout TraderRecord,
    _ changes: inout StateChanges
  ) {
    var last: PositionNumber = 0
    let events = record.ledger.book(fill, claim: claim, nextPosition: &state.nextPosition)
    for event in events {
      switch event {
      case .opened(let position):
        opens.append((position.trader, position.openedAt))
        last = position.number
      case .changed(let position): last = position.number
      case .closed(let trade):
        changes.trades.append(trade)
        record.totals.fold(trade)
        record.lastCloses[trade.coin] = trade.closedAt
        last = trade.position
      }
    }
    changes.fills.append(BookedFill(fill: fill, trader: record.ledger.trader, position: last))
  }

  private func addPoint(of record: inout TraderRecord, _ changes: inout StateChanges) {
    let equity = record.ledger.cash
    guard let nav = record.ledger.nav(equity: equity, base: USD(whole: 10_000)) else { return }
    let point = EquityPoint(
      trader: record.ledger.trader, at: now, equity: equity, nav: nav, cash: equity,
      unrealised: .zero, marginUsed: .zero)
    record.totals.fold(point)
    changes.equityPoints.append(point)
  }

  private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

  private func hex(_ number: Int64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 12 - digits.utf8.count) + digits
  }
}

/// A folder that is gone after the test.
final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/nof0-journal-\(ProcessInfo.processInfo.globallyUniqueString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    // Nothing depends on whether the folder could be removed.
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of a file in it.
  func file(_ name: String = "nof0.sqlite") -> String { path + "/" + name }

  /// The bytes of a file in it.
  func bytes(_ name: String = "nof0.sqlite") throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: file(name)))
  }
}

extension SampleArena {
  /// Trades some cycles into a store, as one run.
  mutating func play(_ cycles: Int, into store: StateStore) throws {
    try store.prepare(arenaID: Self.arena, name: "Test", createdAt: Self.start)
    run = try store.beginRun(at: now, wallStart: now, pid: 1)
    state.lastFinishedAt = now
    for _ in 0..<cycles {
      let (sim, changes) = try cycle()
      try store.saveSim(sim)
      try store.commit(changes)
    }
    try store.finishRun(run, cycle: state.cycle, wallEnd: now, phases: [], error: nil)
  }
}
