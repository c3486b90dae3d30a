import Arena
import Foundation
import Testing
import Trading

@Suite struct ConfigKeyTests {
  /// Writes a key file of a mode and hands its path over.
  private func withKeyFile<Result>(
    _ bytes: String, mode: Int, _ work: (String) throws -> Result
  ) throws -> Result {
    let path = FileManager.default.temporaryDirectory.path() + "/nof0-key-\(UUID().uuidString)"
    try bytes.write(toFile: path, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }  // Only clutter would stay.
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return try work(path)
  }

  private func read(_ path: String) throws -> String {
    try SecretReader.read(.file(path: path), ConfigEnvironment([:]))
  }

  @Test(arguments: [0o600, 0o400, 0o700])
  func readsAFileThatOnlyItsOwnerMayUse(mode: Int) throws {
    let key = try withKeyFile("canary\r\n\n", mode: mode) { try read($0) }

    #expect(key == "canary")
  }

  @Test(arguments: [0o640, 0o604, 0o644, 0o660, 0o777])
  func refusesAFileThatOthersMayUse(mode: Int) throws {
    try withKeyFile("canary", mode: mode) { path in
      let failure = #expect(throws: SecretFailure.self) { try read(path) }

      #expect(
        failure?.description
          == "the file \(path) has mode 0\(String(mode, radix: 8)), so that others may use it; "
          + "run chmod 600 \(path)")
    }
  }

  @Test func refusesWhatIsNoKey() throws {
    try withKeyFile(" \n", mode: 0o600) { path in
      let failure = #expect(throws: SecretFailure.self) { try read(path) }
      #expect(failure?.description == "the file \(path) holds no key; write the key into it")
    }
    try withKeyFile("canary\nX-Other: 1", mode: 0o600) { path in
      let failure = #expect(throws: SecretFailure.self) { try read(path) }
      #expect(
        failure?.description
          == "the key in the file \(path) has spaces, line breaks or letters beyond ASCII in it; "
          + "copy it again")
    }
    let missing = #expect(throws: SecretFailure.self) { try read("/no/such/key") }
    #expect(
      missing?.description
        == "the file /no/such/key cannot be read: No such file or directory; "
        + "create it with the key in it and mode 0600")
    let folder = #expect(throws: SecretFailure.self) { try read("/tmp") }
    #expect(folder?.description == "/tmp is not a file; name a file with the key in it")
  }

  @Test func readsVariablesAndLiterals() throws {
    let environment = ConfigEnvironment(["KEY": " canary \n", "BLANK": " "])

    #expect(try SecretReader.read(.environment(variable: "KEY"), environment) == "canary")
    #expect(try SecretReader.read(.literal(Redacted("canary")), environment) == "canary")
    for name in ["BLANK", "MISSING"] {
      let failure = #expect(throws: SecretFailure.self) {
        try SecretReader.read(.environment(variable: name), environment)
      }
      #expect(
        failure?.description
          == "the variable \(name) is not set; set it in the environment or in .env")
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let llm: String
    var keys: [String: String] = [:]
    var environment: [String: String] = [:]
    let sentences: [String]
    var testDescription: String { sentences.first ?? llm }
  }

  static let cases = [
    Case(
      llm: "default_model: m\nmodels: {m: {}}",
      sentences: [
        "llm.yaml:2:13: error: trader a asks model m at https://zenmux.ai/api/v1, for which no key "
          + "is named; add api_key: ${A_VARIABLE} to models.m and set that variable in the "
          + "environment or in .env"
      ]),
    Case(
      llm: "default_model: x/y",
      sentences: [
        "llm.yaml:1:1: error: trader a asks model x/y at https://zenmux.ai/api/v1, for which no "
          + "key is named; add api_key: ${A_VARIABLE} to llm.yaml and set that variable in the "
          + "environment or in .env"
      ]),
    Case(
      llm: "default_model: m\napi_key: ${TOP}\nmodels:\n"
        + "  m: {api_key: \"${OWN}\", fallback: n}\n  n: {}",
      sentences: [
        "llm.yaml:4:16: error: trader a asks model m: the variable OWN is not set; "
          + "set it in the environment or in .env",
        "llm.yaml:2:10: error: trader a asks model n: the variable TOP is not set; "
          + "set it in the environment or in .env",
      ]),
    Case(
      llm: "default_model: m\nmodels:\n  m: {api_key_file: key.txt}",
      sentences: [
        "llm.yaml:3:21: error: trader a asks model m: the file key.txt holds no key; "
          + "write the key into it"
      ]),
    Case(llm: "default_model: m\nmodels: {m: {base_url: 'http://127.0.0.1:8080'}}", sentences: []),
    Case(llm: "default_model: m\nmodels: {m: {base_url: 'https://localhost'}}", sentences: []),
    Case(llm: "default_model: m\nmodels: {m: {base_url: 'http://[::1]:1'}}", sentences: []),
    Case(
      llm: "default_model: m\nmodels: {m: {api: scripted, script: answers.json}}",
      sentences: []),
    Case(
      llm: "default_model: m\nmodels: {m: {}}\napi_key: ${TOP}", environment: ["TOP": "canary"],
      sentences: []),
    Case(
      llm: "default_model: m\nmodels: {m: {}, other: {api_key: \"${OTHER}\"}}\napi_key: ${TOP}",
      environment: ["TOP": "canary"], sentences: []),
  ]

  @Test(arguments: cases)
  func tellsARunWhichKeysItLacks(item: Case) throws {
    let loaded = ConfigFixtures.asking(
      item.llm, keys: item.keys, environment: item.environment)

    #expect(loaded.issues == [])
    #expect(loaded.config?.issuesForRun.map(\.description) == item.sentences)
  }

  @Test func namesTheFirstOfManyTraders() {
    var text = "traders:\n"
    for id in "abcde" {
      text += ConfigFixtures.trader(keys: ["executor": "{kind: llm}"])
        .replacing("traders:\n", with: "").replacing("id: a", with: "id: \(id)")
    }
    let loaded = ConfigFixtures.load([
      "llm.yaml": "default_model: m\napi_key: ${K}\nmodels: {m: {}}", "manager.yaml": text,
    ])

    #expect(
      loaded.config?.issuesForRun.map(\.problem) == [
        "traders a, b, c and 2 more ask model m: the variable K is not set"
      ])
  }
}
