import Journal
import Testing
import Trading

@Suite struct VenueMemoryTests {
  private let store: StateStore
  private let account: AccountID
  private let other: AccountID
  private let coin: Coin

  init() throws {
    store = StateStore(try JournalDatabase.inMemory())
    account = try #require(AccountID("hl.main"))
    other = try #require(AccountID("hl.other"))
    coin = try #require(Coin("kPEPE"))
  }

  private static func order(_ digit: Character) throws -> ClientOrderID {
    try #require(ClientOrderID("0x" + String(repeating: digit, count: 32)))
  }

  @Test func leverageIsKeptUntilItIsNoLongerCertain() throws {
    #expect(try store.venueLeverage(account: account, coin: coin) == nil)

    try store.keepVenueLeverage(account: account, coin: coin, leverage: 3)
    try store.keepVenueLeverage(account: other, coin: coin, leverage: 9)
    try store.keepVenueLeverage(account: account, coin: coin, leverage: 5)
    #expect(try store.venueLeverage(account: account, coin: coin) == 5)

    try store.keepVenueLeverage(account: account, coin: coin, leverage: nil)
    #expect(try store.venueLeverage(account: account, coin: coin) == nil)
    #expect(try store.venueLeverage(account: other, coin: coin) == 9)
  }

  @Test func refusesALeverageOfZero() throws {
    #expect(throws: JournalError.self) {
      try store.keepVenueLeverage(account: account, coin: coin, leverage: 0)
    }
  }

  @Test(arguments: [Timestamp?.none, Timestamp(ms: 1_800_000_000_000)])
  func standingComesBack(until: Timestamp?) throws {
    let standing = VenueStanding(
      checkedAt: Timestamp(ms: 7), mode: "unifiedAccount", role: .agent, signer: "0xab",
      approvedUntil: until,
      takerFee: Bps(mantissa: 450_000_000), makerFee: Bps(mantissa: -10_000_000))
    #expect(try store.venueStanding(account: account) == nil)

    try store.keepVenueStanding(
      account: account,
      VenueStanding(
        checkedAt: Timestamp(ms: 1), mode: "", role: .absent, signer: "0xab", approvedUntil: nil,
        takerFee: .zero, makerFee: .zero))
    try store.keepVenueStanding(account: account, standing)

    #expect(try store.venueStanding(account: account) == standing)
    #expect(try store.venueStanding(account: other) == nil)
  }

  @Test func noRestingOrdersIsNotTheSameAsUnknown() throws {
    let orders = [try Self.order("c"), try Self.order("a"), try Self.order("c")]
    #expect(try store.venueResting(account: account) == nil)

    try store.keepVenueResting(account: account, [])
    #expect(try store.venueResting(account: account) == [])
    #expect(try store.venueResting(account: other) == nil)

    try store.keepVenueResting(account: account, orders)
    #expect(try store.venueResting(account: account) == [Self.order("a"), Self.order("c")])

    try store.keepVenueResting(account: account, [Self.order("b")])
    #expect(try store.venueResting(account: account) == [Self.order("b")])

    try store.keepVenueResting(account: account, nil)
    #expect(try store.venueResting(account: account) == nil)
    try store.keepVenueResting(account: account, nil)
    #expect(try store.venueResting(account: account) == nil)
  }

  @Test func tellsWhatAnOrderIsFor() throws {
    var arena = try SampleArena(seed: 71)
    try arena.play(3, into: store)
    var (_, changes) = try arena.cycle()
    while changes.intents.isEmpty { (_, changes) = try arena.cycle() }
    let intent = try #require(changes.intents.first)
    #expect(try store.orderPurpose(of: intent.request.clientOrderID) == nil)

    try store.commit(changes)

    #expect(try store.orderPurpose(of: intent.request.clientOrderID) == .open)
  }

  @Test(arguments: [[UInt8]?.none, [], [0], Array(0...255) + Array("{\"action\":1}".utf8)])
  func theBytesOfAnOrderComeBack(bytes: [UInt8]?) throws {
    var arena = try SampleArena(seed: 72)
    try arena.play(3, into: store)
    var (_, changes) = try arena.cycle()
    while changes.intents.isEmpty { (_, changes) = try arena.cycle() }
    changes.intents[0].signedRequest = bytes
    let outcome = changes.intents[0].outcome
    changes.intents[0].outcome = .unknown("no answer")
    let intent = changes.intents[0]

    try store.commit(changes)

    let id = intent.request.clientOrderID
    #expect(try store.intent(for: id) == intent)
    #expect(try store.loadState(now: arena.now).openIntents == [intent])
    var again = StateChanges(cycle: changes.cycle, run: changes.run, at: changes.at)
    var settled = intent
    settled.outcome = outcome
    again.intents = [settled]
    try store.commit(again)
    #expect(try store.intent(for: id) == settled)
    settled.signedRequest = [1, 2, 3]
    again.intents = [settled]
    #expect(throws: JournalError.orderChanged(id)) { try store.commit(again) }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func noncesNeverGoBack(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    try store.prepare(arenaID: "a", name: "A", createdAt: SampleArena.start)
    let run = try store.beginRun(at: SampleArena.start, wallStart: SampleArena.start, pid: 1)
    var highest: Int64 = 1

    for _ in 0..<60 {
      let next = Int64(random.below(1_000))
      if random.below(2) == 0 {
        try store.keepNonce(atLeast: next)
      } else {
        var changes = StateChanges(cycle: 1, run: run, at: SampleArena.start)
        changes.nextNonce = next
        try store.commit(changes)
      }

      highest = max(highest, next)
      #expect(try store.loadState(now: SampleArena.start).nextNonce == highest, "seed \(seed)")
    }
  }

  @Test func aNonceNeedsAnArena() throws {
    #expect(
      throws: JournalError.failed(
        operation: "keep the nonce", detail: "expected an arena in the state, was none")
    ) { try store.keepNonce(atLeast: 5) }
  }

  @Test func theOpeningOfAnAccountIsKnownOnceItIsBooked() throws {
    var arena = try SampleArena(seed: 73)
    let known = try #require(arena.state.accounts.keys.min())
    #expect(try store.accountOpening(known) == nil)

    try arena.play(12, into: store)

    // The first cycle opens every account.
    let opening = try #require(try store.transfers(limit: 99).last).transfer
    #expect(opening.id == .opening(opening.account))
    #expect(try store.accountOpening(known) == opening.at)
    #expect(try store.accountOpening(account) == nil)
    let loaded = try store.loadState(now: arena.now).openings
    #expect(loaded.count == 3)
    #expect(Set(loaded.values) == [opening.at])
  }
}
