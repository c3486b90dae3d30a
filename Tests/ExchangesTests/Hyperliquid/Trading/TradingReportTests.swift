import Exchanges
import Testing
import Trading

/// The account is read as far as it explains a difference, and to the last digit.
@Suite struct TradingReportTests {
  static let since = TradingBench.now - .minutes(10)

  static func known(
    _ raw: String, _ sizes: [String: String] = [:], fills: Set<Int64> = [],
    funding: Set<FundingSlot> = []
  ) -> KnownBooks {
    KnownBooks(
      sizes: Dictionary(uniqueKeysWithValues: sizes.map { (perp($0.key), signed($0.value)) }),
      rawUSD: usd(raw), fills: fills, funding: funding, transfers: [])
  }

  static func report(
    _ bench: TradingBench, since: Timestamp = since, knowing known: KnownBooks?
  ) async throws -> AccountReport {
    bench.notes.set { $0.resting = [] }
    return try await bench.exchange().report(
      on: TradingBench.account, since: since, knowing: known, at: TradingBench.now)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    /// What is booked; the venue holds 0.02 BTC and −0.45 USD.
    let known: KnownBooks?
    /// What is asked after the state.
    let asks: [String]
    var testDescription: String { name }
  }

  static let bought = TradingBench.fill("buy 50000.0 0.02 0.0 0.45")
  static let paid = """
    {"time":\(TradingBench.now.ms - 37),"hash":"0x00","delta":{"type":"funding","coin":"BTC",
    "usdc":"-0.0125","szi":"0.02","fundingRate":"0.0000125","nSamples":null}}
    """
  static let deposited = """
    {"time":\(TradingBench.now.ms - 900),"hash":"0xdd","delta":{"type":"deposit",
    "usdc":"250.0"}}
    """
  static let unheardOf = """
    {"time":\(TradingBench.now.ms - 800),"hash":"0xee","delta":{"type":"moonTax","usdc":"1.0"}}
    """

  // 1000 − 0.02·50000 − 0.45 = −0.45; with funding −0.4625; with the deposit 249.5375.
  static let cases: [Case] = [
    Case(name: "nothing happened", known: known("249.5375", ["BTC": "0.02"]), asks: []),
    Case(
      name: "the last digit", known: known("249.53750001", ["BTC": "0.02"]),
      asks: ["userFillsByTime", "userFunding", "userNonFundingLedgerUpdates"]),
    Case(name: "the fill explains all", known: known("1249.9875"), asks: ["userFillsByTime"]),
    Case(
      name: "fill and funding", known: known("1250"), asks: ["userFillsByTime", "userFunding"]),
    Case(
      name: "fill, funding and deposit", known: known("1000"),
      asks: ["userFillsByTime", "userFunding", "userNonFundingLedgerUpdates"]),
    Case(
      name: "nothing is known", known: nil,
      asks: ["userFillsByTime", "userFunding", "userNonFundingLedgerUpdates"]),
  ]

  @Test(arguments: cases)
  func asksForWhatExplainsTheDifference(_ example: Case) async throws {
    let bench = TradingBench()
    bench.venue.answer(
      "clearinghouseState", TradingBench.state(raw: "249.5375", "BTC 0.02 1002.0 10"))
    bench.venue.answer("userFillsByTime", "[\(Self.bought)]")
    bench.venue.answer("userFunding", "[\(Self.paid)]")
    bench.venue.answer("userNonFundingLedgerUpdates", "[\(Self.deposited),\(Self.unheardOf)]")

    let report = try await Self.report(bench, knowing: example.known)

    #expect(bench.venue.takeAsked() == ["clearinghouseState"] + example.asks)
    #expect(report.snapshot.equity == usd("1251.5375"))
    #expect(report.snapshot.maintenanceMargin == usd("12.5"))
    #expect(report.snapshot.positions.first?.mark == price("50100"))
    #expect(report.fills.count == (example.asks.isEmpty ? 0 : 1))
    #expect(report.funding.map(\.amount) == (example.asks.count < 2 ? [] : [usd("-0.0125")]))
    if let payment = report.funding.first {
      #expect(payment.at == TradingBench.now - Span(ms: 37))
    }
    let id = TransferID("hl.\(TradingBench.now.ms - 900).0xdd.deposit")
    #expect(report.transfers.map(\.id) == (example.asks.count < 3 ? [] : [id]))
  }

  @Test func repeatsWhatIsBookedWithoutCountingItTwice() async throws {
    let bench = TradingBench()
    bench.venue.answer(
      "clearinghouseState", TradingBench.state(raw: "-0.45", "BTC 0.02 1002.0 10"))
    bench.venue.answer("userFillsByTime", "[\(Self.bought)]")
    let first = try await Self.report(bench, knowing: Self.known("1000"))
    let id = try #require(first.fills.first?.id)
    _ = bench.venue.takeAsked()

    let again = try await Self.report(
      bench, knowing: Self.known("-0.44", ["BTC": "0.02"], fills: [id]))

    #expect(again.fills == first.fills)
    #expect(bench.venue.takeAsked().last == "userNonFundingLedgerUpdates")
  }

  @Test func leavesWhatCameAfterTheStateForNextTime() async throws {
    let bench = TradingBench()
    bench.venue.answer(
      "clearinghouseState",
      TradingBench.state(raw: "-0.45", "BTC 0.02 1002.0 10", after: -500))
    let late = TradingBench.fill("sell 50000.0 0.01 0.02 0.1", before: 499, trade: 2)
    bench.venue.answer("userFillsByTime", "[\(late),\(Self.bought)]")

    let report = try await Self.report(bench, knowing: Self.known("1000"))

    #expect(report.fills.map(\.size) == [quantity("0.02")])
    #expect(bench.venue.takeAsked() == ["clearinghouseState", "userFillsByTime"])
  }

