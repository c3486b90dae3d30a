import Arena
import LLM
import Testing
import Trading

@Suite struct ConfigModelTests {
  @Test func readsAModelWithEverythingItMaySay() throws {
    let loaded = ConfigFixtures.asking(
      """
      base_url: https://common.example/v1/
      api_key: ${COMMON}
      timeout: 30s
      max_retries: 0
      cache_ttl: 0s
      ca_file: ca.pem
      models:
        strong:
          api: Anthropic
          base_url: HTTPS://API.example.com/v1//
          api_key: ${OWN}
          provider: somebody
          model_name: strong-1
          temperature: 0.7
          top_p: 0.95
          max_completion_tokens: 100
          context_tokens: 101
          structured: json_schema
          price: {input: 1.5, output: 6, cached_input: 0.15}
          max_concurrency: 2
          requests_per_minute: 30
          fallback: weak
          tier: strong
        weak: {price: {input: 1, output: 2}}
      """, keys: ["model": "strong"], environment: ["COMMON": "c", "OWN": "o"])

    #expect(loaded.issues == [])
    let llm = try #require(loaded.config?.llm)
    #expect(llm.cacheTTL == .zero)
    #expect(llm.caFile == "ca.pem")
    #expect(llm.maxRetries == 0)
    #expect(llm.caps == .none)
    let specs = try llm.specs { reference throws(SecretFailure) in
      try SecretReader.read(reference, loaded.environment)
    }
    let strong = try #require(ModelAlias("strong"))
    let weak = try #require(ModelAlias("weak"))
    #expect(
      specs == [
        ModelSpec(
          alias: strong, api: .anthropic, baseURL: "HTTPS://API.example.com/v1",
          apiKey: APIKey("o"), modelName: "strong-1", temperature: 0.7, topP: 0.95,
          maxCompletionTokens: 100, contextTokens: 101, structured: .jsonSchema,
          prices: TokenPrices(
            input: USD(mantissa: 150_000_000), output: USD(whole: 6),
            cachedInput: USD(mantissa: 15_000_000)), maxConcurrency: 2, requestsPerMinute: 30,
          fallback: weak, tier: .strong),
        ModelSpec(
          alias: weak, api: .openai, baseURL: "https://common.example/v1", apiKey: APIKey("c"),
          modelName: "weak", temperature: nil, topP: nil, maxCompletionTokens: 4096,
          contextTokens: nil, structured: .jsonObject,
          prices: TokenPrices(
            input: USD(whole: 1), output: USD(whole: 2), cachedInput: USD(whole: 1)),
          maxConcurrency: nil, requestsPerMinute: nil, fallback: nil, tier: nil),
      ])
  }

  @Test func asksAProvidersModelWithoutAnEntry() throws {
    let llm = try #require(
      ConfigFixtures.asking(
        "budget: {daily_usd_limit: 1, strict_enforcement: false, "
          + "cost_per_million_tokens: {maker/model-1: 3}}",
        keys: ["model": "maker/Model-1"], environment: ["ZENMUX_API_KEY": "z"]
      ).config?.llm)

    #expect(llm.usedModels.map(\.name) == ["maker/Model-1"])
    #expect(llm.models.map(\.baseURL) == ["https://zenmux.ai/api/v1"])
    #expect(llm.models.first?.prices?.input == USD(whole: 3))
    #expect(llm.models.first?.apiKey == .environment(variable: "ZENMUX_API_KEY"))
    #expect(
      llm.caps
        == SpendingCaps(
          arenaTokens: nil, arenaCost: USD(whole: 1), traderTokens: nil, traderCost: nil,
          alertAt: Pct(whole: 80), isStrict: false))
  }

  @Test func sendsTheCommonKeyToItsOwnServerOnly() throws {
    let llm = try #require(
      ConfigFixtures.load([
        "llm.yaml": """
        base_url: https://common.example/v1
        api_key: ${KEY}
        models:
          same: {base_url: "https://common.example:443/v2"}
          port: {base_url: "https://common.example:8443/v1"}
          other: {base_url: "https://other.example/v1"}
          tricky: {base_url: "https://common.example.evil.example/v1"}
        """
      ]).config?.llm)

    let key = SecretReference.environment(variable: "KEY")
    #expect(llm.models.map(\.apiKey) == [key, nil, nil, nil])
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let llm: String
    var model = "m"
    let sentences: [String]
    var testDescription: String { sentences.first ?? llm }
  }

  static let cases = [
    Case(
      llm: "models: {gpt-5: {}, m: {}}", model: "gpt5",
      sentences: [
        "manager.yaml:4:12: error: traders.a.model: llm.yaml has no model \"gpt5\"; "
          + "did you mean gpt-5?"
      ]),
    Case(
      llm: "models: {m: {}}", model: "nothing-like-it",
      sentences: [
        "manager.yaml:4:12: error: traders.a.model: llm.yaml has no model \"nothing-like-it\"; "
          + "add it to models there, or name a provider's model as PROVIDER/MODEL"
      ]),
    Case(
      llm: "models: {m: {}}", model: "'a b'",
      sentences: [
        "manager.yaml:4:12: error: traders.a.model: expected a model, was \"a b\"; "
          + "use a name of llm.yaml, or PROVIDER/MODEL"
      ]),
    Case(
      llm: "models: {m: {}, 'a b': {}}",
      sentences: [
        "llm.yaml:1:24: error: models.a b: expected a name of 1 to 128 letters, digits and "
          + "._-:/@+; choose another name for the model"
      ]),
    Case(
      llm: "base_url: http://example.com\napi_key: ${K}\nmodels: {m: {}, n: {}}",
      sentences: [
        "llm.yaml:1:11: error: base_url: a key would travel unencrypted to example.com; "
          + "write https://, or remove the key"
      ]),
    Case(
      llm: "models:\n  m: {base_url: 'http://127.0.0.1.evil.example', api_key: \"${K}\"}",
      sentences: [
        "llm.yaml:2:17: error: models.m.base_url: a key would travel unencrypted to "
          + "127.0.0.1.evil.example; write https://, or remove the key"
      ]),
    Case(
      llm: "models:\n  m: {base_url: 'https://user:canary@example.com'}",
      sentences: [
        "llm.yaml:2:17: error: models.m.base_url: expected an address such as "
          + "https://api.openai.com/v1, without user name, ? and #, was one that may hold a "
          + "secret; for example base_url: https://api.openai.com/v1"
      ]),
    Case(
      llm: "models:\n  m: {base_url: 'ftp://example.com'}",
      sentences: [
        "llm.yaml:2:17: error: models.m.base_url: expected an address such as "
          + "https://api.openai.com/v1, without user name, ? and #, was \"ftp://example.com\"; "
          + "for example base_url: https://api.openai.com/v1"
      ]),
    Case(
      llm: "models:\n  m: {fallback: n}\n  n: {fallback: o}\n  o: {fallback: m}",
      sentences: [
        "llm.yaml:2:17: error: models fall back on each other in a circle: m → n → o → m; "
          + "let one of them fall back on a model outside it, or on none"
      ]),
    Case(
      llm: "models:\n  m: {fallback: nn}\n  n: {}",
      sentences: [
        "llm.yaml:2:17: error: models.m.fallback: llm.yaml has no model \"nn\"; did you mean n?"
      ]),
    Case(
      llm: "models:\n  m: {api: scripted}",
      sentences: [
        "llm.yaml:2:12: error: models.m.script is missing, api scripted needs it; "
          + "add script: with the path of a file of answers"
      ]),
    Case(
      llm: "models:\n  m: {api: scripted, script: none.json}",
      sentences: [
        "llm.yaml:2:30: error: models.m.script: the file none.json does not exist; "
          + "correct the path, which is relative to the directory of this file"
      ]),
    Case(
      llm: "models:\n  m: {max_completion_tokens: 10, context_tokens: 10}",
      sentences: [
        "llm.yaml:2:50: error: models.m.context_tokens is 10, not above max_completion_tokens of "
          + "10; raise the first or lower the second"
      ]),
    Case(
      llm: "models:\n  m: {price: {input: 1}}",
      sentences: [
        "llm.yaml:2:15: error: models.m.price.output is missing; add for example output: 2"
      ]),
    Case(
      llm: "models:\n  m: {}\nbudget: {daily_usd_limit: 5, strict_enforcement: true}",
      sentences: [
        "llm.yaml:3:27: error: budget.daily_usd_limit needs the price of every model that is "
          + "asked; m has none; add price: {input: USD, output: USD} to models.m, per million "
          + "tokens"
      ]),
    Case(
      llm: "models:\n  m: {}\nbudget: {trader_daily_usd_limit: 5, strict_enforcement: true}",
      model: "x/y",
      sentences: [
        "llm.yaml:3:34: error: budget.trader_daily_usd_limit needs the price of every model that "
          + "is asked; x/y has none; add budget.cost_per_million_tokens: {x/y: USD}, per million "
          + "tokens"
      ]),
    Case(
      llm: "models:\n  m: {api_key: \"${K}\", api_key_file: k}",
      sentences: [
        "llm.yaml:2:38: error: models.m.api_key_file and api_key are both written; "
          + "keep one of them"
      ]),
    Case(
      llm: "models: {m: {}}\nca_file: none.pem",
      sentences: [
        "llm.yaml:2:10: error: ca_file: the file none.pem does not exist; "
          + "correct the path, which is relative to the directory of this file"
      ]),
    Case(
      llm: "models: {m: {tier: stron}}",
      sentences: [
        "llm.yaml:1:20: error: models.m.tier: expected one of cheap, strong, was \"stron\"; "
          + "did you mean strong?"
      ]),
  ]

  @Test(arguments: cases)
  func tellsWhatIsWrongWithAModel(item: Case) {
    let loaded = ConfigFixtures.asking(
      item.llm, keys: ["model": item.model], environment: ["K": "k"])

    #expect(loaded.errors.map(\.description) == item.sentences)
    #expect(loaded.config == nil)
  }

  static let notices = [
    Case(
      llm: "models: {m: {}}\nbudget: {daily_token_limit: 5}",
      sentences: [
        "llm.yaml:2:10: notice: budget.strict_enforcement is true when absent: a call beyond a "
          + "limit is refused (nof0's default was false, and nothing enforced it); "
          + "write it to say so"
      ]),
    Case(
      llm: "models: {m: {}}\nbudget: {alert_threshold_pct: 50}",
      sentences: [
        "llm.yaml:2:10: notice: budget states no limit, so nothing is limited; "
          + "add daily_usd_limit"
      ]),
    Case(
      llm: "models: {m: {}}\nbudget: {daily_token_limit: 5, strict_enforcement: true, "
        + "cost_per_million_tokens: {n: 1}}",
      sentences: [
        "llm.yaml:2:87: notice: budget.cost_per_million_tokens.n: llm.yaml has no model \"n\"; "
          + "did you mean m?"
      ]),
    Case(
      llm: "models: {m: {api: scripted, script: answers.json, base_url: 'https://x'}}",
      sentences: [
        "llm.yaml:1:61: notice: models.m.base_url has no effect on api scripted; remove it"
      ]),
    Case(
      llm: "models: {m: {script: answers.json}}",
      sentences: [
        "llm.yaml:1:22: notice: models.m.script has no effect on api openai; "
          + "remove it, or write api: scripted"
      ]),
    Case(
      llm: "models: {m: {base_url: 'http://10.0.0.7:8000/v1'}}",
      sentences: [
        "llm.yaml:1:24: notice: questions to model m travel unencrypted to 10.0.0.7; "
          + "use https:// unless you trust everybody on the way"
      ]),
  ]

  @Test(arguments: notices)
  func saysWhatHasLessEffectThanOneMayThink(item: Case) {
    let loaded = ConfigFixtures.asking(item.llm, keys: ["model": item.model])

    #expect(loaded.issues.map(\.description) == item.sentences)
    #expect(loaded.config != nil)
  }

  @Test func saysWhereAKeyOfTheEnvironmentGoes() {
    let loaded = ConfigFixtures.asking(
      "base_url: https://api.example.com/v1\napi_key: ${OWN}\nmodels: {m: {}}",
      keys: ["model": "m"], environment: ["OWN": "canary", "ZENMUX_API_KEY": "canary"])

    #expect(
      loaded.issues.map(\.description) == [
        "llm.yaml:2:10: notice: ZENMUX_API_KEY of the environment wins over api_key, so it is sent "
          + "to api.example.com; unset it, or give the models base_url and api_key of their own"
      ])
  }

  @Test func mindsModelsOnlyOnceATraderAsksThem() {
    let loaded = ConfigFixtures.load([
      "llm.yaml": "default_model: nobody\nmodels: {m: {}}\n"
        + "budget: {daily_usd_limit: 1, strict_enforcement: true}"
    ])

    #expect(loaded.issues == [])
    #expect(loaded.config?.issuesForRun == [])
    #expect(loaded.config?.llm.usedModels == [])
  }

  @Test func showsWhatFollowsFromOtherKeys() {
    let loaded = ConfigFixtures.asking(
      "default_model: m\nmodels: {m: {api: anthropic, api_key: canary-1}}")
    let lines = loaded.effective.text.split(separator: "\n")

    for line in [
      "models.m.api: anthropic  # llm.yaml:2",
      "models.m.structured: tool  # default of api anthropic",
      "models.m.base_url: https://zenmux.ai/api/v1  # base_url of llm.yaml",
      "models.m.model_name: m  # the alias", "models.m.max_completion_tokens: 4096  # default",
      "models.m.api_key: •••  # llm.yaml:2", "cache_ttl: 10m  # default",
      "traders.a.model: m  # default_model of llm.yaml",
    ] {
      #expect(lines.contains(Substring(line)), "\(line)")
    }
  }
}
