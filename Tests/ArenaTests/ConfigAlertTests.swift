import Arena
import Manager
import Testing
import Trading

@Suite("The configuration of alerts") struct ConfigAlertTests {
  private static func load(
    _ alerts: String, _ environment: [String: String] = [:], manager: String = ""
  ) -> LoadedConfig {
    ConfigFixtures.load(
      [
        "nof0.yaml": alerts,
        "manager.yaml": ConfigFixtures.trader() + manager,
      ], environment: environment)
  }

  private static func problems(_ loaded: LoadedConfig) -> [String] {
    (loaded.issues + (loaded.config?.issuesForRun ?? [])).map(\.problem)
  }

  @Test func hasTheStandardThresholdsAndNoChannels() throws {
    let alerts = try #require(Self.load("name: a\n").config).alerts

    #expect(alerts.thresholds == AlertThresholds())
    #expect(alerts.repeatAfter == .hours(4))
    #expect(alerts.channels == [])
  }

  @Test func readsEveryKey() throws {
    let loaded = Self.load(
      """
      alerts:
        repeat_after: 0s
        thresholds:
          {margin_usage_pct: 80, trader_loss_pct: 0, account_loss_pct: 7.5, sharpe: -1000,
           sharpe_for: 2h, sharpe_days: 20, no_decision_for: 1h, failed_decisions_pct: 50,
           call_latency: 30s}
        channels:
          slack: {webhook_url: "${S}", min_severity: high}
          webhook: {url: "${W}", headers: {X-Key: "${H}"}}
          telegram: {bot_token: "${T}", chat_id: "@me"}
      """,
      [
        "S": "https://hooks.example/canary", "W": "http://127.0.0.1:1/canary?x=canary",
        "H": "a canary", "T": "1:canary",
      ])
    let alerts = try #require(loaded.config).alerts

    #expect(Self.problems(loaded) == [])
    #expect(alerts.repeatAfter == nil)
    #expect(alerts.thresholds.marginUsagePct == 80)
    #expect(alerts.thresholds.traderLossPct == 0)
    #expect(alerts.thresholds.accountLossPct == 7.5)
    #expect(alerts.thresholds.sharpe == nil)
    #expect(alerts.thresholds.callLatency == .seconds(30))
    #expect(alerts.channels.map(\.name) == ["slack", "webhook", "telegram"])
    #expect(alerts.channels.map(\.leastSeverity) == [.high, .low, .low])
    let shown = loaded.effective.text
    #expect(!shown.contains("canary"))
    #expect(shown.contains("alerts.channels.slack.webhook_url: ${S}"))
    #expect(shown.contains("alerts.channels.webhook.headers.X-Key: ${H}"))
  }

  @Test func saysWhatIsMissing() {
    let loaded = Self.load(
      """
      alerts:
        channels:
          slack: {min_severity: low}
          webhook: {url_file: hook, url: "${W}"}
          telegram: {bot_token: "${T}"}
      """)

    #expect(
      loaded.errors.map(\.problem) == [
        "alerts.channels.slack.webhook_url is missing",
        "alerts.channels.webhook.url_file and url are both written",
        "alerts.channels.telegram.chat_id is missing",
      ])
  }

  /// A channel that cannot be told is no reason for a run to stay away.
  @Test func noticesWhatIsWrongWithSecrets() {
    let loaded = Self.load(
      """
      alerts:
        channels:
          slack: {webhook_url: "${S}"}
          webhook: {url: "${W}", headers: {A: "${H}"}}
          telegram: {bot_token: "${T}", chat_id: 1}
      """, ["S": "canary", "W": "http://example.org/canary", "H": "a\ncanary"])

    #expect(loaded.errors == [])
    #expect(loaded.config?.issuesForRun == [])
    #expect(loaded.config?.alerts.channels.count == 3)
    let problems = Self.problems(loaded)
    let silent = ", so that nobody is told of alerts there"
    #expect(
      problems == [
        "alerts.channels.slack.webhook_url: expected an address that begins with https://, was "
          + "something else" + silent,
        "alerts.channels.webhook.url: alerts would travel unencrypted to example.org" + silent,
        "alerts.channels.webhook.headers.A: ${H} has line breaks or letters beyond ASCII in it"
          + silent,
        "alerts.channels.telegram.bot_token: the variable T is not set" + silent,
      ])
  }

  @Test func takesNof0sWebhook() throws {
    let monitoring = "monitoring: {alert_webhook: \"${A}\"}\n"
    let set = Self.load("name: a\n", ["A": "https://hooks.example/x"], manager: monitoring)
    let unset = Self.load("name: a\n", manager: monitoring)

    #expect(
      try #require(set.config).alerts.channels == [
        AlertChannelDraft(
          name: "alert_webhook", leastSeverity: .low,
          door: .slack(.environment(variable: "A")))
      ])
    #expect(try #require(unset.config).alerts.channels == [])
    #expect(
      Self.problems(unset) == [
        "monitoring.alert_webhook: the variable A is not set, so that nobody is told of alerts "
          + "there"
      ])
  }
}
