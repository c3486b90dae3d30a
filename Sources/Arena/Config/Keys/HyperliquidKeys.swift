import Trading

/// The keys of providers of type hyperliquid.
enum HyperliquidKeys {
  /// How long one request may take.
  private static let requestTime = ScalarKind.spanWithin(from: Span(ms: 100), to: .seconds(60))

  /// Those of exchange.yaml.
  static let exchange: [ConfigKey] =
    [
      .key(
        "private_key", .secret,
        "The key of an agent wallet that signs orders, as ${VARIABLE}; never the master key."),
      .key(
        "private_key_file", .keyFile,
        "A file of mode 0600 that holds the key instead, relative to the directory of this file."),
      .required(
        "main_address", .account,
        "The account that is looked at and traded for, not the address of the agent wallet."),
      .key("vault_address", .account, "The vault or sub-account to trade for instead."),
    ] + network + [
      .key(
        "live", .flag, "false",
        "Whether real orders are wanted; nof0 run --live is needed too, else the run is dry."),
      .key(
        "allow_master_key", .flag, "false",
        "Whether the key may be the account's own, which can withdraw all its money."),
      .key("timeout", requestTime, "10s", "How long one request may take."),
      .key(
        "answer_patience", .spanWithin(from: .zero, to: .seconds(120)), "25s",
        "How long a run waits for the outcome of an order before it leaves that to the next run."),
    ]
    + ["api_key", "api_secret", "passphrase"].map {
      .meaningless($0, "Hyperliquid knows no such thing: orders are signed with private_key")
    }

  /// Those of market.yaml.
  static let market: [ConfigKey] =
    [
      ConfigKey(
        name: "symbols", shape: .list(.coin(orNone: false), atLeast: 0),
        summary: "The coins it offers; left out, each trader names its own.")
    ] + network + [
      .key("timeout", requestTime, "8s", "How long one question may take, repetitions included."),
      .key("http_timeout", requestTime, "10s", "How long one request may take."),
      .key("max_retries", .whole(0...100), "3", "How often a failed request is repeated."),
      .key(
        "retention", .spanWithin(from: .day, to: .day * 1000), "60d",
        "How long candles, funding rates and open interest are kept."),
      .meaningless("mode", "every run reads afresh"),
    ]

  // Neither has a default of its own: ``ConfigAssembly`` shows the network they lead to.
  private static let network: [ConfigKey] = [
    .key(
      "network", .word(["mainnet", "testnet"]),
      "mainnet, which is the default, or testnet, where money is not real."),
    .key("testnet", .flag, "nof0's way to say network: testnet."),
    .key(
      "base_url", .address,
      "Another server to ask, for tests and proxies; http:// only on this very machine."),
  ]
}
