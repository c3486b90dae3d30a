import Foundation
import Testing

extension RehearsalSuite {
  @Suite("The life of a trader across runs")
  struct TraderLife {
    @Test func isPausedResumedPromptedAnewIsolatedAndRemovedWithNothingOrphaned() throws {
      let life = try Life()
      try life.runs(30)

      try life.steer("pause", Life.id, "--for", "9m", "--reason", "lunch")
      let stops = try life.resting
      #expect(stops > 0)
      try life.runs(1)
      #expect(try life.decided == 30, "expected no decision while paused")
      #expect(try life.resting == stops)
      try life.steer("resume", Life.id)
      try life.runs(1)
      #expect(try life.decided == 31)

      try life.change("decision_interval: 3m", "decision_interval: 6m")
      try life.runs(1)
      #expect(try life.eras == 2)

      try life.fund()
      try life.steer("isolate", Life.id, "--reason", "drill")
      try life.runs(1)
      let released = try life.books.number(
        "SELECT count(*) FROM capital_flows WHERE amount LIKE '-%'")
      #expect(released == 1)
      let isolated = try life.decided
      try life.steer("release", Life.id)
      try life.steer("start", Life.id)
      // 01:45 is in the slot of 01:42, which it missed; 01:48 is the next; 01:51 is in that too.
      try life.runs(3)
      #expect(try life.decided == isolated + 2, "expected one turn in six minutes")

      try life.remove()
      try life.depart()
    }
  }

  /// The shipped configuration and the trader the story is about.
  private final class Life {
    static let id = "ema-cross"
    let stage: Rehearsal
    private var cycle = 0

    init() throws {
      stage = try Rehearsal()
      try stage.ownConfig()
    }

    var books: Books { Books(of: stage) }
    var decided: Int {
      get throws {
        try books.number("SELECT invocations FROM trader_runtime WHERE trader = '\(Self.id)'")
      }
    }
    var eras: Int {
      get throws {
        try books.number("SELECT count(*) FROM trader_eras WHERE trader = '\(Self.id)'")
      }
    }
    var resting: Int { get throws { try resting(Self.id) } }

    /// Orders of a trader that rest at the venue.
    func resting(_ id: String) throws -> Int {
      try books.number(
        "SELECT count(*) FROM sim_orders WHERE status = 'resting' AND trader = '\(id)'")
    }

    func runs(_ count: Int) throws {
      let minutes = cycle * 3
      let at = "2025-01-01T0\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)Z"
      let ending =
        count == 1
        ? try stage.run("run", "--at", at)
        : try stage.run("run", "--at", at, "--cycles", "\(count)")
      #expect(ending.code == 0, "\(ending.error)")
      cycle += count
    }

    func steer(_ arguments: String..., code: Int32 = 0) throws {
      let ending = try stage.finish(try stage.start(["traders"] + arguments))
      #expect(ending.code == code, "\(arguments): \(ending.out)\(ending.error)")
    }

    /// Changes text of the trader's entry in manager.yaml.
    func change(_ old: String, _ new: String) throws {
      try edit { entry in entry.replacingOccurrences(of: old, with: new) }
    }

    private func edit(_ id: String = id, _ body: (String) -> String) throws {
      let url = stage.config.appending(path: "manager.yaml")
      let text = try String(contentsOf: url, encoding: .utf8)
      let begin = try #require(text.range(of: "  - id: \(id)\n"))
      let next = text.range(of: "  - id: ", range: begin.upperBound..<text.endIndex)
      let entry = begin.lowerBound..<(next?.lowerBound ?? text.endIndex)
      let changed = text.replacingCharacters(in: entry, with: body(String(text[entry])))
      try #require(changed != text, "expected a change of manager.yaml")
      try changed.write(to: url, atomically: true, encoding: .utf8)
    }

    /// Gives it more money, which is no performance.
    func fund() throws {
      try change("initial_equity_usd: 10000", "initial_equity_usd: 12500")
      try runs(1)
      #expect(try eras == 3)
      let flow = try books.lines(
        """
        SELECT amount, equity FROM capital_flows
        WHERE trader = '\(Self.id)' ORDER BY flow DESC LIMIT 1
        """)
      // The first flow of 10,000 USD bought units worth 10,000: equity before the flow = NAV then.
      let nav = try books.lines(
        """
        SELECT '2500' AS amount, nav AS equity FROM equity_points
        WHERE trader = '\(Self.id)' ORDER BY at_ms DESC LIMIT 1
        """)
      #expect(flow == nav)
      try stage.expectWholeBooks("funded")
    }

    /// Takes it out for good.
    func remove() throws {
      try steer("remove", Self.id, code: 64)
      try steer("remove", Self.id, "--flatten")
      #expect(try resting == 0)
      let open = "SELECT count(*) FROM positions WHERE status = 'open' AND trader = '\(Self.id)'"
      #expect(try books.number(open) == 0)
      #expect(
        try books.texts("SELECT raw_usd FROM sim_accounts WHERE account = 'sim.\(Self.id)'")
          == ["0"])
      try runs(1)
      let events = try books.texts(
        "SELECT what FROM trader_events WHERE trader = '\(Self.id)' ORDER BY event")
      #expect(
        events == [
          "enrolled", "pause", "resume", "era", "era", "isolate", "release", "start", "close",
          "removed",
        ])
      try steer("start", Self.id, code: 64)
      #expect(try stage.run("status").out.contains("removed"))
      let listed = try stage.run("traders", "list", "--format", "json").out
      #expect(listed.contains("\"equity_usd\":0,\"era\":3"), "\(listed)")
      let exported = try stage.contents(
        of: stage.out.appending(path: "data").resolvingSymlinksInPath())
      for name in ["trades.json", "leaderboard.json"] {
        let text = String(decoding: try #require(exported[name]), as: UTF8.self)
        #expect(text.contains(Self.id), "expected \(Self.id) in \(name)")
      }
      #expect(exported["analytics-\(Self.id).json"] != nil)
      try stage.expectWholeBooks("removed")
    }

    /// Another one leaves manager.yaml only, while it holds positions.
    func depart() throws {
      let id = "momentum"
      let stops = try resting(id)
      try #require(stops > 0, "expected positions of \(id)")
      try edit(id) { _ in "" }
      try runs(1)
      #expect(try resting(id) == stops)
      #expect(try stage.run("status").out.contains("\(id) is no longer in manager.yaml"))
      try stage.expectWholeBooks("departed")

      try steer("close", id)

      #expect(try resting(id) == 0)
      let open = "SELECT count(*) FROM positions WHERE status = 'open' AND trader = '\(id)'"
      #expect(try books.number(open) == 0)
      try steer("remove", id)
      try stage.expectWholeBooks("closed")
    }
  }
}
