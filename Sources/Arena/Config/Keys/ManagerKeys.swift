import Trading

/// The keys of manager.yaml.
enum ManagerKeys {
  static let all: [ConfigKey] = [
    .section("manager", manager, "Money and limits over all traders."),
    ConfigKey(
      name: "traders", shape: .items(trader), isRequired: true,
      summary: "The traders, each a virtual account."),
    .section("monitoring", monitoring, "nof0's monitoring."),
  ]

  private static let money = ScalarKind.decimal(from: 0, to: 1_000_000_000)
  private static let pct = ScalarKind.decimal(from: 0, to: 100)
  private static let multiple = ScalarKind.decimal(from: 0, to: 1000)

  private static let manager: [ConfigKey] = [
    .key(
      "total_equity_usd", money, "0",
      "Money to be split among the traders; 0 when each has its own initial_equity_usd."),
    .key("reserve_equity_pct", pct, "0", "Share of it that is not given to anybody."),
    .key(
      "allocation_strategy", .word(["", "equal", "custom", "performance_based"]),
      "How it is split: equal, custom by allocation_pct, or performance_based by Sharpe ratio; "
        + "when absent custom if a trader has an allocation_pct, else equal."),
    .key(
      "min_allocation_usd", money, "100", "The least each trader of the split gets; 0 = none."),
    .key(
      "rebalance_interval", .span(orZero: false), "1h", "Time after which it is split anew."),
    .key(
      "rebalance_may_reduce", .flag, "false",
      "Whether positions are reduced to free money that is to be moved."),
    .section("limits", limits, "Limits over all traders of one account; 0 turns one off."),
    .section("isolation", isolation, "When a trader is taken out by rule; 0 turns one off."),
    .section(
      "conflicts", conflicts, "What happens when traders of one account want clashing things."),
    .meaningless("state_storage_backend", "SQLite is the one store"),
    .meaningless("state_storage_path", "the state directory is that of --state"),
  ]

  private static let limits: [ConfigKey] = [
    .key("max_margin_usage_pct", pct, "85", "Margin in use as a share of equity."),
    .key("max_positions", .whole(0...10_000), "10", "Positions open at the same time."),
    .key(
      "max_symbol_pct", .decimal(from: 0, to: 10_000), "50",
      "Notional in one coin as a share of equity."),
    .key(
      "max_unrealised_loss_pct", pct, "20", "Unrealised loss as a share of equity."),
    .key(
      "max_daily_loss_pct", pct, "0",
      "Loss since the beginning of the UTC day as a share of the equity then; 0 = off."),
    .key(
      "max_drawdown_pct", pct, "0",
      "Fall from the highest equity so far as a share of it; 0 = off."),
    .key(
      "on_breach", words(BreachAction.self), "block",
      "What a breach does besides blocking entries: nothing (block), or end positions."),
    .key(
      "reset", .spanOrWord("manual"), "manual",
      "How a kill switch that fired is reset: by a person, or by itself after this time."),
  ]

  private static let isolation: [ConfigKey] = [
    .key(
      "sharpe_threshold", .decimal(from: -1000, to: 1000), "-1",
      "The Sharpe ratio below which a trader with 20 daily returns is taken out; 0 = off."),
    .key(
      "max_failures", .whole(0...10_000), "5",
      "Failed decisions in a row that take it out; 0 = off."),
    .key(
      "max_breaches", .whole(0...10_000), "10",
      "Turns in a row that broke a rule it knew, after which it is taken out; 0 = off."),
    .key(
      "close_positions", .flag, "false",
      "Whether its positions are closed; else they are kept and looked after."),
  ]

  private static let conflicts: [ConfigKey] = [
    .key(
      "direction", .word(strategies(but: .proportional)), "first_come",
      "Opposite sides of one coin; aggregate drops both."),
    .key(
      "duplicate", .word(strategies(but: .proportional)), "first_come",
      "The same side of one coin; aggregate makes one order, split pro rata."),
    .key(
      "resource", .word(strategies(but: .aggregate)), "first_come",
      "More than the account has; proportional scales all down together."),
    .key(
      "exclusive_symbols", .flag, "true",
      "Whether a coin belongs to one trader of the account at a time."),
  ]

  private static func words<Words>(_ words: Words.Type) -> ScalarKind
  where Words: CaseIterable & RawRepresentable<String> {
    .word(words.allCases.map(\.rawValue))
  }

  private static func strategies(but other: ConflictStrategy) -> [String] {
    ConflictStrategy.allCases.filter { $0 != other }.map(\.rawValue)
  }

