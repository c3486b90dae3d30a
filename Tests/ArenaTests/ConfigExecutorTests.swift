import Arena
import Foundation
import Testing
import Trading

@Suite struct ConfigExecutorTests {
  private static let models =
    "default_model: m\nmodels: {m: {}, c: {tier: cheap}, d: {}}\nbase_url: http://localhost:1\n"

  private func executor(
    _ text: String, keys: [String: String] = [:], llm: String = Self.models
  ) -> ExecutorSpec? {
    ConfigFixtures.asking(llm, keys: keys, executor: text).config?.traders.first?.executor
  }

  @Test func findsTheDefaultPromptsUpwards() throws {
    guard case .model(let model) = try #require(executor("{kind: llm}")) else {
      Issue.record("expected a model")
      return
    }

    #expect(model.model.name == "m")
    #expect(model.cheapModel == nil)
    #expect(model.replicas == 1)
    #expect(model.persona.path == "prompts/manager/conservative_long.mustache")
    #expect(model.prompt.text == "Version: v1\n{{time}}\n")
    #expect(model.prompt.digest == SHA256Digest.hex(of: Array(model.prompt.text.utf8)))
  }

  struct Choice: Sendable {
    let executor: String
    var keys: [String: String] = [:]
    let model: String
    var cheap: String?
    var prompt = "prompts/executor/default.mustache"
  }

  static let choices = [
    Choice(executor: "", model: "m"),
    Choice(executor: "{kind: llm}", keys: ["model": "d"], model: "d"),
    Choice(executor: "{kind: llm, model: c}", keys: ["model": "d"], model: "c"),
    Choice(executor: "{routing: urgency}", model: "m", cheap: "c"),
    Choice(executor: "{routing: urgency, cheap_model: d}", model: "m", cheap: "d"),
    Choice(executor: "{routing: fixed, cheap_model: d}", model: "m"),
    Choice(
      executor: "{}", keys: ["executor_prompt_template": "sub/prompt.mustache"], model: "m",
      prompt: "sub/prompt.mustache"),
    Choice(
      executor: "{}", keys: ["executor_prompt_template": "prompts/mine.mustache"], model: "m",
      prompt: "prompts/mine.mustache"),
  ]

  @Test(arguments: choices)
  func choosesModelAndPrompt(choice: Choice) throws {
    guard case .model(let model)? = executor(choice.executor, keys: choice.keys) else {
      Issue.record("expected a model")
      return
    }

    #expect(model.model.name == choice.model)
    #expect(model.cheapModel?.name == choice.cheap)
    #expect(model.prompt.path == choice.prompt)
  }

  @Test func asksAnAddress() throws {
    let loaded = ConfigFixtures.asking(
      "", executor: "{kind: http, base_url: 'http://[::1]:9000/bot/', api_key: \"${BOT}\"}")
    let config = try #require(loaded.config)
    let id = try #require(TraderID("a"))

    #expect(loaded.issues == [])
    #expect(
      config.traders[0].executor
        == .http(HTTPExecutor(url: "http://[::1]:9000/bot/api/v1/decision")))
    #expect(config.executorKeys == [id: .environment(variable: "BOT")])
    #expect(
      config.issuesForRun.map(\.description) == [
        "manager.yaml:3:73: error: trader a asks http://[::1]:9000/bot: the variable BOT is not "
          + "set; set it in the environment or in .env"
      ])
  }

  @Test func startsAProgram() {
    let text =
      "{kind: command, command: [trader.sh, -v, -v, $HOME], pass_environment: [A_1, B], "
      + "working_directory: sub}"
    let loaded = ConfigFixtures.asking("", executor: text, environment: ["HOME": "canary"])

    #expect(loaded.issues == [])
    #expect(
      loaded.config?.traders[0].executor
        == .command(
          CommandExecutor(
            arguments: ["trader.sh", "-v", "-v", "canary"], passedVariables: ["A_1", "B"],
            folder: "sub")))
    #expect(!loaded.effective.text.contains("canary"))
    #expect(loaded.effective.text.contains("command: [trader.sh, -v, -v, $HOME]"))
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let executor: String
    var keys: [String: String] = [:]
    let sentences: [String]
    var testDescription: String { sentences.first ?? executor }
  }

  static let cases = [
    Case(
      executor: "{kind: http, base_url: localhost}",
      sentences: [
        "manager.yaml:3:38: error: traders.a.executor.base_url: expected an address such as "
          + "https://api.openai.com/v1, without user name, ? and #, was \"localhost\"; "
          + "for example base_url: https://api.openai.com/v1"
      ]),
    Case(
      executor: "{kind: llm}", keys: ["prompt_template": "${NOWHERE}"],
      sentences: [
        "manager.yaml:4:22: error: traders.a.prompt_template: the variable NOWHERE is not set; "
          + "set it in the environment or in .env"
      ]),
    Case(
      executor: "{kind: http}",
      sentences: [
        "manager.yaml:3:22: error: traders.a.executor.base_url is missing, kind http needs it; "
          + "add for example base_url: http://127.0.0.1:9000"
      ]),
    Case(
      executor: "{kind: http, base_url: 'http://example.com', api_key: \"${K}\"}",
      sentences: [
        "manager.yaml:3:38: error: traders.a.executor.base_url: a key would travel unencrypted to "
          + "example.com; write https://, or remove the key"
      ]),
    Case(
      executor: "{kind: command}",
      sentences: [
        "manager.yaml:3:22: error: traders.a.executor.command is missing, kind command needs it; "
          + "add for example command: [/usr/bin/python3, trader.py]"
      ]),
    Case(
      executor: "{kind: command, command: 'trader.sh -v'}",
      sentences: [
        "manager.yaml:3:40: error: traders.a.executor.command: expected a list, was text; "
          + "write the program and each argument apart, for example "
          + "command: [/usr/bin/python3, trader.py]; no shell reads it"
      ]),
    Case(
      executor: "{kind: command, command: []}",
      sentences: [
        "manager.yaml:3:40: error: traders.a.executor.command: expected a program, was an empty "
          + "list; for example command: [/usr/bin/python3, trader.py]"
      ]),
    Case(
      executor: "{kind: command, command: [python3, x.py]}",
      sentences: [
        "manager.yaml:3:41: error: traders.a.executor.command: the program python3 does not "
          + "exist; write its whole path, for example /usr/bin/python3"
      ]),
    Case(
      executor: "{kind: command, command: [notes.txt]}",
      sentences: [
        "manager.yaml:3:41: error: traders.a.executor.command: the file notes.txt may not be "
          + "executed; run chmod +x notes.txt, or name the program that reads it first"
      ]),
    Case(
      executor: "{kind: command, command: [sub]}",
      sentences: [
        "manager.yaml:3:41: error: traders.a.executor.command: sub is a folder; "
          + "name a program in it"
      ]),
    Case(
      executor: "{kind: command, command: [trader.sh], working_directory: gone}",
      sentences: [
        "manager.yaml:3:72: error: traders.a.executor.working_directory: there is no directory "
          + "gone; correct the path, which is relative to the directory of manager.yaml"
      ]),
    Case(
      executor: "{kind: command, command: [trader.sh], pass_environment: [A=1]}",
      sentences: [
        "manager.yaml:3:72: error: traders.a.executor.pass_environment: expected the name of an "
          + "environment variable, was \"A=1\"; for example pass_environment: MY_SETTING"
      ]),
    Case(
      executor: "{kind: llm, replicas: 17}",
      sentences: [
        "manager.yaml:3:37: error: traders.a.executor.replicas: expected a whole number from 1 to "
          + "16, was \"17\"; for example replicas: 3"
      ]),
    Case(
      executor: "{kind: llm, cheap_model: mm, routing: urgency}",
      sentences: [
        "manager.yaml:3:40: error: traders.a.executor.cheap_model: llm.yaml has no model \"mm\"; "
          + "did you mean m?"
      ]),
    Case(
      executor: "{kind: llm}", keys: ["prompt_template": "nowhere.mustache"],
      sentences: [
        "manager.yaml:4:22: error: traders.a.prompt_template: the file nowhere.mustache does not "
          + "exist; correct the path, which is relative to the directory of manager.yaml"
      ]),
    Case(
      executor: "{kind: llm}", keys: ["executor_prompt_template": "prompts/blank.mustache"],
      sentences: [
        "manager.yaml:4:31: error: traders.a.executor_prompt_template: the file "
          + "prompts/blank.mustache is empty; write the template into it"
      ]),
    Case(
      executor: "{kind: llm}", keys: ["prompt_template": "long.mustache"],
      sentences: [
        "manager.yaml:4:22: error: traders.a.prompt_template: the file long.mustache is larger "
          + "than 256 kB; name another template"
      ]),
  ]

  @Test(arguments: cases)
  func tellsWhatIsWrongWithAnExecutor(item: Case) {
    let trader = ConfigFixtures.trader(keys: ["executor": item.executor].merging(item.keys) { $1 })
    let loaded = ConfigFixtures.load(
      ["llm.yaml": Self.models, "manager.yaml": trader], environment: ["K": "k"],
      texts: ["long.mustache": String(repeating: "x", count: 256_001)])

    #expect(loaded.errors.map(\.description) == item.sentences)
    #expect(loaded.config == nil)
  }

  static let notices = [
    Case(
      executor: "{kind: llm, cheap_model: d}",
      sentences: [
        "traders.a.executor.cheap_model has no effect without routing: urgency"
      ]),
    Case(
      executor: "{kind: llm, model: d, command: [trader.sh]}", keys: ["model": "c"],
      sentences: [
        "traders.a.executor.command has no effect on kind llm",
        "traders.a.model has no effect beside traders.a.executor.model",
      ]),
    Case(
      executor: "{kind: baseline, rule: flat, replicas: 2, base_url: 'http://localhost'}",
      keys: ["model": "m"],
      sentences: [
        "traders.a.executor.replicas has no effect on kind baseline",
        "traders.a.executor.base_url has no effect on kind baseline",
        "traders.a.model has no effect on kind baseline",
      ]),
    Case(
      executor: "{kind: fusion, model: m}",
      sentences: [
        "trader a decides by kind fusion, which this version cannot run"
      ]),
  ]

  @Test(arguments: notices)
  func saysWhichKeysHaveNoEffect(item: Case) {
    let loaded = ConfigFixtures.asking(Self.models, keys: item.keys, executor: item.executor)

    #expect(loaded.issues.map(\.problem) == item.sentences)
    #expect(loaded.config != nil)
  }

  @Test func needsACheapModelForUrgency() {
    let loaded = ConfigFixtures.asking(
      "default_model: m\nmodels: {m: {}}", executor: "{routing: urgency}")

    #expect(
      loaded.errors.map(\.problem) == [
        "traders.a.executor.cheap_model is missing, routing: urgency needs it"
      ])
  }

  @Test func saysThatTheDefaultPromptsAreMissing() {
    let loaded = ConfigDecoder.decode(
      ConfigFixtures.small.merging([
        "llm.yaml": Self.models, "manager.yaml": ConfigFixtures.trader(keys: ["executor": ""]),
      ]) { $1 }, environment: ConfigEnvironment([:]), surroundings: .memory())

    #expect(
      loaded.errors.map(\.problem) == [
        "traders.a.prompt_template is missing, and so is its default "
          + "prompts/manager/conservative_long.mustache",
        "traders.a.executor_prompt_template is missing, and so is its default "
          + "prompts/executor/default.mustache",
      ])
  }

  @Test func showsPromptsWithTheirDigest() {
    let loaded = ConfigFixtures.asking(
      Self.models, keys: ["prompt_template": "sub/prompt.mustache"])
    // printf 'In a folder.\n' | sha256sum
    let digest = "63353a22e979aa43e68c074f2b2b6fcd97a8bafcccd815f6005d025efd9b614d"
    let standard = SHA256Digest.hex(of: Array("Version: v1\n{{time}}\n".utf8))

    #expect(
      loaded.effective.text.contains(
        "traders.a.prompt_template: sub/prompt.mustache  # manager.yaml:4, SHA-256 \(digest)\n"))
    #expect(
      loaded.effective.text.contains(
        "traders.a.executor_prompt_template: prompts/executor/default.mustache"
          + "  # default, SHA-256 \(standard)\n"))
  }

  struct Concurrency: Sendable {
    let text: String
    let most: Int?
    var isStrict = false
    var notices = 0
  }

  @Test(arguments: [
    Concurrency(text: "", most: nil), Concurrency(text: "max_concurrent_decisions: 0", most: nil),
    Concurrency(text: "max_concurrent_decisions: 1", most: 1, notices: 1),
    Concurrency(
      text: "max_concurrent_decisions: 8\nprompt_schema_version: v1\n"
        + "prompt_validation: {strict_mode: true, require_version_header: true}", most: 8,
      isStrict: true),
  ])
  func readsHowDecisionsAreMade(item: Concurrency) {
    let loaded = ConfigFixtures.load(["executor.yaml": item.text])

    #expect(loaded.issues.count == item.notices)
    #expect(loaded.config?.executor.maxConcurrentDecisions == item.most)
    #expect(loaded.config?.executor.isPromptVersionStrict == item.isStrict)
    #expect(loaded.config?.executor.requiresPromptVersion == item.isStrict)
  }

  @Test func needsTheVersionThatMustBeStated() {
    let loaded = ConfigFixtures.load([
      "executor.yaml": "prompt_validation: {require_version_header: true}"
    ])

    #expect(
      loaded.errors.map(\.description) == [
        "executor.yaml:1:45: error: prompt_validation.require_version_header needs "
          + "prompt_schema_version; add for example prompt_schema_version: v1.0.0"
      ])
  }
}
