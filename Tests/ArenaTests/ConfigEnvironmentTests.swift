import Arena
import Foundation
import Testing
import Trading

@Suite struct ConfigEnvironmentTests {
  static let expansions: [(text: String, name: String?)] = [
    ("${A}", "one"), ("$A", "one"), ("x-${A}-y", "x-one-y"), ("$A$B", "onetwo"),
    ("$$A", "$A"), ("5$", "5$"), ("$ {A}", "$ {A}"), ("${A", nil), ("${}", nil), ("${9}", nil),
    ("${MISSING}", nil), ("$MISSING", nil),
  ]

  @Test(arguments: expansions)
  func replacesVariables(text: String, name: String?) {
    let loaded = ConfigFixtures.load(
      ["nof0.yaml": "name: '\(text)'\n"], environment: ["A": "one", "B": "two"])

    #expect(loaded.config?.name == name)
    #expect((loaded.config == nil) == (name == nil))
  }

  @Test func namesTheVariableThatIsNotSet() {
    let loaded = ConfigFixtures.load(["nof0.yaml": "run:\n  deadline: ${HOW_LONG}\n"])

    #expect(
      loaded.issues.map(\.description) == [
        "nof0.yaml:2:13: error: run.deadline: the variable HOW_LONG is not set; "
          + "set it in the environment or in .env"
      ])
  }

  @Test func neverShowsWhatAVariableHolds() {
    let loaded = ConfigFixtures.load(
      ["nof0.yaml": "run:\n  deadline: ${HOW_LONG}\n"], environment: ["HOW_LONG": "canary"])

    #expect(
      loaded.issues.map(\.description) == [
        "nof0.yaml:2:13: error: run.deadline: expected a duration above zero, was \"${HOW_LONG}\" "
          + "with what is set for it; for example deadline: 3m"
      ])
  }

  @Test func letsTheEnvironmentWinOverLLMKeys() throws {
    let loaded = ConfigFixtures.load(
      ["llm.yaml": "timeout: 5s\nbase_url: https://file\n"],
      environment: ["ZENMUX_TIMEOUT": "7s", "ZENMUX_BASE_URL": "", "ZENMUX_API_KEY": "canary"])
    let llm = try #require(loaded.config?.llm)

    #expect(llm.timeout == .seconds(7))
    #expect(llm.baseURL == "https://file")
    #expect(llm.apiKey == .environment(variable: "ZENMUX_API_KEY"))
    #expect(!loaded.effective.text.contains("canary"))
    #expect(loaded.effective.text.contains("timeout: 7s  # environment ZENMUX_TIMEOUT"))
  }

  /// Writes files into a fresh directory with `config/` below and loads that.
  private func loadFromDisk(
    _ extra: [String: String], environment: [String: String] = [:],
    files: [String: String]? = nil
  ) throws -> (LoadedConfig, directory: String) {
    let top = FileManager.default.temporaryDirectory
      .appending(path: "nof0-config-\(UUID().uuidString)")
    let config = top.appending(path: "config")
    try FileManager.default.createDirectory(at: config, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: top) }  // Only clutter would stay.
    let named = ConfigFixtures.small.merging(["nof0.yaml": "name: $NAME\n"]) { $1 }
    for (name, text) in files ?? named {
      try text.write(to: config.appending(path: name), atomically: false, encoding: .utf8)
    }
    for (name, text) in extra {
      try FileManager.default.createDirectory(
        at: top.appending(path: name).deletingLastPathComponent(),
        withIntermediateDirectories: true)
      try text.write(to: top.appending(path: name), atomically: false, encoding: .utf8)
    }
    let environment = environment.mapValues { $0.replacing("TOP", with: top.path()) }
    return (
      ConfigFiles.load(directory: config.path() + "/", environment: environment), config.path()
    )
  }

  struct DotEnvCase: Sendable {
    let file: String
    var environment: [String: String] = [:]
    let name: String?
  }

  static let dotEnvs = [
    DotEnvCase(file: "NAME=plain\n", name: "plain"),
    DotEnvCase(file: "# x\n\nexport NAME = spaced # comment\r\n", name: "spaced"),
    DotEnvCase(file: "A=1\nNAME=\"a ${A} # b\"\n", name: "a 1 # b"),
    DotEnvCase(file: "A=1\nNAME='a ${A}'\n", name: "a ${A}"),
    DotEnvCase(file: "NAME=file\n", environment: ["NAME": "process"], name: "process"),
    DotEnvCase(
      file: "NAME=file\n", environment: ["NAME": "process", "DOTENV_OVERLOAD": "1"], name: "file"),
    DotEnvCase(file: "NAME=file\n", environment: ["NO_DOTENV": "1"], name: nil),
    DotEnvCase(file: "NAME=file\n", environment: ["ENV_FILE": "TOP/other.env"], name: "other"),
    DotEnvCase(file: "NAME=file\n", environment: ["ENV_FILE": "TOP/none.env"], name: nil),
    DotEnvCase(file: "NAME=\"open\n", name: nil),
    DotEnvCase(file: "NAME=a\nnonsense\n", name: nil),
  ]

  @Test(arguments: dotEnvs)
  func readsTheDotEnvFileBesideTheDirectory(item: DotEnvCase) throws {
    let (loaded, _) = try loadFromDisk(
      [".env": item.file, "other.env": "NAME=other\n"], environment: item.environment)

    #expect(loaded.config?.name == item.name)
    #expect(loaded.errors.isEmpty == (item.name != nil))
  }

  @Test func tellsTheLineOfABadDotEnv() throws {
    let (loaded, _) = try loadFromDisk([".env": "NAME=a\ncanary\n"])

    #expect(
      loaded.issues.first?.description.hasSuffix(
        "/.env:2:1: error: expected NAME=value; write one variable a line, or put # before a "
          + "comment") == true)
  }

  @Test func namesFilesWithTheirDirectory() throws {
    let (loaded, directory) = try loadFromDisk([:], environment: ["NO_DOTENV": "1"])

    #expect(
      loaded.issues.map(\.description) == [
        "\(directory)/nof0.yaml:1:7: error: name: the variable NAME is not set; "
          + "set it in the environment or in .env"
      ])
  }

  @Test func namesFilesWithTheirDirectoryBeforeARunToo() throws {
    let (loaded, directory) = try loadFromDisk(NOF0Etc.prompts, files: NOF0Etc.files)
    let config = try #require(loaded.config)

    #expect(config.issuesForRun.first?.place.file == "\(directory)/manager.yaml")
    #expect(loaded.issues.allSatisfy { $0.place.file.hasPrefix(directory) })
  }
}
