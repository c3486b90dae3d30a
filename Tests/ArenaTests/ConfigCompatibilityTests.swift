import Arena
import Testing
import Trading

/// A nof0 `etc/` directory, written from the key tables of the configuration contract.
enum NOF0Etc {
  static let prompts = [
    "prompts/manager/aggressive_short.tmpl": "A persona.",
    "prompts/executor/default_prompt.tmpl": "{{/* Version: v1.0.0 */}}\n{{.CurrentTime}}",
  ]

  static let files = [
    "nof0.yaml": """
    Name: nof0
    Host: 0.0.0.0
    Port: 8888
    Env: test
    DataPath: ../mcp/data
    Postgres:
      DataSource: ${Postgres__DataSource}
      MaxOpen: 25
    Cache:
      - Host: ${Cache__Host}
        Tls: ${Cache__Tls}
    TTL: {Short: 10, Medium: 60, Long: 300}
    Logging:
      SlowThreshold: {SQL: 10000, Redis: 5000}
    LLM: {File: llm.yaml}
    Executor: {File: executor.yaml}
    Manager: {File: manager.yaml}
    Exchange: {File: exchange.yaml}
    Market: {File: market.yaml}
    Cors: {AllowOrigins: ["*"]}
    """,
    "llm.yaml": """
    base_url: https://zenmux.ai/api/v1
    api_key: ${ZENMUX_API_KEY}
    default_model: gpt-5
    timeout: 60s
    max_retries: 3
    log_level: info
    models:
      gpt-5:
        provider: openai
        model_name: openai/gpt-5
        temperature: 0.7
        max_completion_tokens: 4096
        priority: 1
      deepseek-chat: {provider: deepseek, model_name: deepseek/deepseek-chat-v3.1}
    budget:
      daily_token_limit: 500000
      alert_threshold_pct: 80
      strict_enforcement: true
      cost_per_million_tokens: {gpt-5: 18, deepseek-chat: 2}
    """,
    "executor.yaml": """
    major_coin_leverage: 20
    altcoin_leverage: 10
    min_confidence: 75
    min_risk_reward: 3.0
    max_positions: 4
    decision_interval: 3m
    decision_timeout: 60s
    max_concurrent_decisions: 1
    allowed_trader_ids: []
    signing_key: ${SIGNING_KEY}
    overrides: {}
    prompt_schema_version: "v1.0.0"
    prompt_validation: {strict_mode: false, require_version_header: true}
    output_validation: {enabled: true, schema_path: ../schemas/x.json, fail_on_invalid: true}
    """,
    "exchange.yaml": """
    default: hyperliquid_testnet
    providers:
      hyperliquid_testnet:
        type: Hyperliquid
        private_key: ${HYPERLIQUID_PRIVATE_KEY}
        main_address: "0x00000000000000000000000000000000000000a1"
        vault_address: ""
        testnet: true
        timeout: 30s
        api_secret: ${SECRET}
      paper:
        type: sim
        testnet: true
    """,
    "market.yaml": """
    default: hyperliquid
    providers:
      hyperliquid: {type: hyperliquid, testnet: false, mode: live, timeout: 8s, max_retries: 3}
    """,
    "manager.yaml": """
    manager:
      total_equity_usd: 10000
      reserve_equity_pct: 10
      allocation_strategy: performance_based
      rebalance_interval: 1h
      state_storage_backend: file
      state_storage_path: ../data/manager_state.json
    traders:
      - id: aggressive_short
        name: Aggressive
        exchange_provider: hyperliquid_testnet
        market_provider: hyperliquid
        order_style: market_ioc
        market_ioc_slippage_bps: 75
        prompt_template: prompts/manager/aggressive_short.tmpl
        executor_prompt_template: prompts/executor/default_prompt.tmpl
        model: gpt-5
        decision_interval: 3m
        allocation_pct: 40
        auto_start: true
        journal_enabled: true
        journal_dir: ../journal/a
        risk_params:
          max_positions: 3
          max_position_size_usd: 500
          max_margin_usage_pct: 60
          major_coin_leverage: 20
          altcoin_leverage: 10
          min_risk_reward_ratio: 3.0
          min_confidence: 75
          stop_loss_enabled: true
          take_profit_enabled: true
        exec_guards:
          max_new_positions_per_cycle: 1
          cooldown_after_close: ""
    monitoring:
      update_interval: 15s
      alert_webhook: ${ALERT_WEBHOOK}
      metrics_exporter: prometheus
    """,
  ]
}

