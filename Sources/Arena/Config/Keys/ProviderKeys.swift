/// The keys of exchange.yaml.
enum ExchangeKeys {
  static let all: [ConfigKey] = [
    .key("default", .name, "The exchange of traders that name none."),
    ConfigKey(
      name: "providers",
      shape: .typed([
        .init(type: "sim", keys: sim),
        .init(type: "hyperliquid", keys: HyperliquidKeys.exchange),
        .init(type: "binance_futures", keys: venue), .init(type: "binance_spot", keys: venue),
      ]), isRequired: true, summary: "The exchanges, by name."),
  ]

  private static let rate = ScalarKind.decimal(from: 0, to: 1000)

  private static let sim: [ConfigKey] =
    [
      .key("spread_bps", rate, "1", "Distance between best bid and best ask."),
      .key(
        "slippage_bps_per_100k", rate, "2",
        "How much worse the average price gets for each 100,000 USD of an order."),
      .key(
        "depth_usd", .decimal(from: 0, to: 1_000_000_000, above: true), "2000000",
        "Where liquidity ends: what an order asks beyond it is not filled."),
      .key("taker_fee_bps", rate, "4.5", "Fee of orders that fill at once."),
      .key("maker_fee_bps", rate, "1.5", "Fee of orders that rested."),
      // Hyperliquid charges no clearance fee: a liquidation pays the taker fee like any order.
      .key("liquidation_fee_bps", rate, "0", "Fee of a liquidation, on top of the taker fee."),
      .key(
        "margin_mode", .word(["cross", "isolated", "none"]), "cross",
        "Whether positions share the account's money as margin, or nothing needs any."),
      .key(
        "fill_at", .word(["last_close", "next_open"]), "last_close",
        "The price orders are filled around: that of the decision, or of the next candle."),
      .key(
        "shared_account", .flag, "false",
        "Whether all traders trade on one account instead of each on its own."),
      .key(
        "lose_answer_every", .whole(0...1_000_000), "0",
        "A test aid: the answer to every n-th accepted order is lost; 0 for never."),
    ]
    + [
      "private_key", "vault_address", "main_address", "testnet", "timeout", "api_key",
      "api_secret", "passphrase",
    ].map { .meaningless($0, "a simulated exchange needs no access") }

  private static let venue: [ConfigKey] =
    ConfigKey.dormant([
      .key("private_key", .secret, "The key that signs orders, as ${VARIABLE}."),
      .key("private_key_file", .text, "A file of mode 0600 that holds the key instead."),
      .key("vault_address", .text, "The vault to trade for."),
      .key("main_address", .text, "The account that is looked at."),
      .key("testnet", .flag, "false", "Whether it is the venue's test network."),
      .key("timeout", .span(orZero: false), "30s", "How long one request may take."),
    ])
    + ["api_key", "api_secret", "passphrase"].map {
      .meaningless($0, "no venue that uses it can be traded on in this version")
    }
}

/// The keys of market.yaml.
enum MarketKeys {
  static let all: [ConfigKey] = [
    .key("default", .name, "The market of traders that name none."),
    ConfigKey(
      name: "providers",
      shape: .typed([
        .init(type: "synthetic", keys: synthetic), .init(type: "recorded", keys: recorded),
        .init(type: "hyperliquid", keys: HyperliquidKeys.market),
        .init(type: "binance_futures", keys: venue),
      ]), isRequired: true, summary: "The sources of market data, by name."),
  ]

  private static func symbols(atLeast count: Int) -> ConfigKey {
    ConfigKey(
      name: "symbols", shape: .list(.coin(orNone: false), atLeast: count), isRequired: count > 0,
      summary: "The coins it offers.")
  }

  private static let synthetic: [ConfigKey] = [
    .key("seed", .whole(0...Int.max), "7", "The same seed makes the same market."),
    symbols(atLeast: 1),
  ]

  private static let recorded: [ConfigKey] = [
    .required(
      "directory", .text,
      "The directory of SYMBOL-INTERVAL.csv(.gz), relative to the working directory."),
    .key(
      "instruments_file", .text,
      "Tick, lot, minimum and leverage of the coins, relative to the directory above."),
    .key(
      "price_grid", .word(["venue", "exact"]), "venue",
      "Whether prices of orders keep to the venue's digits, or may have any."),
    .key("funding", .flag, "true", "Whether funding is read, and charged on positions."),
    symbols(atLeast: 1),
  ]

  private static let venue: [ConfigKey] =
    ConfigKey.dormant([
      symbols(atLeast: 0),
      .key("testnet", .flag, "false", "Whether it is the venue's test network."),
      .key("timeout", .span(orZero: false), "8s", "How long one question may take."),
      .key("http_timeout", .span(orZero: false), "10s", "How long one request may take."),
      .key("max_retries", .whole(0...100), "3", "How often a failed request is repeated."),
    ]) + [.meaningless("mode", "every run reads afresh")]
}
