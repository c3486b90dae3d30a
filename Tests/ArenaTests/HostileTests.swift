import Arena
import ArenaTesting
import Exchanges
import Journal
import Manager
import Market
import Testing
import Trading

/// What a hostile reader found, each as the smallest arena that shows it.
@Suite("Money and positions under hostile circumstances")
struct HostileTests {
  private static let shared = "{type: sim, shared_account: true}"

  private static func at(_ minute: Int64) -> Timestamp { CycleBench.noon + .minutes(minute) }

  private static func quiet(_ id: String, keys: [String: String] = [:]) -> String {
    CycleBench.trader(
      id, "flat", symbols: "[BTC, ETH]", keys: keys,
      risk: [
        "stop_loss_enabled": "false", "take_profit_enabled": "false", "max_margin_usage_pct": "0",
      ])
  }

  /// A trader whose money comes from the split.
  private static func member(_ id: String, keys: [String: String] = [:]) -> String {
    quiet(id, keys: keys).split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.contains("initial_equity_usd") }.joined(separator: "\n")
  }

  private static func split(_ interval: String = "1h", total: Int = 20_000) -> String {
    CycleBench.limitless + "\n  total_equity_usd: \(total)\n  allocation_strategy: equal\n"
      + "  reserve_equity_pct: 0\n  rebalance_interval: \(interval)\n"
      + "  conflicts: {exclusive_symbols: false}"
  }

  /// BTC at these prices from these minutes on.
  private static func market(_ prices: [(Int64, String)]) throws -> ScriptedMarket {
    var market = try CycleBench.steadyMarket()
    let btc = try coin("BTC")
    for (minute, text) in prices {
      market.scriptedQuotes[btc]?.removeAll { $0.asOf >= at(minute) }
      for later in minute...60 { market.quote(btc, try price(text), from: at(later)) }
    }
    return market
  }

  /// Puts an entry on record as a killed run leaves it, for the next run to send.
  private static func leave(
    in bench: CycleBench, trader: String, size: String, leverage: Int, sent: Timestamp,
    plan: ExitPlan = ExitPlan(stop: nil, target: nil)
  ) throws {
    let id = try bench.trader(trader)
    let run = try bench.store.beginRun(at: sent, wallStart: sent, pid: 4711)
    let cycle = try bench.state().cycle
    let digit = trader == "a" ? "ab" : "cd"
    let intent = OrderIntent(
      request: OrderRequest(
        clientOrderID: try #require(
          ClientOrderID("0x" + String(repeating: digit, count: 16))),
        identity: OrderIdentity(
          arena: "bench", trader: id, cycle: cycle, coin: try coin("BTC"), purpose: .open,
          generation: 9),
        account: try bench.record(trader).account, side: .buy, size: try #require(Quantity(size)),
        kind: .limit(try price("100500"), .immediateOrCancel), reduceOnly: false,
        leverage: leverage),
      run: run, decidedAt: sent, decisionMid: try price("100000"),
      expiresAt: sent + .minutes(5), nonce: try bench.state().nextNonce,
      claim: EntryClaim(
        cycle: cycle, leverage: leverage, confidence: 75, riskUSD: USD(whole: 50), exitPlan: plan))
    var changes = StateChanges(cycle: cycle, run: run, at: sent)
    changes.intents = [intent]
    changes.nextNonce = intent.nonce + 1
    try bench.store.commit(changes)
  }

  private static func atVenue(
    _ bench: CycleBench, _ id: String, _ minute: Int64
  ) async throws -> USD {
    let account = try bench.record(id).account
    return try await bench.sim.report(on: account, since: at(minute), at: at(minute))
      .snapshot.equity
  }

  @Test func aTraderThatJoinsAnAccountBringsItsMoney() async throws {
    let before = try CycleBench(
      [Self.quiet("a")], market: CycleBench.steadyMarket(), venue: Self.shared)
    try await before.run(at: Self.at(0))
    let after = try CycleBench(
      [Self.quiet("a"), Self.quiet("b")], market: CycleBench.steadyMarket(), store: before.store,
      venue: Self.shared)
    try await after.run(at: Self.at(3))
    try await after.run(at: Self.at(6))

    #expect(try after.record("b").ledger.flows == USD(whole: 10_000))
    #expect(try await Self.atVenue(after, "a", 6) == USD(whole: 20_000))
    for books in try after.state().accounts.values { #expect(books.unallocated >= .zero) }
    try after.expectProven()
  }

  @Test func aNewcomerToTheSplitIsNotGivenMoneyTwice() async throws {
    let before = try CycleBench(
      [Self.member("a"), Self.member("b")], market: CycleBench.steadyMarket(),
      limits: Self.split(total: 30_000))
    try await before.run(at: Self.at(0))
    let after = try CycleBench(
      [Self.member("a"), Self.member("b"), Self.member("c")], market: CycleBench.steadyMarket(),
      limits: Self.split(total: 30_000), store: before.store)
    try await after.run(at: Self.at(3))
    try await after.run(at: Self.at(6))

    #expect(try after.record("c").ledger.cash == USD(whole: 10_000))
    #expect(try await Self.atVenue(after, "c", 6) == USD(whole: 10_000))
    for books in try after.state().accounts.values { #expect(books.unallocated == .zero) }
    try after.expectProven()
  }

  /// 0.3 BTC bought at 100,000 lose 12,000 of 10,000 USD at 60,000.
  @Test func aTraderWithoutEquityDoesNotUnbalanceTheSharedAccount() async throws {
    let bench = try CycleBench(
      [Self.member("a"), Self.member("b")], market: Self.market([(6, "60000")]),
      limits: Self.split("3m", total: 40_000), venue: Self.shared)
    try await bench.run(at: Self.at(0))
    try Self.leave(in: bench, trader: "a", size: "0.6", leverage: 3, sent: Self.at(1))
    try await bench.run(at: Self.at(3))
    #expect(try bench.position(of: "a") != nil)
    for minute: Int64 in [6, 9, 12] {
      let report = try await bench.run(at: Self.at(minute))
      #expect(!report.alertKeys.contains { $0.hasPrefix("conservation") }, "\(report.alerts)")
    }
    try bench.expectProven()
  }

  /// A gap below the liquidation price leaves an account alone in debt.
  @Test func aTraderWithoutEquityIsNotRefilledForEver() async throws {
    let market = try Self.market([(6, "60000")])
    let bench = try CycleBench([Self.quiet("a")], market: market)
    try await bench.run(at: Self.at(0))
    try Self.leave(in: bench, trader: "a", size: "0.29", leverage: 3, sent: Self.at(1))
    try await bench.run(at: Self.at(3))
    #expect(try bench.position(of: "a") != nil)
    let richer = try CycleBench(
      [Self.quiet("a", keys: ["initial_equity_usd": "20000"])], market: market,
      store: bench.store)
    for minute: Int64 in [6, 9, 12, 15] { try await richer.run(at: Self.at(minute)) }
    #expect(try richer.sim.moved.count <= 1)
    try richer.expectProven()
  }

  /// While a gains 2,000 USD, c cannot be seen; nothing is due for an hour.
  @Test func anAccountThatCannotBeReadMovesNobodysMoney() async throws {
    let c = Self.member("c", keys: ["exchange_provider": "other"])
    let bench = try CycleBench(
      [Self.member("a"), Self.member("b"), c], market: Self.market([(6, "120000")]),
      limits: Self.split(total: 30_000))
    try await bench.run(at: Self.at(0))
    try Self.leave(in: bench, trader: "a", size: "0.1", leverage: 3, sent: Self.at(1))
    try await bench.run(at: Self.at(3))
    #expect(try bench.position(of: "a") != nil)
    let other = try #require(try bench.exchanges[provider("other")])
    other.set { $0.isUnreachable = true }
    try await bench.run(at: Self.at(6))
    other.set { $0.isUnreachable = false }
    try await bench.run(at: Self.at(9))

    #expect(try bench.sim.moved.isEmpty)
    #expect(other.moved.isEmpty)
  }

  /// a gains 2,000 USD, half of which a split would give to b, which is removed.
  @Test(arguments: ["b", "a"])
  func aRemovedTraderKeepsNoMoneyAndOwesNone(removed: String) async throws {
    let bench = try CycleBench(
      [Self.member("a"), Self.member("b")], market: Self.market([(6, "120000")]),
      limits: Self.split("3m"), venue: Self.shared)
    try await bench.run(at: Self.at(0))
    try Self.leave(in: bench, trader: "a", size: "0.05", leverage: 3, sent: Self.at(1))
    try await bench.run(at: Self.at(3))
    #expect(try bench.position(of: "a") != nil)
    let id = try bench.trader(removed)
    try await bench.run(
      at: Self.at(6),
      CycleOptions(
        force: false, asksTraders: false, duties: OperatorDuties(closing: [id], removing: [id])))

    let record = try bench.record(removed)
    #expect(record.runtime.removedAt != nil)
    #expect(record.ledger.cash == .zero)
    try bench.expectProven()
  }

  /// The unrealised loss of 8.8 % fires; its reset says nothing about the drawdown of 8.8 %.
  @Test func theResetOfOneLimitForgivesNotTheLossOfAnother() async throws {
    let bench = try CycleBench(
      [CycleBench.holder("hodl")], market: Self.market([(3, "91000")]),
      limits: "{max_margin_usage_pct: 0, max_positions: 0, max_symbol_pct: 0, "
        + "max_unrealised_loss_pct: 5, max_drawdown_pct: 15, on_breach: flatten_losers, reset: 3m}")
    try await bench.run(at: Self.at(0))
    try await bench.run(at: Self.at(3))
    #expect(try bench.state().killSwitches.map(\.cause) == ["global_unrealised_loss"])
    try await bench.run(at: Self.at(6))
    #expect(try bench.state().killSwitches.isEmpty)
    let books = try #require(try bench.state().accounts.values.first)
    #expect((books.drawdownPct?.double ?? 0) > 8, "\(books)")
  }

  /// The gain of 10 % was that of the first half; together they never had more than 4.76 %.
  @Test func anEntryThatGrowsAPositionGivesBackNothing() throws {
    var ledger = Ledger(trader: try #require(TraderID("a")))
    var next: PositionNumber = 1
    let account = try #require(AccountID("sim.a"))
    let claim = EntryClaim(
      cycle: 1, leverage: 1, confidence: nil, riskUSD: .zero,
      exitPlan: ExitPlan(stop: nil, target: nil))
    func buy(_ id: Int64, _ text: String) throws -> Fill {
      Fill(
        id: id, account: account, coin: try coin("BTC"), side: .buy, price: try price(text),
        size: try #require(Quantity("1")), fee: .zero, isTaker: true, at: CycleBench.noon,
        orderID: id, clientOrderID: nil, cause: .order)
    }
    _ = ledger.book(try buy(1, "100"), claim: claim, nextPosition: &next)
    ledger.observe(try price("110"), for: try coin("BTC"))
    _ = ledger.book(try buy(2, "110"), claim: claim, nextPosition: &next)
    let position = try #require(ledger.positions.first)
    let rule = GivebackRule(minPeak: Pct(whole: 4), share: Pct(whole: 40))
    #expect(Giveback.reason(position, mark: try price("110"), rule: rule) == nil)
    // Averaging down makes no gain that the larger position never had.
    #expect(position.peakGain < 0.048)
  }

  /// a's target fills at 105,000; a's stop at 95,000 must not sell what is b's.
  @Test func aStopDoesNotSellTheCoinsOfAnother() async throws {
    var market = try CycleBench.steadyMarket()
    let btc = try coin("BTC")
    market.scriptedQuotes[btc]?.removeAll { $0.asOf >= Self.at(4) }
    var series = CandleSeries(timeframe: .m1)
    for (minute, open, high, low, close): (Int64, String, String, String, String) in [
      (4, "100000", "106000", "100000", "100000"), (5, "100000", "100000", "94000", "100000"),
    ] {
      series.append(
        try #require(
          Candle(
            openTime: Self.at(minute), open: try price(open), high: try price(high),
            low: try price(low), close: try price(close), volume: 1)))
    }
    market.candles[btc] = series
    let bench = try CycleBench(
      [Self.member("a"), Self.member("b")], market: market, limits: Self.split(),
      venue: Self.shared)
    try await bench.run(at: Self.at(0))
    let plan = ExitPlan(stop: try price("95000"), target: try price("105000"))
    try Self.leave(in: bench, trader: "a", size: "0.05", leverage: 3, sent: Self.at(1), plan: plan)
    try Self.leave(in: bench, trader: "b", size: "0.05", leverage: 3, sent: Self.at(1))
    try await bench.run(at: Self.at(3))
    #expect(try bench.position(of: "a") != nil)
    #expect(try bench.position(of: "b") != nil)
    try await bench.run(at: Self.at(6))
    #expect(try bench.position(of: "a") == nil)
    #expect(try bench.position(of: "b")?.size.description == "0.05")
    try bench.expectProven()
  }

  /// Money that a person puts into an account stays there.
  @Test func aDepositByHandIsNotTakenOutAgain() async throws {
    let bench = try CycleBench([Self.quiet("a")], market: CycleBench.steadyMarket())
    try await bench.run(at: Self.at(0))
    let account = try bench.record("a").account
    try await bench.sim.transfer(
      [
        AccountTransfer(
          id: TransferID("by-hand"), account: account, at: Self.at(1), amount: USD(whole: 5000))
      ], at: Self.at(1))
    try await bench.run(at: Self.at(3))
    try await bench.run(at: Self.at(6))
    #expect(try await Self.atVenue(bench, "a", 6) == USD(whole: 15_000))
    #expect(try bench.sim.moved.count == 1)
    try bench.expectProven()
  }

  /// The venue refuses the 2,000 USD that a is to get: a has none of them, and nobody lacks them.
  @Test func moneyThatNeverCameIsNobodys() async throws {
    let traders = [Self.quiet("a"), Self.quiet("b")]
    let bench = try CycleBench(traders, market: CycleBench.steadyMarket(), venue: Self.shared)
    try await bench.run(at: Self.at(0))
    let richer = try CycleBench(
      [Self.quiet("a", keys: ["initial_equity_usd": "12000"]), Self.quiet("b")],
      market: CycleBench.steadyMarket(), store: bench.store, venue: Self.shared)
    try richer.sim.set { $0.transfers = .refused }
    try await richer.run(at: Self.at(3))
    #expect(try richer.record("a").ledger.flows == USD(whole: 10_000))
    for books in try richer.state().accounts.values { #expect(books.unallocated == .zero) }

    try richer.sim.set { $0.transfers = nil }
    for minute: Int64 in [6, 9, 12] { try await richer.run(at: Self.at(minute)) }
    #expect(try richer.record("a").ledger.flows == USD(whole: 12_000))
    #expect(try await Self.atVenue(richer, "a", 12) == USD(whole: 22_000))
    try richer.expectProven()
  }
}
