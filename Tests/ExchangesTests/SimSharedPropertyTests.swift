import ArenaTesting
import Exchanges
import Market
import Testing
import Trading

/// Random orders of three traders, manual trades and transfers on one account.
///
/// A failure prints its seed.
@Suite struct SimSharedPropertyTests {
  static let steps = 200

  /// What an account must be, from its reports alone.
  struct Account {
    var cash = USD.zero
    var sizes: [Coin: SignedQuantity] = [:]
    var fills: Set<Int64> = []
    var moves: Set<TransferID> = []
    var payments: Set<FundingPayment> = []
    var faults: [String] = []

    mutating func book(_ report: AccountReport, marks: [Coin: Price], store: SimStore) throws {
      for move in report.transfers where moves.insert(move.id).inserted { cash += move.amount }
      for payment in report.funding where payments.insert(payment).inserted {
        cash += payment.amount
      }
      for fill in report.fills where fills.insert(fill.id).inserted {
        let size = fill.size.signed(fill.side)
        cash -= fill.price * size + fill.fee
        sizes[fill.coin] = (sizes[fill.coin] ?? .zero) + size
      }
      let snapshot = report.snapshot
      let held = Dictionary(uniqueKeysWithValues: snapshot.positions.map { ($0.coin, $0.size) })
      if held != sizes.filter({ $0.value != .zero }) { faults.append("\(sizes) but \(held)") }
      let raw = try store.load(snapshot.account)?.rawUSD
      if raw != cash { faults.append("\(cash) but rawUSD \(String(describing: raw))") }
      var equity = cash
      for coin in sizes.keys.sorted() {
        if let mark = marks[coin], let size = sizes[coin] { equity += mark * size }
      }
      if equity != snapshot.equity { faults.append("\(equity) but equity \(snapshot.equity)") }
      for order in snapshot.orders where order.reduceOnly {
        let size = held[order.coin] ?? .zero
        if size.side?.closing != order.side || order.size > size.magnitude {
          faults.append("reduce-only \(order.side) \(order.size) rests beside \(size)")
        }
      }
    }
  }

  /// Up to two movements, of 12,000 USD out to 8,000 in, sometimes under an id used before.
  static func transfers(_ step: Int, _ dice: inout SeededGenerator) -> [AccountTransfer] {
    (0..<dice.pick(3)).map { index in
      AccountTransfer(
        id: TransferID("\(max(1, step - dice.pick(3))).\(index)"), account: SimBench.account,
        at: SimBench.start,
        amount: USD(mantissa: Int64(dice.pick(2_000_000_000_000)) - 1_199_999_999_999))
    }
  }

  /// The orders of a step: each trader's, and now and then a manual trade among them.
  static func orders(
    _ quotes: [Coin: Quote], step: Int, _ dice: inout SeededGenerator
  ) -> [RiskApproved<OrderIntent>] {
    var sent: [RiskApproved<OrderIntent>] = []
    for trader in ["alpha", "beta", "gamma"] {
      sent += SimPropertyTests.orders(quotes, number: step, trader: trader, &dice)
    }
    let coin = SimPropertyTests.coins[dice.pick(3)]
    if dice.pick(4) == 0, let mark = quotes[coin.coin]?.mark {
      let lots = Int64(dice.pick(Int(coin.size / coin.lot))) + 1
      sent.insert(
        ManualTrade.intent(
          account: SimBench.account, coin: coin.coin, side: dice.pick(2) == 0 ? .buy : .sell,
          size: quantity(USD(mantissa: lots * coin.lot).description),
          limit: price(USD(mantissa: mark.mantissa / coin.tick * coin.tick).description),
          at: SimBench.start, number: step),
        at: dice.pick(sent.count + 1))
    }
    return sent
  }

  @Test(arguments: SimMarginMode.allCases, Array(UInt64(1)...6))
  func conservesMoneyAndCoins(mode: SimMarginMode, seed: UInt64) async throws {
    var dice = SeededGenerator(seeds: seed, 3)
    var bench = SimBench()
    bench.config = SimPropertyTests.config(mode)
    bench.market = SimPropertyTests.market(&dice)
    let store = SimStore.inMemory()
    let exchange = try await bench.opened(seed % 2 == 0 ? "30000" : "3000", store)
    var account = Account()
    var now = SimBench.start
    var traders: Set<TraderID> = []
    var refused = 0

    for step in 1...Self.steps where account.faults.isEmpty {
      let since = now
      now = now + Span(ms: Int64(dice.pick(Int(2 * SimBench.quarter.ms))))
      let quotes = try await bench.market.quotes(
        for: SimPropertyTests.coins.map(\.coin), at: now)
      let sent = Self.orders(quotes, step: step, &dice)
      let outcomes = await exchange.submit(sent, at: now)
      for (order, outcome) in zip(sent, outcomes) where outcome.label == "filled" {
        traders.insert(order.request.request.trader)
      }
      let before = try await exchange.report(on: SimBench.account, since: since, at: now)
      try account.book(before, marks: quotes.mapValues(\.mark), store: store)
      let moves = Self.transfers(step, &dice)
      let known = account.moves
      do {
        try await exchange.transfer(moves, at: now)
      } catch { refused += 1 }
      let after = try await exchange.report(on: SimBench.account, since: since, at: now)
      try account.book(after, marks: quotes.mapValues(\.mark), store: store)
      let moved = after.transfers.filter { !known.contains($0.id) }
        .reduce(USD.zero) { $0 + $1.amount }
      if after.snapshot.equity - before.snapshot.equity != moved {
        account.faults.append("moved \(moved), but \(before.snapshot) → \(after.snapshot)")
      }
      if moved < .zero, after.snapshot.equity < after.snapshot.marginUsed {
        account.faults.append("margin went: \(after.snapshot)")
      }
    }

    #expect(account.faults == [], "seed \(seed) \(mode)")
    #expect(traders.count >= 3 && refused > 0, "seed \(seed) \(mode): \(traders), \(refused)")
  }
}
