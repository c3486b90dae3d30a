import LLM

/// The keys of llm.yaml.
enum LLMKeys {
  static let all: [ConfigKey] = [
    .key(
      "base_url", .address, "https://zenmux.ai/api/v1", override: "ZENMUX_BASE_URL",
      "Where models answer that name no other address."),
    .key(
      "api_key", .secret, override: "ZENMUX_API_KEY",
      "The key to that address, as ${VARIABLE}; it is sent nowhere else."),
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
    .key(
      "cache_ttl", .span(orZero: true), "10m",
      "How long an answer may be used again for the same question; 0s = never."),
    .key("ca_file", .text, "A file of certificates to trust besides the system's."),
    .key("log_level", .text, "info", use: .dormant, "How much is logged about requests."),
    ConfigKey(name: "models", shape: .named(model), summary: "The models, by alias."),
    .section("budget", budget, optional: true, "What may be spent in one UTC day."),
    .section("routing_defaults", routing, optional: true, "How zenmux/auto chooses a model."),
  ]

  private static let count = ScalarKind.whole(1...1_000_000_000_000)
  private static let money = ScalarKind.decimal(from: 0, to: 1_000_000_000, above: true)
  private static let price = ScalarKind.decimal(from: 0, to: 1_000_000)

  private static let model: [ConfigKey] = [
    .key(
      "api", .word(ModelAPI.allCases.map(\.rawValue)), "openai",
      "The wire format: openai (chat completions), anthropic (messages), or scripted."),
    .key("base_url", .address, "Where it answers; the common one when absent."),
    .key("api_key", .secret, "Its key, as ${VARIABLE}."),
    .key("api_key_file", .text, "A file of mode 0600 that holds its key instead."),
    .key("script", .text, "The answers of a scripted model, relative to this file."),
    .key("provider", .text, "Who runs the model, for people."),
    .key("model_name", .text, "The provider's name of the model; the alias when absent."),
    .key("temperature", .decimal(from: 0, to: 10), "How freely it words its answer."),
    .key(
      "max_completion_tokens", .whole(1...10_000_000), "4096",
      "Length of an answer, reasoning included, in tokens."),
    .key("top_p", .decimal(from: 0, to: 1), "The share of likely words it chooses from."),
    .key(
      "context_tokens", .whole(1...1_000_000_000),
      "Length of question and answer together, in tokens."),
    .key(
      "structured", .word(StructuredOutput.allCases.map(\.rawValue)),
      "The strictest form of answer it supports; json_object, for anthropic tool, when absent."),
    .section("price", prices, optional: true, "What it costs, in USD per million tokens."),
    .key("max_concurrency", .whole(1...100_000), "Requests at the same time."),
    .key("requests_per_minute", .whole(1...10_000_000), "Requests within a minute."),
    .key("fallback", .text, "The model asked when this one fails."),
    .key(
      "tier", .word(ModelTier.allCases.map(\.rawValue)),
      "cheap or strong: what it is for where routing chooses."),
    .meaningless("priority", "a trader names its model"),
    .meaningless("cost_tier", "write price, and tier for routing"),
  ]

  private static let prices: [ConfigKey] = [
    .required("input", price, "Of a question."),
    .required("output", price, "Of an answer."),
    .key("cached_input", price, "Of what the provider had cached of a question; input if absent."),
  ]

  private static let budget: [ConfigKey] = [
    .key("daily_token_limit", count, "Tokens of all traders."),
    .key("daily_usd_limit", money, "Cost of all traders, USD."),
    .key("trader_daily_token_limit", count, "Tokens of each trader."),
    .key("trader_daily_usd_limit", money, "Cost of each trader, USD."),
    .key(
      "alert_threshold_pct", .whole(0...100), "80",
      "Share of a limit at which to warn; 0 means 80."),
    .key(
      "strict_enforcement", .flag, "true",
      "Whether a call beyond a limit is refused; if not, it only warns."),
    ConfigKey(
      name: "cost_per_million_tokens", shape: .namedScalars(price),
      summary: "USD for a million tokens in either direction, by alias; a model's price wins."),
  ]

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
      ConfigKey(
        name: "allowed_trader_ids", shape: .list(.name, atLeast: 0),
        summary: "The traders this is for; empty for all."),
      ConfigKey(
        name: "overrides", shape: .named(limits()), summary: "Other values for single traders."),
      .section(
        "output_validation",
        ConfigKey.dormant([
          .key("enabled", .flag, "false", "Whether replies are checked against a schema."),
          .key("schema_path", .text, "The schema."),
          .key("fail_on_invalid", .flag, "false", "Whether a reply that fails is dropped."),
        ]), "How replies are checked."),
      .meaningless("signing_key", "decisions are not signed, the journal is a hash chain"),
    ]) + effective

  private static let effective: [ConfigKey] = [
    .key(
      "max_concurrent_decisions", .whole(0...100_000), "0",
      "How many traders decide at the same time; 0 = all of them."),
    .key(
      "prompt_schema_version", .text,
      "The version that the prompt of a context should state; any when absent."),
    .section(
      "prompt_validation",
      [
        .key("strict_mode", .flag, "false", "Whether another version is an error."),
        .key(
          "require_version_header", .flag, "false", "Whether a template must state a version."),
      ], "How prompt templates are checked."),
  ]

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
