import Trading

/// The keys of `alerts` in nof0.yaml.
enum AlertKeys {
  static let all: [ConfigKey] = [
    .key(
      "repeat_after", .span(orZero: true), "4h",
      "After this time an alert that still holds is told again, low ones not; 0s = never."),
    .section("thresholds", thresholds, "From where on figures are told."),
    .section("channels", channels, "Who is told; nobody when empty, alerts are then recorded."),
  ]

  private static let pct = ScalarKind.decimal(from: 0, to: 10_000)

  private static let thresholds: [ConfigKey] = [
    .key("margin_usage_pct", pct, "90", "Margin in use, per cent of equity; 0 = off."),
    .key("trader_loss_pct", pct, "20", "What a trader lost since its inception; 0 = off."),
    .key("account_loss_pct", pct, "15", "What an account lost since its first look; 0 = off."),
    .key(
      "sharpe", .decimal(from: -1000, to: 1000), "-0.5",
      "The Sharpe ratio below which it is told; -1000 = off."),
    .key("sharpe_for", .span(orZero: true), "1h", "How long it must be below."),
    .key("sharpe_days", .whole(2...3650), "30", "Daily returns the ratio must be made of."),
    .key(
      "no_decision_for", .span(orZero: true), "30m",
      "Time without a decision, or 3 decision intervals if longer; 0s = off."),
    .key(
      "failed_decisions_pct", pct, "10", "Failed decisions of the newest 10 to 100; 0 = off."),
    .key(
      "call_latency", .span(orZero: true), "5s",
      "Mean time of a model's newest 20 answers; 0s = off."),
  ]

  private static let leastSeverity = ConfigKey.key(
    "min_severity", .word(AlertSeverity.allCases.map(\.rawValue)), "low",
    "It is told of alerts at least that urgent: high, medium or low.")

  private static let channels: [ConfigKey] = [
    .section(
      "slack",
      [
        .key("webhook_url", .secret, "The webhook, as ${VARIABLE}."),
        .key("webhook_url_file", .text, "A file of mode 0600 that holds it instead."),
        leastSeverity,
      ], optional: true, "A Slack-compatible webhook."),
    .section(
      "webhook",
      [
        .key("url", .secret, "The address, as ${VARIABLE}."),
        .key("url_file", .text, "A file of mode 0600 that holds it instead."),
        ConfigKey(
          name: "headers", shape: .namedScalars(.secret),
          summary: "Header lines to send along, by name, as ${VARIABLES}."),
        leastSeverity,
      ], optional: true, "A server of your own; it gets everything as JSON."),
    .section(
      "telegram",
      [
        .key("bot_token", .secret, "The bot's token, as ${VARIABLE}."),
        .key("bot_token_file", .text, "A file of mode 0600 that holds it instead."),
        .required("chat_id", .text, "The chat, a number or @NAME."),
        .key(
          "base_url", .address, "https://api.telegram.org", "Where Telegram's bot API answers."),
        leastSeverity,
      ], optional: true, "A Telegram chat."),
  ]
}
