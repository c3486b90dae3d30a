import Arena
import ArenaTesting
import Testing
import Trading

@Suite("What commands to traders say")
struct SteeringTextTests {
  private static func record(
    _ status: TraderStatus, until: Timestamp? = nil, reason: String = ""
  ) throws -> TraderRecord {
    let id = try #require(TraderID("hodl"))
    return TraderRecord(
      name: "Hodl", executor: "buy_and_hold", exchange: try provider("sim"),
      account: try #require(AccountID("sim.hodl")),
      runtime: TraderRuntime(
        status: status, pausedUntil: until, reason: reason, inceptionAt: CycleBench.noon,
        era: TraderEra(number: 1, startedAt: CycleBench.noon, configDigest: "d")),
      ledger: Ledger(trader: id))
  }

  private static func fired(_ number: Int64, cause: String = "manual") throws -> KillSwitch {
    KillSwitch(
      number: number, account: try #require(AccountID("sim.hodl")), cause: cause,
      measured: cause == "manual" ? nil : Factor(whole: 6),
      threshold: cause == "manual" ? nil : Factor(whole: 5), action: .flatten,
      reset: cause == "manual" ? .manual : .after(.hour), firedAt: CycleBench.noon,
      reason: "the words\u{1B}[2J of a person")
  }

  /// TRADING.md, "Trader": what is allowed from where; everything else is refused.
  @Test(arguments: [
    (TraderStatus.running, "pause, stop, isolate"),
    (.paused, "resume, stop, isolate"),
    (.stopped, "start, isolate"),
    (.isolated, "release"),
    (.error, "stop, isolate"),
  ])
  func everyStatusNamesItsMoves(status: TraderStatus, moves: String) throws {
    let allowed = moves.split(separator: ", ").map(String.init)
    for move in TraderStatus.Move.allCases {
      #expect((status.after(move) != nil) == allowed.contains(move.rawValue), "\(move)")
      guard !allowed.contains(move.rawValue) else { continue }
      #expect(
        MoveText.refusal(of: move, try Self.record(status))
          == "hodl is \(status.rawValue); \(move.rawValue) is not possible from there. "
          + "Allowed: \(moves)")
    }
  }

  @Test func aRefusalSaysUntilWhenAndWhy() throws {
    let paused = try Self.record(
      .paused, until: CycleBench.noon + .hour, reason: "line\nbreak\u{1B}[31m")

    #expect(
      MoveText.refusal(of: .start, paused)
        == "hodl is paused until 2025-07-21T13:00:00Z (line break\u{FFFD}[31m); start is not "
        + "possible from there. Allowed: resume, stop, isolate")
  }

  @Test func aMoveSaysWhatHappensNext() throws {
    let running = try Self.record(.running)
    let paused = try Self.record(.paused, until: CycleBench.noon + .hour, reason: "lunch")
    func text(
      _ move: TraderStatus.Move, _ before: TraderRecord, _ after: TraderRecord,
      _ stops: [KillSwitch] = []
    ) -> String {
      MoveText.done(
        MoveDone(
          move: move, before: before, after: after, at: CycleBench.noon, reason: "lunch",
          stoppedBy: stops))
    }

    #expect(
      text(.pause, running, paused) == """
        hodl: running → paused until 2025-07-21T13:00:00Z, as of 2025-07-21T12:00:00Z (lunch)
          It makes no decisions until then; the first run after it resumes it.
          `nof0 traders resume hodl` does so at once.

        """)
    #expect(
      text(.resume, paused, running, [try Self.fired(3)]) == """
        hodl: paused → running, as of 2025-07-21T12:00:00Z (lunch)
          It decides again from the next run on, when it is due.
          Kill switch 3 (manual) still stops its entries; `nof0 kill-switches list` says why.

        """)
    #expect(
      text(.isolate, running, try Self.record(.isolated)) == """
        hodl: running → isolated, as of 2025-07-21T12:00:00Z (lunch)
          It opens nothing until `nof0 traders release hodl`.
          The next run takes back the capital it does not need, until it is released.

        """)
  }

  @Test func aResetSaysWhatStillHolds() throws {
    var reset = try Self.fired(2, cause: "global_daily_loss")
    reset.resetAt = CycleBench.noon + .hour

    #expect(
      KillSwitchText.reset(reset, others: [try Self.fired(3)], isMeasured: true) == """
        kill switch 2 (global_daily_loss) of sim.hodl is reset, as of 2025-07-21T13:00:00Z
          The loss that it measured is measured anew from the present value.
          Kill switch 3 (manual) still stops sim.hodl.

        """)
    #expect(
      KillSwitchText.reset(reset, others: [], isMeasured: false) == """
        kill switch 2 (global_daily_loss) of sim.hodl is reset, as of 2025-07-21T13:00:00Z
          Entries are possible again from the next run on.

        """)
  }

  @Test func tablesTellWhoWhenAndWhy() throws {
    let id = try #require(TraderID("hodl"))
    let account = try #require(AccountID("sim.hodl"))

    #expect(
      RecordTables.killSwitches([try Self.fired(3), try Self.fired(2, cause: "global_drawdown")])
        == """
          kill switch  stops     cause            measured  action   fired                 \
        holds until           why
                    3  sim.hodl  manual           –         flatten  2025-07-21T12:00:00Z  \
        reset by a person     the words\u{FFFD}[2J of a person
                    2  sim.hodl  global_drawdown  6 of 5    flatten  2025-07-21T12:00:00Z  \
        2025-07-21T13:00:00Z  the words\u{FFFD}[2J of a person

        """)
    #expect(
      RecordTables.events([
        TraderEvent(
          trader: id, at: CycleBench.noon, what: "pause", status: .paused, cause: "command",
          reason: "lunch")
      ]) == """
          event  status  time                  by       why
          pause  paused  2025-07-21T12:00:00Z  command  lunch

        """)
    #expect(
      RecordTables.refusals([
        RefusalRow(
          trader: id, at: CycleBench.noon, action: .buyToEnter, coin: try coin("BTC"),
          rule: "cooldown", text: "\u{202E}too soon")
      ]) == """
          refused  wanted            time                  rule      why
          hodl     buy_to_enter BTC  2025-07-21T12:00:00Z  cooldown  \u{FFFD}too soon

        """)
    #expect(
      RecordTables.conflicts([
        ConflictRow(
          at: CycleBench.noon,
          conflict: ConflictRecord(
            account: account, kind: .direction, severity: .high, coin: try coin("BTC"),
            traders: [id], strategy: .firstCome, resolution: "hodl", reason: "both"))
      ]) == """
          conflict   coin  severity  time                  traders  outcome
          direction  BTC   high      2025-07-21T12:00:00Z  hodl     first_come: hodl; both

        """)
    #expect(RecordTables.refusals([]) + RecordTables.conflicts([]) == "")
  }

  @Test func longRowsAreCutAtTheEdge() throws {
    let id = try #require(TraderID("a-trader-with-a-very-long-name"))
    let text = RecordTables.refusals([
      RefusalRow(
        trader: id, at: CycleBench.noon, action: .updateProtection, coin: try coin("BTC"),
        rule: "protection_geometry", text: String(repeating: "w", count: 5000))
    ])

    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 220 })
  }
}
