import Testing
import Trading

@testable import Journal

@Suite struct SharedAccountTests {
  private static let tampers: [Tamper] = [
    Tamper(
      "UPDATE order_shares SET size = '77' WHERE ordinal = 0", "expected shares of "),
    Tamper(
      "UPDATE account_books SET unallocated = '77'",
      "Account sim.shared: expected unallocated money"),
    Tamper("UPDATE account_books SET outside_cash = '77'", "expected cash outside"),
    Tamper("UPDATE outside_positions SET size = '77'", "expected holdings outside"),
    Tamper("DELETE FROM outside_positions", "the record says none."),
    Tamper(
      "DELETE FROM outside_positions; DELETE FROM account_books",
      "Account sim.shared: expected its books on record, was none."),
    Tamper(
      "UPDATE account_transfers SET amount = '7' WHERE id = '0.sim.shared'",
      "Transfer 0.sim.shared of account sim.shared: expected amount 10001 from the venue"),
    Tamper(
      "UPDATE account_transfers SET status = 'planned', planned_at_ms = 1, at_ms = NULL, "
        + "booking = NULL",
      "Transfer 0.sim.shared of account sim.shared: expected it booked once, was not"),
    Tamper("DELETE FROM sim_transfers", "expected it at the venue too, was not there."),
    Tamper("UPDATE arena SET next_booking = 2", "expected the next booking above"),
    Tamper(
      "UPDATE capital_flows SET equity = '5000' WHERE booking > 5",
      "from its flows, the record says"),
    Tamper(
      "UPDATE capital_flows SET equity = '0.00000001' WHERE booking > 5",
      "expected an equity that its units can be priced by, the record says 0.00000001."),
    Tamper("UPDATE fills SET part = part + 1 WHERE part = 2", "expected part 2 from the venue"),
    Tamper("DELETE FROM fills WHERE part = 0", "of account sim.shared: expected size"),
    Tamper("UPDATE fills SET fee = '0.5' WHERE part = 1", "of account sim.shared: expected fee"),
    Tamper(
      "UPDATE fills SET trader = NULL, position = NULL WHERE trader = 'bob'",
      "expected holdings outside"),
    Tamper("DELETE FROM funding_payments WHERE part = 0", "expected amount"),
    Tamper("UPDATE funding_payments SET trader = NULL WHERE part = 0", "expected cash outside"),
    Tamper("DELETE FROM kill_switches WHERE number = 1", "Kill switch 1: expected it on record"),
    Tamper("UPDATE kill_switches SET account = 'x'", "expected account sim.shared of its trader"),
    Tamper("DELETE FROM conflict_traders", "expected a trader at least, was none."),
    Tamper("UPDATE conflicts SET account = 'x'", "Conflict 1: expected account sim.shared"),
    Tamper(
      "UPDATE allocation_members SET trader = 'nobody' WHERE trader = 'anna'",
      "The split of money: expected trader nobody on record"),
    Tamper(
      "PRAGMA foreign_keys = OFF; DELETE FROM allocation",
      "A row of allocation_members refers to a row of allocation"),
    Tamper(
      """
      PRAGMA ignore_check_constraints = ON; UPDATE trader_events SET status = 'lost';
      PRAGMA ignore_check_constraints = OFF
      """, "The file is damaged: CHECK constraint failed in trader_events."),
  ]

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func partsOfFillsAndFundingAddUp(seed: UInt64) throws {
    var arena = try SharedArena(seed: seed)
    let store = StateStore(try JournalDatabase.inMemory())

    for _ in 0..<4 {
      try arena.play(20, into: store)

      #expect(try store.check() == [], "seed \(seed), cycle \(arena.state.cycle)")
      var state = try store.loadState(now: arena.now + .day)
      for trader in arena.traders { state.traders[trader]?.recentOpens = [] }
      #expect(state == arena.state, "seed \(seed)")
    }
    let shared = arena.filled.filter { $0.value.count > 1 }
    #expect(shared.count > 5, "seed \(seed)")
    for (order, sizes) in arena.filled {
      #expect(try store.filledSizes(of: order) == sizes, "seed \(seed), order \(order)")
      let intent = try #require(try store.intent(for: order))
      #expect(intent.shares.map(\.size).reduce(.zero, +) == intent.request.size)
    }
    #expect(
      try store.bookedFillIDs(account: arena.account, since: SampleArena.start)
        == Set(1..<arena.sim.nextFillID))
  }

  /// A store after some steps and the changes of one more, which has a fill of several parts.
  private func next(
    seed: UInt64, where fits: (StateChanges) -> Bool
  ) throws -> (StateStore, SharedArena, StateChanges) {
    var arena = try SharedArena(seed: seed)
    let store = StateStore(try JournalDatabase.inMemory())
    try arena.play(1, into: store)
    while true {
      let run = try store.beginRun(at: arena.now, wallStart: arena.now, pid: 1)
      let (change, changes) = try arena.step(run)
      try store.saveSim([change])
      if fits(changes) { return (store, arena, changes) }
      try store.commit(changes)
    }
  }

  @Test func partsOfABookedFillAreRefused() throws {
    let (store, arena, changes) = try next(seed: 11) { $0.fills.count > 1 }
    var first = changes
    let late = first.fills.removeLast()
    try store.commit(first)
    var again = StateChanges(cycle: changes.cycle, run: changes.run, at: changes.at)
    again.fills = [late]

    #expect(throws: JournalError.fillBookedTwice(account: arena.account, id: late.fill.id)) {
      try store.commit(again)
    }
  }

  @Test func theSamePartTwiceIsRefused() throws {
    let (store, arena, changes) = try next(seed: 12) { $0.fills.count > 1 }
    var twice = changes
    let part = try #require(changes.fills.last)
    twice.fills.append(part)

    #expect(throws: JournalError.fillBookedTwice(account: arena.account, id: part.fill.id)) {
      try store.commit(twice)
    }
    try store.commit(changes)
    #expect(try store.check() == [])
  }

  @Test func partsOfBookedFundingAreRefused() throws {
    let (store, arena, changes) = try next(seed: 13) { $0.funding.contains { $0.part > 0 } }
    try store.commit(changes)
    let known = try #require(changes.funding.last)
    var again = StateChanges(cycle: changes.cycle, run: changes.run, at: changes.at)
    again.funding = [BookedFunding(payment: known.payment, trader: nil, part: 7)]

    #expect(
      throws: JournalError.fundingBookedTwice(
        account: arena.account, coin: known.payment.coin, at: known.payment.at)
    ) { try store.commit(again) }
  }

  @Test func otherSharesAreAnotherOrder() throws {
    let (store, _, changes) = try next(seed: 14) {
      ($0.intents.first?.shares.count ?? 0) > 1
    }
    try store.commit(changes)
    let intent = try #require(changes.intents.first)
    var again = StateChanges(cycle: changes.cycle, run: changes.run, at: changes.at)
    again.intents = [
      OrderIntent(
        request: intent.request, run: intent.run, decidedAt: intent.decidedAt,
        decisionMid: intent.decisionMid, expiresAt: intent.expiresAt, nonce: intent.nonce,
        claim: intent.claim, shares: intent.shares.reversed(), outcome: intent.outcome)
    ]

    let id = intent.request.clientOrderID
    #expect(throws: JournalError.orderChanged(id)) { try store.commit(again) }
    let stranger = try #require(ClientOrderID("0x" + String(repeating: "e", count: 32)))
    #expect(try store.owners(of: [id, stranger]) == [id: intent.request.trader])
  }

  @Test func openOrdersComeBackWithTheirShares() throws {
    let (store, arena, changes) = try next(seed: 15) {
      ($0.intents.first?.shares.count ?? 0) > 1
    }
    var open = changes
    open.intents[0].outcome = nil
    try store.commit(open)

    #expect(try store.loadState(now: arena.now).openIntents == open.intents)
  }

  @Test(arguments: tampers)
  func finds(tamper: Tamper) throws {
    var arena = try SharedArena(seed: 1)
    let store = StateStore(try JournalDatabase.inMemory())
    try arena.play(40, into: store)
    try store.commit(try SteeringSample(arena.traders, arena.account).changes(cycle: 40, run: 40))
    #expect(try store.check() == [])

    try store.database.use("tamper") { session in
      try session.script(tamper.sql)
      #expect(session.changes > 0)
    }

    let findings = try store.check()
    #expect(findings.contains { $0.contains(tamper.sentence) }, "\(findings.prefix(5))")
  }
}
