import Foundation
import Testing

extension RehearsalSuite {
  @Suite("Messages about alerts")
  struct Alerts {
    static let secrets = [
      "SLACK": "/services/T00/B00/canary-slack", "HOOK": "/hook?token=canary-hook",
      "AUTH": "Bearer canary-header", "TELEGRAM": "123:canary-telegram",
    ]

    /// An arena that is told in three ways, and what its processes find in the environment.
    struct Stage {
      let stage: Rehearsal
      let server: WebhookStandIn

      init(channels: Set<String> = ["slack", "webhook", "telegram"]) throws {
        stage = try Rehearsal()
        server = try WebhookStandIn()
        try stage.ownConfig()
        let all = [
          "slack": "    slack: {webhook_url: \"${SLACK}\", min_severity: medium}",
          "webhook":
            "    webhook: {url: \"${HOOK}\", headers: {Authorization: \"${AUTH}\"}}",
          "telegram":
            "    telegram: {bot_token: \"${TELEGRAM}\", chat_id: \"-7\", "
            + "base_url: \"\(server.url("/telegram"))\", min_severity: high}",
        ]
        let lines = channels.sorted().compactMap { all[$0] }
        try stage.edit(
          "nof0.yaml", "  channels:\n", "  channels:\n\(lines.joined(separator: "\n"))\n")
        try holds(true)
      }

      /// Makes the alert `margin_usage` hold or end: from 0.000001 % on, or never.
      func holds(_ holds: Bool) throws {
        let url = stage.config.appending(path: "nof0.yaml")
        let text = try String(contentsOf: url, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
          line.hasPrefix("    margin_usage_pct:")
            ? "    margin_usage_pct: \(holds ? "0.000001" : "10000")" : String(line)
        }
        try lines.joined(separator: "\n").write(to: url, atomically: true, encoding: .utf8)
      }

      var environment: [String: String] {
        [
          "SLACK": server.url(Alerts.secrets["SLACK"] ?? ""),
          "HOOK": server.url(Alerts.secrets["HOOK"] ?? ""),
          "AUTH": Alerts.secrets["AUTH"] ?? "", "TELEGRAM": Alerts.secrets["TELEGRAM"] ?? "",
        ]
      }

      @discardableResult
      func run(at minute: Int, fault: String? = nil) throws -> Rehearsal.Ending {
        var environment = environment
        if let fault { environment["NOF0_FAULT"] = fault }
        let time = "2025-01-01T\(minute / 60 < 10 ? "0" : "")\(minute / 60):"
        let digits = minute % 60 < 10 ? "0\(minute % 60)" : "\(minute % 60)"
        let ending = try stage.run("run", "--at", "\(time)\(digits)Z", environment: environment)
        if fault == nil { #expect(ending.code == 0, "\(ending.error)\(ending.out)") }
        return ending
      }

      /// What came to the JSON webhook, as `event key`.
      var events: [String] {
        server.messages(to: Alerts.secrets["HOOK"] ?? "").map {
          "\($0.text("event")) \($0.text("key"))"
        }
      }

      func waiting() throws -> Int {
        try Books(of: stage).number(
          "SELECT count(*) FROM alert_deliveries "
            + "WHERE delivered_at_ms IS NULL AND given_up_at_ms IS NULL")
      }
    }

    @Test func areToldWhenAnAlertOpensHoldsAndEnds() throws {
      let stage = try Stage()
      try stage.run(at: 0)
      let opened = stage.events
      #expect(!opened.isEmpty)
      #expect(opened.allSatisfy { $0.hasPrefix("opened margin_usage.") })
      try stage.run(at: 3)
      #expect(stage.events.filter { $0.hasPrefix("repeated") } == [])
      try stage.run(at: 4 * 60)
      #expect(
        Set(stage.events.filter { $0.hasPrefix("repeated") })
          .isSuperset(of: opened.map { $0.replacing("opened", with: "repeated") }))
      try stage.holds(false)
      try stage.run(at: 4 * 60 + 3)
      #expect(
        Set(stage.events.filter { $0.hasPrefix("resolved margin") })
          .isSuperset(of: opened.map { $0.replacing("opened", with: "resolved") }))
      #expect(try stage.waiting() == 0)