@Suite struct ConfigCompatibilityTests {
  private func loaded() -> LoadedConfig {
    ConfigDecoder.decode(
      NOF0Etc.files, environment: ConfigEnvironment([:]), surroundings: .memory(NOF0Etc.prompts))
  }

  @Test func loadsANof0DirectoryWithANoticeForEachKeyWithoutMeaning() throws {
    let loaded = loaded()

    #expect(loaded.errors == [])
    let config = try #require(loaded.config)
    #expect(config.name == "nof0")
    let trader = try #require(config.traders.first)
    guard case .model(let executor) = trader.executor else {
      Issue.record("expected a model, was \(trader.executor)")
      return
    }
    #expect(executor.model.name == "gpt-5")
    #expect(executor.persona.text == "A persona.")
    #expect(executor.prompt.path == "prompts/executor/default_prompt.tmpl")
    #expect(config.llm.caps.arenaTokens == 500_000)
    #expect(config.llm.models[0].prices?.output == USD(whole: 18))
    #expect(trader.initialEquity == USD(whole: 9000))
    #expect(config.allocation?.strategy == .performanceBased)
    #expect(config.allocation?.interval == .hours(1))
    #expect(trader.marketSlippage == Bps(whole: 75))
    #expect(config.journal.silent == [])
    #expect(config.journal.own.map(\.value) == ["../journal/a"])
    #expect(config.journal.keep == .day * 30)
    #expect(
      loaded.issues.filter { $0.problem.hasSuffix("has no meaning here") }.map(\.key) == [
        "host", "port", "datapath", "postgres", "cache", "ttl", "logging", "cors",
        "models.gpt-5.priority", "signing_key",
        "manager.state_storage_backend", "manager.state_storage_path",
        "monitoring.update_interval", "monitoring.metrics_exporter",
        "providers.hyperliquid_testnet.api_secret", "providers.paper.testnet",
        "providers.hyperliquid.mode",
      ])
    #expect(
      loaded.issues.filter { !$0.problem.hasSuffix("has no meaning here") }.map(\.problem) == [
        "max_concurrent_decisions is 1, so traders decide one after another (nof0 had this "
          + "default, and nothing used it)",
        "traders.aggressive_short.allocation_pct has no effect on allocation_strategy "
          + "performance_based",
        "monitoring.alert_webhook: the variable ALERT_WEBHOOK is not set, so that nobody is told "
          + "of alerts there",
      ])
  }

  @Test func keepsARunFromTradingOnTypesThatAreNotThereYet() throws {
    let loaded = ConfigFixtures.load([
      "exchange.yaml": "default: b\nproviders: {b: {type: binance_spot}}",
      "market.yaml": "default: b\nproviders: {b: {type: binance_futures}}",
    ])
    let config = try #require(loaded.config)

    #expect(
      config.issuesForRun.map(\.problem) == [
        "trader a trades on provider b of type binance_spot, which this version cannot trade on",
        "trader a looks at market b of type binance_futures, which this version cannot read from",
      ])
    #expect(
      config.issuesForRun.map(\.advice) == [
        "use type: sim or type: hyperliquid", "use type: synthetic, recorded or hyperliquid",
      ])
  }

  @Test func keepsARunFromTradingWhereItCannot() throws {
    let loaded = loaded()
    let config = try #require(loaded.config)

    #expect(
      config.issuesForRun.map(\.description) == [
        "manager.yaml:9:5: error: trader aggressive_short names no symbols, and neither does "
          + "market hyperliquid; add symbols: [BTC, ETH] to traders.aggressive_short or to the "
          + "market",
        "manager.yaml:12:22: error: trader aggressive_short trades on exchange "
          + "hyperliquid_testnet, which is Hyperliquid's testnet, and market hyperliquid shows the "
          + "prices of mainnet; use a market of type: hyperliquid and network: testnet",
        "llm.yaml:2:10: error: trader aggressive_short asks model gpt-5: the variable "
          + "ZENMUX_API_KEY is not set; set it in the environment or in .env",
      ])
  }
}
