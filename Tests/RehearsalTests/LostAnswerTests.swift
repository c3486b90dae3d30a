import Foundation
import Testing

extension RehearsalSuite {
  @Suite("A venue that loses answers")
  struct LostAnswers {
    @Test func isAskedAgainAndNothingIsSentTwice() throws {
      let stage = try Rehearsal()
      try stage.ownConfig()
      try stage.edit("exchange.yaml", "lose_answer_every: 0", "lose_answer_every: 3")

      let first = try stage.cycle(at: "2025-01-01T00:00Z")
      let books = Books(of: stage)
      let everUnknown = "SELECT count(*) FROM order_events WHERE what = 'unknown'"
      let lost = try books.number(everUnknown)
      let ending = try stage.run("run", "--cycles", "30")

      #expect(first.code == 0, "\(first.error)")
      #expect(lost > 3, "expected answers to be lost")
      #expect(first.out.contains("outcome unknown"))
      #expect(ending.code == 0, "\(ending.error)")
      #expect(try books.number(everUnknown) > lost)
      // The last cycle's own losses are settled by one more run.
      try stage.settle()
      try stage.expectWholeBooks()
      try stage.expectStops()
      let open = try books.texts(
        """
        SELECT key FROM alerts WHERE key LIKE 'unknown_outcome%' AND resolved_at_ms IS NULL
        """)
      #expect(open == [])
    }

    @Test func endsWithTheSameFillsAsOneThatDoesNot() throws {
      let honest = try Rehearsal()
      let lossy = try Rehearsal()
      try lossy.ownConfig()
      try lossy.edit("exchange.yaml", "lose_answer_every: 0", "lose_answer_every: 3")

      for stage in [honest, lossy] {
        #expect(try stage.cycle(at: "2025-01-01T00:00Z").code == 0)
      }

      let opened = """
        SELECT trader || ' ' || coin || ' ' || side || ' ' || price || ' ' || size FROM fills
        WHERE client_order_id IN (SELECT client_order_id FROM orders WHERE purpose = 'open')
        ORDER BY trader, coin
        """
      let expected = try Books(of: honest).texts(opened)
      #expect(expected.count > 6)
      #expect(try Books(of: lossy).texts(opened) == expected)
    }
  }
}

extension Rehearsal {
  /// Runs cycles without turns until no order's outcome is open.
  fileprivate func settle() throws {
    let open = "SELECT count(*) FROM orders WHERE outcome IS NULL OR outcome = 'unknown'"
    try edit("exchange.yaml", "lose_answer_every: 3", "lose_answer_every: 0")
    try run("run", "--cycles", "1")
    #expect(try Books(of: self).number(open) == 0)
  }
}