      let hook = try #require(stage.server.messages(to: Alerts.secrets["HOOK"] ?? "").first)
      #expect(hook.head.contains("\r\nAuthorization: Bearer canary-header"))
      #expect(hook.text("arena") == "nof0" && hook.text("severity") == "high")
      #expect(hook.field("threshold") as? Double == 0.000001)
      let slack = stage.server.messages(to: Alerts.secrets["SLACK"] ?? "")
      #expect(slack.count == stage.events.count)
      #expect(slack.first?.body.contains("\"color\":\"#d9302c\"") == true)
      for title in ["Type", "Trader", "Value", "Threshold"] {
        #expect(slack.first?.body.contains("\"title\":\"\(title)\"") == true)
      }
      let path = "/telegram/bot\(Alerts.secrets["TELEGRAM"] ?? "")/sendMessage"
      let chat = stage.server.messages(to: path)
      #expect(chat.count == stage.events.count)
      #expect(chat.first?.text("chat_id") == "-7")
    }

    @Test func waitForAChannelThatIsDownWithoutHarmToTheOthers() throws {
      let stage = try Stage()
      let down = Alerts.secrets["SLACK"] ?? ""
      stage.server.answer { message in
        message.path == down ? .status(500, body: "canary-slack is on fire") : .status(200)
      }
      try stage.run(at: 0)
      let count = stage.events.count
      #expect(count > 0)
      // One try, then the channel is left alone for a minute.
      #expect(stage.server.messages(to: down).count == 1)
      #expect(try stage.waiting() == count)
      let status = try stage.stage.run("status", environment: stage.environment)
      #expect(
        status.out.contains(
          "messages about alerts not delivered: slack: \(count) waiting "
            + "(HTTP 500: *** is on fire)"),
        "\(status.out)")
      try stage.run(at: 3)
      #expect(stage.server.messages(to: down).count == 2)
      // Two minutes are not over yet.
      try stage.run(at: 4)
      #expect(stage.server.messages(to: down).count == 2)

      stage.server.answer { _ in .status(200) }
      try stage.run(at: 6)

