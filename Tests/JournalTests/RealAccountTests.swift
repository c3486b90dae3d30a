import Testing
import Trading

@testable import Journal

/// The books of accounts that no simulated venue keeps are proven from events alone.
@Suite struct RealAccountTests {
  private static let tampers: [Tamper] = [
    Tamper(
      "DELETE FROM fills WHERE booking = (SELECT max(booking) FROM fills WHERE trader = 'anna')",
      "anna: expected "),
    Tamper(
      "DELETE FROM fills WHERE booking = (SELECT max(booking) FROM fills WHERE trader IS NULL)",
      "Account sim.shared: expected "),
    Tamper(
      "DELETE FROM funding_payments WHERE trader = 'bob'", "bob: expected funding "),
    Tamper(
      "DELETE FROM account_transfers WHERE id = '0.sim.shared'",
      "Account sim.shared: expected unallocated money"),
  ]

  /// A shared account in a store that knows of no simulated venue.
  private static func played(_ seed: UInt64) throws -> (StateStore, SharedArena) {
    var arena = try SharedArena(seed: seed)
    let store = StateStore(try JournalDatabase.inMemory())
    try arena.play(40, into: store)
    try store.database.use("forget the simulated venue") { session in
      for table in [
        "sim_positions", "sim_orders", "sim_fills", "sim_funding", "sim_transfers",
        "sim_accounts",
      ] { try session.script("DELETE FROM \(table)") }
    }
    return (store, arena)
  }

  @Test(arguments: [31, 32, 33] as [UInt64])
  func booksWithoutASimulatedVenueAreProven(seed: UInt64) throws {
    let (store, _) = try Self.played(seed)

    #expect(try store.check() == [], "seed \(seed)")
  }

  @Test(arguments: tampers)
  func finds(tamper: Tamper) throws {
    let (store, _) = try Self.played(31)

    try store.database.use("tamper") { session in
      try session.script(tamper.sql)
      #expect(session.changes > 0)
    }

    let findings = try store.check()
    #expect(findings.contains { $0.contains(tamper.sentence) }, "\(findings.prefix(5))")
  }

  @Test(arguments: [FillCause.adopted, .residue])
  func whatNoFillExplainsCountsLikeAFill(cause: FillCause) throws {
    let (store, arena) = try Self.played(32)
    let run = try store.beginRun(at: arena.now, wallStart: arena.now, pid: 1)
    var changes = StateChanges(cycle: arena.state.cycle, run: run, at: arena.now)
    var books = try #require(arena.state.accounts[arena.account])
    // Bought 2 at 10 by nobody: no number of the venue's, so one below zero.
    let fill = Fill(
      id: -1, account: arena.account, coin: try #require(Coin("SOL")), side: .buy,
      price: try #require(Price("10")), size: try #require(Quantity("2")), fee: .zero,
      isTaker: true, at: arena.now, orderID: 0, clientOrderID: nil, cause: cause)
    let cash = books.outsideCash
    books.bookOutside(fill)
    #expect(books.outsideCash == cash - USD(whole: 20))
    changes.accounts = [books]
    changes.fills = [BookedFill(fill: fill, trader: nil, position: nil)]

    try store.commit(changes)

    #expect(try store.check() == [])
    try store.database.use("tamper") { try $0.script("DELETE FROM fills WHERE fill_id = -1") }
    #expect(try store.check().contains { $0.contains("expected holdings outside") })
  }

  @Test(arguments: [FillCause.deleveraging, .residue])
  func aTradeMayEndByIt(cause: FillCause) throws {
    var arena = try SampleArena(seed: 34, traders: 1)
    let store = StateStore(try JournalDatabase.inMemory())
    try arena.play(20, into: store)
    let (trader, known) = try #require(arena.state.traders.first)
    var record = known
    let position = try #require(record.ledger.positions.first)
    let fill = Fill(
      id: 1 << 40, account: record.account, coin: position.coin,
      side: position.side == .long ? .sell : .buy, price: try #require(Price("99")),
      size: position.lots.map(\.size).reduce(.zero, +), fee: .zero, isTaker: false,
      at: arena.now, orderID: 0, clientOrderID: nil, cause: cause)
    let run = try store.beginRun(at: arena.now, wallStart: arena.now, pid: 1)
    var changes = StateChanges(cycle: arena.state.cycle, run: run, at: arena.now)
    var next = arena.state.nextPosition
    let claim = EntryClaim(
      cycle: 0, leverage: 1, confidence: nil, riskUSD: .zero,
      exitPlan: ExitPlan(stop: nil, target: nil))
    for event in record.ledger.book(fill, claim: claim, nextPosition: &next) {
      guard case .closed(let trade) = event else { continue }
      changes.trades.append(trade)
      record.totals.fold(trade)
    }
    changes.traders = [record]
    changes.fills = [BookedFill(fill: fill, trader: trader, position: position.number)]
    try store.database.use("forget the simulated venue") { session in
      for table in [
        "sim_positions", "sim_orders", "sim_fills", "sim_funding", "sim_transfers",
        "sim_accounts",
      ] { try session.script("DELETE FROM \(table)") }
    }

    try store.commit(changes)

    #expect(changes.trades.map(\.exitCause) == [cause])
    #expect(try store.check() == [])
  }
}
