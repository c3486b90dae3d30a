import Arena
import Testing
import Trading

/// What opens a new era of a trader that a model decides for, and what does not.
@Suite struct ConfigEraTests {
  private static let llm = "default_model: m\nmodels: {m: {MORE}, n: {}}\n"

  private func digest(
    model: String = "temperature: 0.5", keys: [String: String] = [:],
    executor: String = "{kind: llm}", persona: String? = nil, more: String = ""
  ) throws -> String {
    let trader = ConfigFixtures.trader(keys: ["executor": executor].merging(keys) { $1 })
    let loaded = ConfigFixtures.load(
      [
        "llm.yaml": Self.llm.replacing("MORE", with: model) + more, "manager.yaml": trader,
      ],
      texts: persona.map { ["prompts/manager/conservative_long.mustache": $0] } ?? [:])
    return try #require(loaded.config?.traders.first?.configDigest, "\(loaded.errors)")
  }

  @Test func opensForEveryChangeOfWhatIsAsked() throws {
    let digests = try [
      digest(), digest(persona: "Another."), digest(model: "temperature: 0.6"),
      digest(model: "temperature: 0.5, model_name: other"),
      digest(model: "temperature: 0.5, fallback: n"),
      digest(model: "temperature: 0.5, structured: text"),
      digest(model: "temperature: 0.5, base_url: 'https://other.example'"),
      digest(keys: ["model": "n"]), digest(executor: "{replicas: 2}"),
      digest(executor: "{routing: urgency, cheap_model: n}"),
      digest(keys: ["executor_prompt_template": "sub/prompt.mustache"]),
      digest(executor: "{kind: http, base_url: 'http://localhost:1'}"),
      digest(executor: "{kind: http, base_url: 'http://localhost:2'}"),
      digest(executor: "{kind: command, command: [trader.sh]}"),
      digest(executor: "{kind: command, command: [trader.sh, -v]}"),
      digest(executor: "{kind: command, command: [trader.sh], pass_environment: [A]}"),
      digest(executor: "{kind: command, command: [trader.sh], working_directory: sub}"),
    ]

    #expect(Set(digests).count == digests.count)
  }

  @Test func staysForWhatDoesNotChangeTheTrader() throws {
    let digests = try [
      digest(), digest(model: "temperature: 0.5, price: {input: 1, output: 2}"),
      digest(model: "temperature: 0.5, max_concurrency: 3, requests_per_minute: 5"),
      digest(model: "temperature: 0.5, api_key: k"), digest(keys: ["model": "m"]),
      digest(keys: ["prompt_template": "prompts/manager/conservative_long.mustache"]),
      digest(executor: "{kind: llm, replicas: 1, routing: fixed}"),
      digest(more: "timeout: 5s\nmax_retries: 1\ncache_ttl: 1m\n"),
    ]

    #expect(Set(digests).count == 1)
  }

  @Test func staysForBaselinesWhateverModelsThereAre() throws {
    let baseline = "{kind: baseline, rule: flat}"

    #expect(try digest(executor: baseline) == digest(model: "top_p: 1", executor: baseline))
  }
}