      #expect(stage.events.count >= count)
      #expect(stage.server.messages(to: down).count == 2 + stage.events.count)
      #expect(try stage.waiting() == 0)
      let calm = try stage.stage.run("status", environment: stage.environment)
      #expect(!calm.out.contains("not delivered"))
    }

    @Test func giveAChannelTheTimeItAsksFor() throws {
      let stage = try Stage(channels: ["webhook"])
      stage.server.answer { _ in .status(429, headers: ["Retry-After: 600"]) }
      try stage.run(at: 0)
      try stage.run(at: 9)
      #expect(stage.events.count == 1)

      try stage.run(at: 10)
      #expect(stage.events.count == 2)
    }

    @Test(arguments: [WebhookStandIn.Answer.hang, .drop])
    func holdUpNoRun(answer: WebhookStandIn.Answer) throws {
      let stage = try Stage(channels: ["webhook"])
      stage.server.answer { _ in answer }
      let begin = ContinuousClock.now

      try stage.run(at: 0)

      #expect(ContinuousClock.now - begin < .seconds(30))
      #expect(stage.events.count == 1)
      #expect(try stage.waiting() > 0)
      stage.server.answer { _ in .status(200) }
      try stage.run(at: 3)
      #expect(try stage.waiting() == 0)
    }

    @Test func areGivenUpWhenTheyAreRefusedOrADayOld() throws {
      let refused = try Stage(channels: ["webhook"])
      refused.server.answer { _ in .status(422) }
      try refused.run(at: 0)
      #expect(try refused.waiting() == 0)
      let status = try refused.stage.run("status", environment: refused.environment)
      #expect(status.out.contains("given up within a day (HTTP 422"), "\(status.out)")

      let old = try Stage(channels: ["webhook"])
      old.server.answer { _ in .status(503) }
      try old.run(at: 0)
      let ending = try old.stage.run(
        "run", "--at", "2025-01-02T00:00Z", environment: old.environment)
      #expect(ending.code == 0)
      let given = try Books(of: old.stage).number(
        "SELECT count(*) FROM alert_deliveries WHERE given_up_at_ms IS NOT NULL")
      #expect(given > 0)
    }

    /// Killed before a message is sent or after it was: it comes once, or twice.
    @Test(arguments: ["notify.before", "notify.after", "write.before", "phase.notify"])
    func outliveAKilledRun(place: String) throws {
      let plain = try Stage(channels: ["webhook"])
      try plain.run(at: 0)
      let expected = plain.events
      // The last transaction before the messages are told is found by trying.
      for count in place == "write.before" ? [4, 5, 6, 7, 8] : [1] {
        let stage = try Stage(channels: ["webhook"])
        let ending = try stage.run(at: 0, fault: "kill@\(place):\(count)")
        #expect(ending.code == -9 || place == "write.before", "\(ending.error)")

        try stage.run(at: 0)
        try stage.run(at: 3)

        let events = stage.events.filter { $0.hasPrefix("opened") }
        #expect(Set(events) == Set(expected), "\(place):\(count)")
        #expect(events.count <= expected.count + 1)
        #expect(try stage.waiting() == 0)
        let numbers = Set(
          stage.server.messages.compactMap { $0.field("delivery") as? Int })
        #expect(numbers.count == Set(stage.events).count)
      }
    }

    @Test func areToldByNoDryRunAndOnlyAtTheEndOfABatch() throws {
      let dry = try Stage()
      let ending = try dry.stage.run(
        "run", "--at", "2025-01-01T00:00Z", "--dry-run", environment: dry.environment)
      #expect(ending.code == 0)
      #expect(dry.server.messages.isEmpty)

      let batch = try Stage(channels: ["webhook"])
      let ran = try batch.stage.run(
        "run", "--at", "2025-01-01T00:00Z", "--cycles", "5", environment: batch.environment)
      #expect(ran.code == 0, "\(ran.error)")
      #expect(!batch.events.isEmpty)
      #expect(try batch.waiting() == 0)
    }

    @Test func showNoSecret() throws {
      let stage = try Stage()
      stage.server.answer { message in
        .status(message.path.contains("hook") ? 500 : 401, body: message.head + message.body)
      }
      var said = ""
      for arguments in [
        ["run", "--at", "2025-01-01T00:00Z", "--log-level", "trace"],
        ["run", "--at", "2025-01-01T00:03Z", "--format", "json"], ["status"],
        ["status", "--format", "json"], ["config"], ["export"],
      ] {
        let ending = try stage.stage.finish(
          try stage.stage.start(arguments, environment: stage.environment))
        #expect(ending.code == 0, "\(arguments): \(ending.error)")
        said += ending.out + ending.error
      }

      #expect(!stage.server.messages.isEmpty)
      #expect(!said.contains("canary"))
      #expect(said.contains("${SLACK}"))
      for (name, bytes) in try stage.stage.contents(of: stage.stage.folder) {
        #expect(bytes.range(of: Data("canary".utf8)) == nil, "\(name)")
      }
    }

    @Test func keepNoRunAwayWhoseSecretsAreMissing() throws {
      let stage = try Stage()
      let ending = try stage.stage.run("run", "--at", "2025-01-01T00:00Z")

      #expect(ending.code == 0, "\(ending.error)")
      for variable in ["SLACK", "HOOK", "TELEGRAM"] {
        #expect(ending.error.contains("the variable \(variable) is not set"), "\(ending.error)")
      }
      let config = try stage.stage.run("config")
      #expect(config.error.contains("notice: alerts.channels.webhook.headers.Authorization"))
      let open = "SELECT key FROM alerts WHERE key LIKE 'alert_channel.%' AND resolved_at_ms IS "
      let channels = ["alert_channel.slack", "alert_channel.telegram", "alert_channel.webhook"]
      #expect(try Books(of: stage.stage).texts(open + "NULL ORDER BY key") == channels)
      let count = try stage.waiting()
      #expect(count > 0 && stage.server.messages.isEmpty)

      // What waited is told once the secrets are there.
      try stage.run(at: 3)
      #expect(try Books(of: stage.stage).texts(open + "NOT NULL ORDER BY key") == channels)
      #expect(stage.server.messages.count >= count)
      #expect(stage.events.contains("resolved alert_channel.webhook"))
      #expect(try stage.waiting() == 0)
    }

    /// What cannot be noted is told again; the run goes on, and its end is on record.
    @Test func failNoRunWhenTheRecordOfThemFails() throws {
      let stage = try Stage(channels: ["webhook"])
      stage.server.answer { _ in .status(500) }
      try stage.run(at: 0)
      let books = Books(of: stage.stage)
      try books.execute(
        "CREATE TRIGGER no BEFORE UPDATE ON alert_deliveries BEGIN SELECT RAISE(ABORT, 'no'); END")
      stage.server.answer { _ in .status(200) }

      let ending = try stage.stage.run(
        "run", "--at", "2025-01-01T00:03Z", environment: stage.environment)
      #expect(ending.code == 0, "\(ending.error)")
      #expect(ending.error.contains("deliveries of alerts could not be noted"), "\(ending.error)")
      let out = stage.stage.folder.appending(path: "out")
      try FileManager.default.removeItem(at: out)
      try Data().write(to: out)
      let failed = try stage.stage.run(
        "run", "--at", "2025-01-01T00:06Z", environment: stage.environment)

      #expect(failed.code == 73, "\(failed.error)")
      #expect(failed.error.contains("nof0: export: "), "\(failed.error)")
      #expect(
        try books.texts("SELECT status FROM runs ORDER BY run")
          == ["finished", "finished", "failed"])
      try books.execute("DROP TRIGGER no")
    }
  }
}
