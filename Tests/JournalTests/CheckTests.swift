import Testing
import Trading

@testable import Journal

/// A change by hand that no cycle would make, and what the check must say of it.
struct Tamper: Sendable, CustomTestStringConvertible {
  /// The change.
  let sql: String
  /// A part of the sentence expected.
  let sentence: String

  init(_ sql: String, _ sentence: String) {
    self.sql = sql
    self.sentence = sentence
  }

  var testDescription: String { sql }
}

@Suite struct CheckTests {
  static let tampers: [Tamper] = [
    Tamper(
      "UPDATE fills SET price = '1' WHERE booking = (SELECT max(booking) FROM fills)",
      "from the venue, the record says 1."),
    Tamper(
      "DELETE FROM fills WHERE booking = (SELECT max(booking) FROM fills)",
      "expected it booked once, was not; the next `nof0 run` books it."),
    Tamper(
      "DELETE FROM sim_fills WHERE fill_id = 1 AND account = 'sim.trader0'",
      "Fill 1 of account sim.trader0: expected it at the venue too, was not there."),
    Tamper(
      "DELETE FROM funding_payments WHERE booking = (SELECT max(booking) FROM funding_payments)",
      "expected it booked once, was not; the next `nof0 run` books it."),
    Tamper(
      "UPDATE sim_funding SET amount = '7'",
      "expected amount 7 from the venue, the record says"),
    Tamper("DELETE FROM sim_funding", "expected it at the venue too, was not there."),
    Tamper(
      "UPDATE ledgers SET realised = '12.5' WHERE trader = 'trader0'",
      "from its events, the record says 12.5."),
    Tamper(
      "UPDATE ledgers SET fees = '0' WHERE trader = 'trader1'",
      "trader1: expected fees "),
    Tamper(
      "UPDATE ledgers SET funding = '99' WHERE trader = 'trader1'",
      "trader1: expected funding "),
    Tamper(
      "UPDATE ledgers SET flows = '20000' WHERE trader = 'trader2'",
      "trader2: expected flows 10000 from its events, the record says 20000."),
    Tamper(
      "UPDATE ledgers SET units = '9999' WHERE trader = 'trader2'",
      "trader2: expected units 10000 from its first flow, the record says 9999."),
    Tamper(
      "UPDATE capital_flows SET amount = '9000' WHERE trader = 'trader2'",
      "trader2: expected flows 9000 from its events, the record says 10000."),
    Tamper("UPDATE lots SET size = '77.5' WHERE ordinal = 0", "the record says 77.5 at "),
    Tamper("UPDATE lots SET price = '3'", "at 3 by fill"),
    Tamper("DELETE FROM lots", "The record cannot be read: expected a lot of position"),
    Tamper(
      "UPDATE positions SET funding = '55' WHERE status = 'open'",
      "from its events, the record says 55."),
    Tamper(
      "UPDATE positions SET entry_notional = '1' WHERE status = 'closed'",
      "is closed and its trade on record is another, expected them to agree."),
    Tamper(
      "UPDATE positions SET status = 'closed', closed_at_ms = 1 WHERE status = 'open'",
      "is closed and has no trade."),
    Tamper("UPDATE trades SET exit_fees = '4'", "from its events, the record says 4."),
    Tamper(
      "DELETE FROM trades WHERE position = (SELECT min(position) FROM trades)",
      "expected it on record from its events, was none."),
    Tamper("UPDATE performance SET trades = trades + 1", "Performance of trader0: expected trades"),
    Tamper("UPDATE performance SET winnings = '1'", "Performance of trader0: expected winnings"),
    Tamper("UPDATE sim_positions SET size = '0.5'", "from the ledger, the venue has 0.5."),
    Tamper(
      "UPDATE sim_accounts SET raw_usd = '5' WHERE account = 'sim.trader1'",
      "sim.trader1: expected equity"),
    Tamper("UPDATE equity_points SET unrealised = '1'", "from cash and unrealised profit"),
    Tamper(
      "UPDATE arena SET next_position = 1", "The arena: expected the next position above"),
    Tamper("UPDATE arena SET next_nonce = 1", "The arena: expected the next nonce above"),
    Tamper("UPDATE arena SET next_booking = 1", "The arena: expected the next booking above"),
    Tamper(
      "UPDATE orders SET outcome = 'unknown', outcome_text = 'x'",
      "expected filled from its events, the record says unknown."),
    Tamper(
      "UPDATE decisions SET client_order_id = '0x0' WHERE client_order_id IS NOT NULL",
      "expected its order 0x0 on record, was none."),
    Tamper(
      "PRAGMA foreign_keys = OFF; DELETE FROM runs",
      "refers to a row of runs that does not exist."),
    Tamper(
      """
      UPDATE fills SET position = 1 WHERE position > 1 AND fill_id <>
        (SELECT entry_fill_id FROM positions p WHERE p.position = fills.position)
      """,
      "from the fills before it, the record says 1."),
    Tamper("UPDATE fills SET size = 'much'", "The record cannot be read: expected a Quantity"),
    Tamper(
      "UPDATE sim_fills SET cause = 'liquidation'",
      "expected cause liquidation from the venue, the record says order."),
    Tamper(
      """
      PRAGMA ignore_check_constraints = ON; UPDATE runs SET status = 'lost';
      PRAGMA ignore_check_constraints = OFF
      """, "The file is damaged: CHECK constraint failed in runs."),
  ]

  @Test(arguments: tampers)
  func finds(tamper: Tamper) throws {
    var arena = try SampleArena(seed: 21)
    let store = StateStore(try JournalDatabase.inMemory())
    try arena.play(16, into: store)
    #expect(try store.check() == [])

    try store.database.use("tamper") { session in
      try session.script(tamper.sql)
      #expect(session.changes > 0)
    }

    let findings = try store.check()
    #expect(findings.contains { $0.contains(tamper.sentence) }, "\(findings.prefix(5))")
  }

  @Test func fillsThatWaitForTheNextRunAreNamed() throws {
    var arena = try SampleArena(seed: 22, traders: 1)
    let store = StateStore(try JournalDatabase.inMemory())
    try arena.play(10, into: store)
    var (sim, changes) = try arena.cycle()
    while changes.fills.isEmpty || !changes.funding.isEmpty {
      try store.saveSim(sim)
      try store.commit(changes)
      (sim, changes) = try arena.cycle()
    }
    try store.saveSim(sim)
    let fill = try #require(changes.fills.first).fill

    #expect(
      try store.check().contains(
        "Fill \(fill.id) of account sim.trader0: expected it booked once, was not; "
          + "the next `nof0 run` books it."))

    try store.commit(changes)
    #expect(try store.check() == [])
  }
}
