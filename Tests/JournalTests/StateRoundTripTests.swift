import Journal
import Testing
import Trading

@Suite struct StateRoundTripTests {
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func givesBackWhatWasCommitted(seed: UInt64) throws {
    var arena = try SampleArena(seed: seed)
    let store = StateStore(try JournalDatabase.inMemory())

    for _ in 0..<6 {
      try arena.play(7, into: store)

      let loaded = try store.loadState(now: arena.now)
      #expect(loaded == arena.expected(), "seed \(seed), cycle \(arena.state.cycle)")
    }
    #expect(try store.check() == [], "seed \(seed)")
  }

  @Test func survivesClosingTheFile() throws {
    let folder = try Folder()
    var arena = try SampleArena(seed: 11)
    let first = try JournalDatabase.open(
      path: folder.file(), mode: .readWrite(durability: .full))
    try arena.play(20, into: StateStore(first))
    try first.close()

    let second = try JournalDatabase.open(
      path: folder.file(), mode: .readWrite(durability: .processCrash))

    #expect(try StateStore(second).loadState(now: arena.now) == arena.expected())
    #expect(try StateStore(second).check() == [])
  }

  @Test func keepsTheVenuesBooksApart() throws {
    var arena = try SampleArena(seed: 5)
    let store = StateStore(try JournalDatabase.inMemory())
    try arena.play(25, into: store)

    for (account, books) in arena.sims {
      #expect(try store.simAccount(account) == books)
      let all = try store.simActivity(account: account, since: SampleArena.start)
      #expect(Int64(all.fills.count) == books.nextFillID - 1)
      let late = try store.simActivity(account: account, since: arena.now)
      #expect(late.fills == all.fills.filter { $0.at >= arena.now })
      #expect(
        try store.bookedFillIDs(account: account, since: SampleArena.start)
          == Set(all.fills.map(\.id)))
      #expect(
        try store.bookedFunding(account: account, since: SampleArena.start)
          == Set(all.funding.map { FundingSlot(coin: $0.coin, at: $0.at) }))
      let fill = try #require(all.fills.last)
      let id = try #require(fill.clientOrderID)
      let order = try #require(try store.simOrder(account: account, clientOrderID: id))
      #expect(order.orderID == fill.orderID)
      #expect(order.status == .filled)
    }
    let nobody = try #require(AccountID("nobody"))
    #expect(try store.simAccount(nobody) == nil)
  }

  @Test func restingOrdersComeBackUntilTheyEnd() throws {
    var arena = try SampleArena(seed: 6, traders: 1)
    let store = StateStore(try JournalDatabase.inMemory())
    let account = try #require(arena.sims.keys.first)
    let (sim, _) = try arena.cycle()
    var books = try #require(sim.first).account
    let request = OrderRequest(
      clientOrderID: try #require(ClientOrderID("0x" + String(repeating: "f", count: 32))),
      identity: OrderIdentity(
        arena: "a", trader: try #require(TraderID("trader0")), cycle: 1,
        coin: try #require(Coin("BTC")), purpose: .stop, generation: 2),
      account: account, side: .sell, size: try #require(Quantity("0.5")),
      kind: .trigger(at: try #require(Price("90")), limit: try #require(Price("81"))),
      reduceOnly: true, leverage: 3)
    var stop = SimOrder(
      orderID: books.nextOrderID, request: request, receivedAt: arena.now, status: .resting)
    books.resting = [stop]
    books.nextOrderID += 1

    try store.saveSim([SimChange(account: books, orders: [stop])])
    #expect(try store.simAccount(account) == books)

    stop.status = .cancelled
    stop.reason = "its position ended"
    books.resting = []
    try store.saveSim([SimChange(account: books, orders: [stop])])
    #expect(try store.simAccount(account) == books)
    #expect(
      try store.simOrder(account: account, clientOrderID: request.clientOrderID) == stop)
  }

  @Test func anUnknownArenaIsAnError() throws {
    let store = StateStore(try JournalDatabase.inMemory())

    #expect(
      throws: JournalError.failed(
        operation: "load the state", detail: "expected an arena in it, was none")
    ) { try store.loadState(now: SampleArena.start) }
  }

  @Test func theFirstNameOfAnArenaStays() throws {
    let store = StateStore(try JournalDatabase.inMemory())

    #expect(try store.arenaID() == nil)
    #expect(try store.prepare(arenaID: "a", name: "A", createdAt: SampleArena.start) == "a")
    #expect(try store.prepare(arenaID: "b", name: "B", createdAt: SampleArena.start) == "a")
    #expect(try store.arenaID() == "a")
  }
}