  private static let trader: [ConfigKey] = [
    .required("id", .name, "Its id, unique and never changed."),
    .key("name", .text, "The name shown to people; its id when absent."),
    .key("exchange_provider", .name, "Its exchange; the default one when absent."),
    .key("market_provider", .name, "Its market; the default one when absent."),
    .section("executor", executor, optional: true, "What decides for it; a model when absent."),
    .key("model", .text, "Kind llm: the model that decides; llm.yaml's default_model if absent."),
    .key("prompt_template", .text, "Kind llm: the persona, the template of the system message."),
    .key(
      "executor_prompt_template", .text, "Kind llm: the template of the context it is shown."),
    ConfigKey(
      name: "symbols", shape: .list(.coin(orNone: false), atLeast: 1),
      summary: "The coins it may trade; all of its market when absent."),
    .key("decision_interval", .span(orZero: false), "3m", "Time between its decisions."),
    .key("decision_timeout", .span(orZero: false), "60s", "How long one decision may take."),
    .key("auto_start", .flag, "false", "Whether it runs from its first cycle on."),
    .key(
      "initial_equity_usd", .decimal(from: 0, to: 1_000_000_000, above: true),
      "Money it starts with; wins over the split of manager.total_equity_usd."),
    .key("allocation_pct", pct, "Its share of manager.total_equity_usd."),
    .key(
      "order_style", .word(["limit_ioc", "market_ioc"]), "limit_ioc",
      "How orders are priced; both fill at once or not at all."),
    .key(
      "market_ioc_slippage_bps", .decimal(from: 0, to: 5000), "50",
      "How far beyond the mid an order may fill; 0 means 50."),
    .section("risk_params", risk, "What it may risk."),
    .section("exec_guards", guards, "Further guards on what it does."),
    .key(
      "journal_enabled", .flag, "true",
      "Whether its cycles are kept in the journal, see journal in nof0.yaml."),
    .key(
      "journal_dir", .text,
      "A folder of its own for its journal; journal/ID in the state folder when absent."),
  ]

  private static let executor: [ConfigKey] = [
    .key(
      "kind", .word(["baseline", "llm", "fusion", "conviction", "http", "command"]), "llm",
      "What decides: a fixed rule, a model, or a program of yours."),
    .key(
      "rule", .word(["flat", "buy_and_hold", "ema_cross", "momentum", "random", "inverse_of"]),
      "The rule of a baseline."),
    .key("seed", .whole(0...Int.max), "7", "The seed of rule random."),
    .key("same_turnover_as", .name, "The trader rule random trades about as often as."),
    .key("of", .name, "The trader rule inverse_of does the opposite of."),
    .key("fast", .whole(1...10_000), "20", "Rule ema_cross: candles of the fast average."),
    .key("slow", .whole(2...10_000), "50", "Rule ema_cross: candles of the slow average."),
    .key(
      "history", .whole(3...100_000), "240",
      "Rule ema_cross: candles looked at; what is older has no weight."),
    .key(
      "candle", .span(orZero: false),
      "Rule ema_cross: their length; the longest up to decision_interval when absent."),
    .key(
      "enter", .word(["always", "on_cross"]), "always",
      "Rule ema_cross: whether it enters wherever it is flat, or only on a crossing."),
    .key(
      "flip", .flag, "false",
      "Rule ema_cross: enter the other way in the turn that closes; needs allow_flip."),
    .key(
      "stop_bps", .decimal(from: 0, to: 5000), "150",
      "Rule ema_cross: distance of the stop; 0 for neither stop nor target."),
    ConfigKey(
      name: "quantity",
      shape: .namedScalars(.decimal(from: 0, to: 1_000_000_000, above: true)),
      summary: "Rule ema_cross: coins of each entry, by coin; by the limits when absent."),
    .key("model", .text, "Kind llm: the model; wins over the trader's model."),
    .key(
      "replicas", .whole(1...16), "1",
      "Kind llm: how often the same is asked; only the first answer trades."),
    .key(
      "routing", .word(["fixed", "urgency"]), "fixed",
      "Kind llm: urgency asks cheap_model while nothing is open and the market is calm."),
    .key(
      "cheap_model", .text,
      "Kind llm: the model for calm times; the only one of tier cheap when absent."),
    .key("base_url", .address, "Kind http: the address before /api/v1/decision."),
    .key("api_key", .secret, "Kind http: the key to it, as ${VARIABLE}."),
    .key("api_key_file", .text, "Kind http: a file of mode 0600 that holds the key instead."),
    ConfigKey(
      name: "command", shape: .arguments,
      summary: "Kind command: the program and its arguments, relative to this file."),
    ConfigKey(
      name: "pass_environment", shape: .list(.variable, atLeast: 0),
      summary: "Kind command: variables the program may see besides PATH and LANG."),
    .key(
      "working_directory", .text,
      "Kind command: where it is started; the directory of this file when absent."),
  ]

