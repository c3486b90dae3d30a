/// The keys of llm.yaml.
///
/// No model is asked in this version: they are checked and kept.
enum LLMKeys {
  static let all: [ConfigKey] = ConfigKey.dormant([
    .key(
      "base_url", .text, "https://zenmux.ai/api/v1", override: "ZENMUX_BASE_URL",
      "Where the models answer."),
    .key("api_key", .secret, override: "ZENMUX_API_KEY", "The key to them, as ${VARIABLE}."),
    .key("api_key_file", .text, "A file of mode 0600 that holds the key instead."),
    .key(
      "default_model", .text, "gpt-5", override: "ZENMUX_DEFAULT_MODEL",
      "The model of traders that name none."),
    .key(
      "timeout", .span(orZero: false), "60s", override: "ZENMUX_TIMEOUT",
      "How long one request may take."),
    .key(
      "max_retries", .whole(0...100), "3", override: "ZENMUX_MAX_RETRIES",
      "How often a failed request is repeated."),
    .key("log_level", .text, "info", "How much is logged about requests."),
    ConfigKey(name: "models", shape: .named(model), summary: "The models, by alias."),
    .section("budget", budget, optional: true, "What may be spent."),
    .section("routing_defaults", routing, optional: true, "How zenmux/auto chooses a model."),
  ])

  private static let model: [ConfigKey] =
    ConfigKey.dormant([
      .key("provider", .text, "Who runs the model."),
      .key("model_name", .text, "The provider's name of the model."),
      .key("temperature", .decimal(from: 0, to: 10), "How freely it words its answer."),
      .key("max_completion_tokens", .whole(1...10_000_000), "Length of an answer, in tokens."),
      .key("top_p", .decimal(from: 0, to: 1), "The share of likely words it chooses from."),
    ]) + [
      .meaningless("priority", "a trader names its model"),
      .meaningless("cost_tier", "costs are set in budget.cost_per_million_tokens"),
    ]

  private static let budget = ConfigKey.dormant([
    .required("daily_token_limit", .whole(1...1_000_000_000_000), "Tokens a day."),
    .key(
      "alert_threshold_pct", .whole(0...100), "80", "Share of the limit at which to warn."),
    .key("strict_enforcement", .flag, "false", "Whether requests beyond the limit are refused."),
    ConfigKey(
      name: "cost_per_million_tokens",
      shape: .namedScalars(.decimal(from: 0, to: 1_000_000)),
      summary: "Dollars for a million tokens, by alias."),
  ])

  private static let routing = ConfigKey.dormant([
    ConfigKey(
      name: "available_models", shape: .list(.text, atLeast: 0),
      summary: "The models to choose from."),
    .key("preference", .text, "What to prefer."),
  ])
}

/// The keys of executor.yaml.
///
/// As in nof0 the limits of each trader in manager.yaml count.
enum ExecutorKeys {
  static let all: [ConfigKey] =
    ConfigKey.dormant(limits(major: "20", alt: "10", positions: "4", rewardRisk: "3.0"))
    + ConfigKey.dormant([
      .key("decision_interval", .span(orZero: false), "3m", "Time between decisions."),
      .key("decision_timeout", .span(orZero: false), "60s", "How long a decision may take."),
      .key(
        "max_concurrent_decisions", .whole(0...1000), "1",
        "How many traders decide at the same time; 0 means 1."),
      ConfigKey(
        name: "allowed_trader_ids", shape: .list(.name, atLeast: 0),
        summary: "The traders this is for; empty for all."),
      ConfigKey(
        name: "overrides", shape: .named(limits()), summary: "Other values for single traders."),
      .key("prompt_schema_version", .text, "The version a prompt template must state."),
      .section(
        "prompt_validation",
        ConfigKey.dormant([
          .key("strict_mode", .flag, "false", "Whether another version is an error."),
          .key(
            "require_version_header", .flag, "false", "Whether a template must state a version."),
        ]), "How prompt templates are checked."),
      .section(
        "output_validation",
        ConfigKey.dormant([
          .key("enabled", .flag, "false", "Whether replies are checked against a schema."),
          .key("schema_path", .text, "The schema."),
          .key("fail_on_invalid", .flag, "false", "Whether a reply that fails is dropped."),
        ]), "How replies are checked."),
      .meaningless("signing_key", "decisions are not signed, the journal is a hash chain"),
    ])

  private static func limits(
    major: String? = nil, alt: String? = nil, positions: String? = nil, rewardRisk: String? = nil
  ) -> [ConfigKey] {
    ConfigKey.dormant([
      .key("major_coin_leverage", .whole(1...100), major, "Leverage on BTC and ETH."),
      .key("altcoin_leverage", .whole(1...100), alt, "Leverage on other coins."),
      .key("min_confidence", .whole(0...100), major == nil ? nil : "0", "Least confidence."),
      .key(
        "min_risk_reward", .decimal(from: 0, to: 1000, above: true), rewardRisk,
        "Least reward for the risk."),
      .key("max_positions", .whole(1...1000), positions, "Positions at the same time."),
    ])
  }
}
