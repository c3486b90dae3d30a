import Testing
import Trading

@Suite struct ConservationTests {
  private func snapshot(_ equity: String, _ size: String?) throws -> AccountSnapshot {
    let coin = try #require(Coin("BTC"))
    let positions = try size.map {
      [
        VenuePosition(
          coin: coin, size: try #require(SignedQuantity($0)),
          entryPrice: try #require(Price("100")), leverage: 1, marginUsed: .zero,
          unrealised: .zero, liquidationPrice: nil)
      ]
    }
    return AccountSnapshot(
      account: try #require(AccountID("sim.alpha")), at: Timestamp(ms: 0),
      equity: try #require(USD(equity)), marginUsed: .zero, maintenanceMargin: .zero,
      positions: positions ?? [], orders: [])
  }

  /// Two traders of one account: long 1 and short 0.4, both at 100; mark 110.
  private func ledgers() throws -> (ledgers: [Ledger], marks: [Coin: Price]) {
    var first = try LedgerStory(flow: "1000")
    try first.trade(.buy, "1", "100", fee: "1")
    var second = try LedgerStory(flow: "500")
    try second.trade(.sell, "0.4", "100", fee: "0.5")
    return ([first.ledger, second.ledger], [first.coin: try #require(Price("110"))])
  }

  @Test func namesEveryDifference() throws {
    let (ledgers, marks) = try ledgers()

    let found = Conservation.check(
      ledgers, against: try snapshot("1504.49999999", "0.5"), marks: marks)

    #expect(
      found.map(\.description) == [
        "sim.alpha: expected size of BTC 0.6 from the ledger, the venue has 0.5",
        "sim.alpha: expected equity 1504.5 from the ledger, the venue has 1504.49999999",
      ])
  }

  @Test func noticesAPositionOnlyOneSideHas() throws {
    let (ledgers, marks) = try ledgers()
    let onlyOurs = Conservation.check(ledgers, against: try snapshot("1504.5", nil), marks: marks)
    let onlyTheirs = Conservation.check([], against: try snapshot("0", "0.5"), marks: marks)
    #expect(onlyOurs.map(\.quantity) == ["size of BTC"])
    #expect(onlyTheirs.map(\.quantity) == ["size of BTC"])
  }

  @Test func asksForAMissingMark() throws {
    let found = Conservation.check(
      try ledgers().ledgers, against: try snapshot("1504.5", "0.6"), marks: [:])
    #expect(found.map(\.expected) == ["a mark for BTC"])
  }

  @Test func agreesToTheLastDigit() throws {
    // 1,500 − 1.5 + 10 − 4.
    let (ledgers, marks) = try ledgers()
    #expect(
      Conservation.check(ledgers, against: try snapshot("1504.5", "0.6"), marks: marks) == [])
  }

  /// Two traders as above, 20 USD of nobody's and 0.1 bought outside at 90 with a fee of 0.2.
  private func shared() throws -> (ledgers: [Ledger], books: AccountBooks, marks: [Coin: Price]) {
    let (ledgers, marks) = try ledgers()
    let account = try #require(AccountID("sim.alpha"))
    var books = AccountBooks(account: account)
    books.book(transfer: USD(whole: 1520), equity: .zero)
    books.give(USD(whole: 1500))
    books.bookOutside(
      Fill(
        id: 9, account: account, coin: try #require(Coin("BTC")), side: .buy,
        price: try #require(Price("90")), size: try #require(Quantity("0.1")),
        fee: try #require(USD("0.2")), isTaker: true, at: Timestamp(ms: 0), orderID: 1,
        clientOrderID: nil, cause: .order))
    return (ledgers, books, marks)
  }

  @Test func countsWhatIsNobodys() throws {
    let (ledgers, books, marks) = try shared()

    // 1,504.5 as above + 20 + 0.1 · 110 − 0.1 · 90 − 0.2; sizes 1 − 0.4 + 0.1.
    let found = Conservation.check(
      ledgers, books: books, against: try snapshot("1526.3", "0.7"), marks: marks)
    #expect(found == [])

    let without = Conservation.check(
      ledgers, against: try snapshot("1526.3", "0.7"), marks: marks)
    #expect(without.map(\.quantity) == ["size of BTC", "equity"])
  }

  @Test func asksForAMissingMarkOfWhatIsHeldOutside() throws {
    let (_, books, _) = try shared()

    let found = Conservation.check(
      [], books: books, against: try snapshot("0", "0.1"), marks: [:])

    #expect(found.map(\.expected) == ["a mark for BTC"])
  }
}