  private static let risk: [ConfigKey] = [
    .required("max_positions", .whole(1...1000), "Positions open at the same time."),
    .required(
      "max_position_size_usd", .decimal(from: 0, to: 1_000_000_000, above: true),
      "Notional of one position."),
    .key(
      "max_margin_usage_pct", pct, "0", "Margin in use as a share of equity; 0 turns it off."),
    .required("major_coin_leverage", .whole(1...100), "Leverage on BTC and ETH."),
    .required("altcoin_leverage", .whole(1...100), "Leverage on other coins."),
    .required(
      "min_risk_reward_ratio", .decimal(from: 0, to: 1000, above: true),
      "Least distance to the target over distance to the stop, net of fees."),
    .key("min_confidence", .whole(0...100), "0", "Least confidence of an entry."),
    .key("stop_loss_enabled", .flag, "true", "Whether an entry needs a stop at the venue."),
    .key("take_profit_enabled", .flag, "true", "Whether an entry needs a target at the venue."),
    .key(
      "max_risk_pct", pct, "0", "Loss at the stop as a share of equity; 0 turns it off."),
    .key(
      "max_entry_deviation_pct", .decimal(from: 0, to: 100, above: true), "2",
      "How far a decision's entry may be from the mid."),
    .key("allow_scale_in", .flag, "false", "Whether an open position may be added to."),
    .key(
      "allow_flip", .flag, "false",
      "Whether one turn may close a position and open the opposite one."),
    .section("sizing", sizing, "Who says how large an entry is."),
  ]

  private static let sizing: [ConfigKey] = [
    .key(
      "method", words(SizingMethod.self), "model",
      "The decision (model), a fixed share of equity, average true ranges, or Kelly's formula."),
    .key(
      "fraction_pct", pct, "10",
      "Margin of an entry as a share of equity: of fixed_fraction, and of kelly while its record "
        + "is short."),
    .key("risk_pct", pct, "1", "Loss at the stop as a share of equity, of atr."),
    .key(
      "atr_multiple", .decimal(from: 0, to: 100, above: true), "2",
      "Average true ranges between entry and stop, of atr."),
    .key(
      "atr_period", .whole(2...200), "14", "Hours the average true range is taken over, of atr."),
  ]

  private static let guards: [ConfigKey] = [
    .key("max_new_positions_per_cycle", .whole(0...1000), "0", "New positions a cycle; 0 = off."),
    .key("max_opens_per_hour", .whole(0...10_000), "0", "Entries within an hour; 0 = off."),
    .key(
      "liquidity_threshold_usd", .decimal(from: 0, to: 90_000_000_000), "0",
      "Open interest a coin must have; 0 = off."),
    .key("max_margin_usage_pct", pct, "0", "Margin in use as a share of equity; 0 = off."),
    .key(
      "btceth_position_value_min_equity_multiple", multiple, "0",
      "Least notional on BTC and ETH as a multiple of equity; 0 = off."),
    .key(
      "btceth_position_value_max_equity_multiple", multiple, "0",
      "Greatest notional on BTC and ETH as a multiple of equity; 0 = off."),
    .key(
      "alt_position_value_min_equity_multiple", multiple, "0",
      "Least notional on other coins as a multiple of equity; 0 = off."),
    .key(
      "alt_position_value_max_equity_multiple", multiple, "0",
      "Greatest notional on other coins as a multiple of equity; 0 = off."),
    .key(
      "cooldown_after_close", .span(orZero: true), "0s",
      "Time a coin is barred from entries after its position closed; 0s = off."),
    .key(
      "pause_duration_on_breach", .span(orZero: true), "0s",
      "How long it pauses below sharpe_pause_threshold; 0s = off."),
    .key(
      "sharpe_pause_threshold", .decimal(from: -1000, to: 1000), "0",
      "The Sharpe ratio below which it pauses; 0 = off."),
    .key("min_hold", .span(orZero: true), "0s", "Time before it may close at will; 0s = off."),
    .key("candidate_limit", .whole(0...1000), "10", "Coins shown to it; 0 means 10."),
    .key(
      "max_asset_pct", .decimal(from: 0, to: 10_000), "0",
      "Notional in one coin as a share of equity; 0 = off."),
    .key(
      "max_total_pct", .decimal(from: 0, to: 10_000), "0",
      "Notional in all coins as a share of equity; 0 = off."),
    .key(
      "max_correlated_pct", .decimal(from: 0, to: 10_000), "0",
      "Notional in coins that move together as a share of equity; 0 = off."),
    .key(
      "giveback_min_peak_pct", .decimal(from: 0, to: 1000), "5",
      "Gain of the price in per cent of the entry after which giveback_close_pct counts."),
    .key(
      "giveback_close_pct", pct,
      "Share of a position's best gain whose loss closes it; 0 = off. When absent 40, but 0 for "
        + "the rules buy_and_hold and flat."),
    .key("enable_liquidity_guard", .flag, "true", "false turns liquidity_threshold_usd off."),
    .key("enable_margin_usage_guard", .flag, "true", "false turns max_margin_usage_pct off."),
    .key("enable_value_band_guard", .flag, "true", "false turns the equity multiples off."),
    .key("enable_cooldown_guard", .flag, "true", "false turns cooldown_after_close off."),
  ]

  private static let monitoring: [ConfigKey] = [
    .meaningless("update_interval", "every run measures"),
    .key(
      "alert_webhook", .secret,
      "A Slack-compatible webhook that is told of every alert; more in nof0.yaml, alerts."),
    .meaningless("metrics_exporter", "every run writes metrics.prom into its exports"),
  ]
}
