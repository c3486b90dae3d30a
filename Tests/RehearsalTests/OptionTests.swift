import Foundation
import Testing

extension RehearsalSuite {
  @Suite("Options of a run")
  struct Options {
    @Test func dryRunLeavesEverythingAsItWas() throws {
      let stage = try Rehearsal()
      try stage.run("run", "--cycles", "7")
      let state = try stage.contents(of: stage.state)
      let out = try stage.contents(of: stage.out)

      let ending = try stage.run("run", "--cycles", "1", "--dry-run", "--force")

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("dry run"))
      #expect(try stage.contents(of: stage.out) == out)
      let after = try stage.contents(of: stage.state)
      #expect(after["nof0.sqlite"] == state["nof0.sqlite"])
      #expect(after["nof0.sqlite-wal"] == state["nof0.sqlite-wal"])
    }

    @Test func dryRunWithoutAStateMakesNone() throws {
      let stage = try Rehearsal()

      let ending = try stage.run("run", "--dry-run", "--at", "2025-01-01T00:00Z")

      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.out.contains("bought"))
      #expect(!stage.exists(stage.database))
      #expect(!stage.exists(stage.out))
    }

    @Test func onlyTheNamedTradersTakeTurns() throws {
      let stage = try Rehearsal()

      let ending = try stage.run(
        "run", "--at", "2025-01-01T00:00Z", "--only", "random", "--only", "momentum", "--format",
        "json")

      #expect(ending.code == 0, "\(ending.error)")
      #expect(try dueTraders(ending.out) == ["momentum", "random"])
    }

    @Test func forcedTradersTakeATurnAgain() throws {
      let stage = try Rehearsal()
      let at = ["--at", "2025-01-01T00:00Z", "--format", "json"]
      func due(_ more: [String]) throws -> [String] {
        let ending = try stage.finish(try stage.start(["run"] + at + more))
        #expect(ending.code == 0, "\(ending.error)")
        return try dueTraders(ending.out)
      }

      #expect(try due([]).count == 4)
      #expect(try due([]) == [])
      #expect(try due(["--force"]).count == 4)
    }

    @Test func jsonIsOneDocumentWithEveryField() throws {
      let stage = try Rehearsal()

      let ending = try stage.run("run", "--at", "2025-01-01T00:00Z", "--format", "json")

      let report = try JSONDocument(ending.out)
      #expect(
        report.keys == [
          "alerts", "at", "at_ms", "benchmark_return_pct", "conflicts", "cycle", "cycles",
          "dry_run", "generation", "is_synthetic", "notices", "phases", "run", "traders",
          "would_send",
        ])
      #expect(try report.value("at") == "2025-01-01T00:00:00Z")
      #expect(try report.value("is_synthetic") == true)
      #expect(try report.value("generation") == 1)
      let phases: [[String: Any]] = try report.value("phases")
      #expect(
        phases.compactMap { $0["phase"] as? String } == [
          "open", "recover", "snapshot", "reconcile", "supervise", "decide", "admit", "execute",
          "record", "measure", "export", "notify",
        ])
      let status = try JSONDocument(try stage.run("status", "--format", "json").out)
      #expect(
        status.keys == [
          "alert_channels", "alerts", "at_ms", "benchmark", "capital", "conflicts",
          "kill_switches", "models", "refusals", "runs", "traders",
        ])
      let check = try JSONDocument(try stage.run("state", "check", "--format", "json").out)
      #expect(try check.value("ok") == true)
      let config = try stage.run("config", "--format", "json")
      #expect(config.code == 0)
      let values = try JSONSerialization.jsonObject(with: Data(config.out.utf8))
      let keys = try #require(values as? [[String: Any]]).compactMap { $0["key"] as? String }
      #expect(keys.contains("run.deadline"))
    }

    @Test func quietPrintsNothing() throws {
      let stage = try Rehearsal()

      for command in [["run", "--cycles", "2"], ["export"], ["status"], ["state", "check"]] {
        let ending = try stage.finish(try stage.start(command + ["--quiet"]))

        #expect(ending.code == 0, "\(command): \(ending.error)")
        #expect(ending.out + ending.error == "", "\(command)")
      }
    }

    @Test func strictExitsWithThreeWhenATraderFails() throws {
      let stage = try Rehearsal()
      try stage.ownConfig()
      let manager = stage.config.appending(path: "manager.yaml")
      let text = try String(contentsOf: manager, encoding: .utf8)
      try
        (text + """

            - id: thinker
              name: Thinker
              exchange_provider: sim
              market_provider: synthetic
              executor: {kind: fusion}
              decision_interval: 3m
              auto_start: true
              initial_equity_usd: 10000
              risk_params:
                max_positions: 3
                max_position_size_usd: 5000
                max_margin_usage_pct: 60
                major_coin_leverage: 3
                altcoin_leverage: 2
                min_risk_reward_ratio: 1.5
                min_confidence: 50
                stop_loss_enabled: true
                take_profit_enabled: true

          """).write(to: manager, atomically: true, encoding: .utf8)

      let lenient = try stage.cycle(at: "2025-01-01T00:00Z")
      let strict = try stage.run("run", "--at", "2025-01-01T00:03Z", "--strict")

      #expect(lenient.code == 0, "\(lenient.error)")
      #expect(lenient.out.contains("not part of this version"))
      #expect(strict.code == 3, "\(strict.error)")
      // The others are as if it had not been there.
      let others = try Rehearsal()
      try others.cycle(at: "2025-01-01T00:00Z")
      let fills = "SELECT trader || coin || price || size FROM fills ORDER BY trader, fill_id"
      #expect(
        try Books(of: stage).texts(fills).prefix(13) == Books(of: others).texts(fills).prefix(13))
      try stage.expectWholeBooks()
    }

    private func dueTraders(_ text: String) throws -> [String] {
      let traders: [[String: Any]] = try JSONDocument(text).value("traders")
      return traders.filter { $0["due"] as? Bool == true }
        .compactMap { $0["id"] as? String }.sorted()
    }
  }
}
