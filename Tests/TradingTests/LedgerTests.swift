import Testing
import Trading

@Suite struct LedgerTests {
  @Test func closesTheOldestLotFirst() throws {
    var books = try LedgerStory(flow: "1000")
    try books.trade(.buy, "1", "100", fee: "0.1")
    try books.trade(.buy, "1", "110", fee: "0.1")
    try books.trade(.sell, "1.5", "120", fee: "0.2")

    // 1 · (120 − 100) + 0.5 · (120 − 110) = 25; half a coin from 110 is left.
    #expect(books.ledger.realised == USD("25"))
    #expect(books.ledger.fees == USD("0.4"))
    #expect(books.ledger.positions.map(\.signedSize) == [SignedQuantity("0.5")])
    #expect(books.ledger.positions.first?.entryPrice == Price("110"))
    // 1,000 + 25 − 0.4 + 0.5 · (115 − 110).
    #expect(books.ledger.equity(marks: [books.coin: try #require(Price("115"))]) == USD("1027.1"))
  }

  @Test func gainsOnAShortWhenThePriceFalls() throws {
    var books = try LedgerStory(flow: "1000")
    try books.trade(.sell, "2", "100", fee: "0")
    let mark = try #require(Price("90"))

    #expect(books.ledger.unrealised(marks: [books.coin: mark]) == USD("20"))
    try books.trade(.buy, "2", "80", fee: "0")
    #expect(books.ledger.realised == USD("40"))
    #expect(books.ledger.positions.isEmpty)
  }

  @Test func splitsTheFeeOfAFillThatTurnsThePosition() throws {
    var books = try LedgerStory(flow: "1000")
    try books.trade(.buy, "1", "100", fee: "0")
    let events = try books.trade(.sell, "3", "110", fee: "0.1")

    guard case .closed(let trade) = events.first, case .opened(let position) = events.last else {
      Issue.record("expected closed and opened, was \(events)")
      return
    }
    // A third of the fee, half-even to 1e-8; the opening part gets the rest.
    #expect(trade.exitFees == USD("0.03333333"))
    #expect(position.entryFees == USD("0.06666667"))
    #expect(trade.net == USD("9.96666667"))
    #expect(position.side == .short && position.size == Quantity("2"))
    #expect(trade.position == 1 && position.number == 2)
  }

  @Test func keepsFundingWithThePositionItWasPaidFor() throws {
    var books = try LedgerStory(flow: "1000")
    try books.trade(.buy, "1", "100", fee: "0")
    try books.fund("-0.5")
    let events = try books.trade(.sell, "1", "100", fee: "0")
    try books.fund("-0.25")

    guard case .closed(let trade) = events.first else {
      Issue.record("expected a closed trade, was \(events)")
      return
    }
    #expect(trade.funding == USD("-0.5"))
    #expect(books.ledger.funding == USD("-0.75"))
    #expect(books.ledger.cash == USD("999.25"))
  }

  @Test func doesNotCountFlowsAsPerformance() throws {
    var books = try LedgerStory(flow: "1000")
    let base = USD(whole: 10_000)
    // 1,000 became 1,100; another 550 buy 500 units.
    let bought = books.ledger.book(flow: USD(whole: 550), equity: USD(whole: 1100))
    #expect(bought)
    #expect(books.ledger.units == Factor(whole: 1500))
    #expect(books.ledger.nav(equity: USD(whole: 1650), base: base) == USD(whole: 11_000))
    let refused = books.ledger.book(flow: USD(whole: 1), equity: .zero)
    #expect(!refused)
    #expect(books.ledger.flows == USD(whole: 1550))
  }

  @Test func hasNoEquityWithoutAMark() throws {
    var books = try LedgerStory(flow: "1000")
    try books.trade(.buy, "1", "100", fee: "0")
    #expect(books.ledger.equity(marks: [:]) == nil)
    #expect(Ledger(trader: books.ledger.trader).nav(equity: .zero, base: .zero) == nil)
  }

  /// Whatever is traded: equity = flows + Σ cash of the fills + Σ size · mark, to the digit.
  @Test(arguments: Array(UInt64(1)...20))
  func conservesMoneyForAnySeed(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    var books = try LedgerStory(flow: "1000")
    var cash = USD(whole: 1000)
    var size = SignedQuantity.zero
    for step in 0..<500 {
      let price = try #require(Price(mantissa: Int64(dice.next() % 10_000 + 1) * 10_000_000))
      let traded = try #require(Quantity(mantissa: Int64(dice.next() % 500 + 1) * 100_000))
      let side: OrderSide = dice.next() % 2 == 0 ? .buy : .sell
      let fee = USD(mantissa: Int64(dice.next() % 1000))
      try books.trade(side, traded.description, price.description, fee: fee.description)
      cash -= price * traded.signed(side) + fee
      size = size + traded.signed(side)

      #expect(
        books.ledger.equity(marks: [books.coin: price]) == cash + price * size,
        "seed \(seed) step \(step)")
      #expect(books.ledger.positions.map(\.signedSize) == (size == .zero ? [] : [size]))
    }
  }
}

/// A ledger and short words to book into it.
struct LedgerStory {
  var ledger: Ledger
  let coin: Coin
  private let account: AccountID
  private var nextFill: Int64 = 1
  private var nextPosition: PositionNumber = 1

  init(flow: String) throws {
    coin = try #require(Coin("BTC"))
    account = try #require(AccountID("sim.alpha"))
    ledger = Ledger(trader: try #require(TraderID("alpha")))
    ledger.book(flow: try #require(USD(flow)), equity: .zero)
  }

  @discardableResult
  mutating func trade(
    _ side: OrderSide, _ size: String, _ price: String, fee: String
  ) throws -> [LedgerEvent] {
    defer { nextFill += 1 }
    let fill = Fill(
      id: nextFill, account: account, coin: coin, side: side, price: try #require(Price(price)),
      size: try #require(Quantity(size)), fee: try #require(USD(fee)), isTaker: true,
      at: Timestamp(ms: nextFill), orderID: nextFill, clientOrderID: nil, cause: .order)
    let claim = EntryClaim(
      cycle: 1, leverage: 1, confidence: nil, riskUSD: .zero,
      exitPlan: ExitPlan(stop: nil, target: nil))
    return ledger.book(fill, claim: claim, nextPosition: &nextPosition)
  }

  mutating func fund(_ amount: String) throws {
    ledger.book(
      FundingPayment(
        account: account, coin: coin, at: Timestamp(ms: 0), size: .zero, rate: .zero,
        amount: try #require(USD(amount))))
  }
}