  @Test func beginsWithWhatIsThere() async throws {
    let bench = TradingBench()
    // 3000 + 0.5·1000 − 2·3010 = −2520 + ... : 4000 + 0.02·50100 − 1·3010 = 1992.
    bench.venue.answer(
      "clearinghouseState",
      TradingBench.state(raw: "4000", "BTC 0.02 1002.0 10", "ETH -1.0 3010.0 5", after: -3))

    let report = try await Self.report(bench, since: Timestamp(ms: 0), knowing: nil)

    let at = TradingBench.now - Span(ms: 3)
    #expect(bench.venue.takeAsked() == ["clearinghouseState"])
    #expect(
      report.transfers == [
        AccountTransfer(
          id: .opening(TradingBench.account), account: TradingBench.account, at: at,
          amount: usd("1992"))
      ])
    #expect(report.fills.map(\.coin) == [perp("BTC"), perp("ETH")])
    #expect(report.fills.map(\.side) == [.buy, .sell])
    #expect(report.fills.map(\.price) == [price("50100"), price("3010")])
    #expect(report.fills.allSatisfy { $0.cause == .adopted && $0.fee == .zero && $0.at == at })
    #expect(Set(report.fills.map(\.id)).count == 2)
    #expect(report.fills.allSatisfy { $0.id >= 0 && $0.clientOrderID == nil })
  }

  @Test func bringsTheNoiseOfTheVenuesEquityIntoLine() async throws {
    let bench = TradingBench()
    let noisy = TradingBench.state(raw: "-0.45", "BTC 0.02 1002.0 10").replacing(
      "1001.55", with: "1001.5500000002")
    bench.venue.answer("clearinghouseState", noisy)
    let report = try await Self.report(bench, since: Timestamp(ms: 0), knowing: nil)
    #expect(report.snapshot.equity == usd("1001.55"))
    #expect(report.transfers.map(\.amount) == [usd("1001.55")])
  }

  @Test func refusesAnAccountThatHoldsItsMoneyElsewhere() async throws {
    for mode in ["unifiedAccount", "portfolioMargin", "somethingNew"] {
      let bench = TradingBench()
      bench.notes.set { $0.standing = TradingBench.standing(mode: mode) }
      let exchange = try bench.exchange()
      let error = await #expect(throws: ExchangeError.self) {
        _ = try await exchange.report(
          on: TradingBench.account, since: Self.since, at: TradingBench.now)
      }
      #expect(error?.description.contains("\"\(mode)\"") == true)
      #expect(error?.description.contains("Switch it off") == true)
      await #expect(throws: ExchangeError.self) {
        try await exchange.ensureAccount(
          TradingBench.account, deposit: .zero, at: TradingBench.now)
      }
      #expect(bench.venue.takeAsked().isEmpty)
    }
  }

  @Test func livesOnTheOldStandingWhileTheVenueDoesNotTellItAnew() async throws {
    let bench = TradingBench()
    bench.notes.set { $0.standing = TradingBench.standing(at: TradingBench.now - .hours(30)) }
    bench.venue.answer("userAbstraction", "7")

    let report = try await Self.report(bench, knowing: Self.known("1000"))

    #expect(report.snapshot.equity == usd("1000"))
  }

  @Test func tellsAnAccountThatHoldsNothing() async throws {
    let bench = TradingBench()
    bench.venue.answer("clearinghouseState", TradingBench.state(raw: "0"))
    let exchange = try bench.exchange()
    let error = await #expect(throws: ExchangeError.self) {
      try await exchange.ensureAccount(TradingBench.account, deposit: .zero, at: TradingBench.now)
    }
    #expect(error?.description.contains("holds nothing for perpetuals on testnet") == true)
    #expect(error?.description.contains("Check main_address") == true)

    bench.venue.answer("clearinghouseState", TradingBench.state(raw: "5"))
    for _ in 0..<2 {
      try await exchange.ensureAccount(TradingBench.account, deposit: .zero, at: TradingBench.now)
    }
    #expect(bench.venue.takeAsked() == ["clearinghouseState", "clearinghouseState"])
    let funds = try await exchange.funds(of: TradingBench.account, at: TradingBench.now)
    #expect(funds == usd("5"))
  }

  @Test func keepsToItsAccount() async throws {
    let exchange = try TradingBench().exchange()
    let error = ExchangeError.noSuchAccount(exchange: "hl", account: SimBench.account)
    await #expect(throws: error) {
      _ = try await exchange.report(on: SimBench.account, since: Self.since, at: TradingBench.now)
    }
    await #expect(throws: error) { _ = try await exchange.fees(for: SimBench.account) }
    await #expect(throws: ExchangeError.self) {
      try await exchange.transfer([], at: TradingBench.now)
    }
    let fees = try await exchange.fees(for: TradingBench.account)
    #expect(fees == FeeSchedule(taker: bps("4.5"), maker: bps("1.5")))
    #expect(!exchange.movesMoney && !exchange.isSimulated)
    #expect(exchange.settlement.patience == .seconds(25))
    #expect(exchange.time(inCycleOf: Timestamp(ms: 0)) == TradingBench.now)
  }
}
