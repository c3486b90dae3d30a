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
}
