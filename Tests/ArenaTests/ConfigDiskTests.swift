import Arena
import Foundation
import Testing
import Trading

/// What the configuration points at, on a real disk.
@Suite struct ConfigDiskTests {
  /// Makes a folder with `arena/config/` and other files in it, loads that, and hands both over.
  private func load(
    _ manager: String, llm: String, files: [String: String] = [:], modes: [String: Int] = [:],
    _ check: (LoadedConfig, _ top: String) throws -> Void
  ) throws {
    let top = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appending(path: "nof0-disk-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: top) }  // Only clutter would stay.
    var all = files
    for (name, text) in ConfigFixtures.small { all["arena/config/\(name)"] = text }
    all["arena/config/manager.yaml"] = manager
    all["arena/config/llm.yaml"] = llm
    for (name, text) in all {
      let file = top.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: false, encoding: .utf8)
      try FileManager.default.setAttributes(
        [.posixPermissions: modes[name] ?? 0o644], ofItemAtPath: file.path())
    }
    let loaded = ConfigFiles.load(
      directory: top.appending(path: "arena/config").path(), environment: ["NO_DOTENV": "1"])
    try check(loaded, top.path())
  }

  @Test func findsPromptsBesideAboveAndByPath() throws {
    let manager = ConfigFixtures.trader(keys: [
      "executor": "{kind: llm}", "prompt_template": "../mine.mustache",
    ])
    try load(
      manager, llm: "default_model: m\nmodels: {m: {base_url: 'http://localhost'}}",
      files: [
        "arena/mine.mustache": "Mine.", "prompts/executor/default.mustache": "Far.",
        "arena/prompts/executor/default.mustache": "Near.",
      ]
    ) { loaded, top in
      #expect(loaded.issues == [])
      guard case .model(let model)? = loaded.config?.traders.first?.executor else {
        Issue.record("expected a model")
        return
      }
      #expect(model.persona.text == "Mine.")
      #expect(model.prompt.text == "Near.")
      #expect(model.prompt.path == "\(top)/arena/prompts/executor/default.mustache")
    }
  }

  @Test func refusesAPromptThatIsNotText() throws {
    let manager = ConfigFixtures.trader(keys: [
      "executor": "{kind: llm}", "prompt_template": "prompts", "executor_prompt_template": "x.mu",
    ])
    try load(
      manager, llm: "default_model: m\nmodels: {m: {base_url: 'http://localhost'}}",
      files: [
        "arena/config/prompts/x": "x", "arena/config/x.mu": String(repeating: "x", count: 256_001),
      ]
    ) { loaded, top in
      #expect(
        loaded.errors.map(\.problem) == [
          "traders.a.executor_prompt_template: the file \(top)/arena/config/x.mu is larger than "
            + "256 kB",
          "traders.a.prompt_template: the file \(top)/arena/config/prompts cannot be read: Is a "
            + "directory",
        ])
    }
  }

  @Test func startsOnlyWhatMayBeExecuted() throws {
    let manager = ConfigFixtures.trader(keys: [
      "executor": "{kind: command, command: [../bots/a.sh, -v], working_directory: ../bots}"
    ])
    let bot = ["arena/bots/a.sh": "#!/bin/sh\n"]
    try load(manager, llm: "", files: bot, modes: ["arena/bots/a.sh": 0o755]) { loaded, top in
      #expect(loaded.issues == [])
      #expect(
        loaded.config?.traders.first?.executor
          == .command(
            CommandExecutor(
              arguments: ["\(top)/arena/config/../bots/a.sh", "-v"], passedVariables: [],
              folder: "\(top)/arena/config/../bots")))
    }
    try load(manager, llm: "", files: bot) { loaded, top in
      #expect(
        loaded.errors.map(\.problem) == [
          "traders.a.executor.command: the file \(top)/arena/config/../bots/a.sh may not be "
            + "executed"
        ])
    }
  }

  @Test func tellsARunThatOthersMayReadAKey() throws {
    let manager = ConfigFixtures.trader(keys: ["executor": "{kind: llm}"])
    let llm = "default_model: m\nmodels: {m: {api_key_file: keys/m}}"
    var files = [
      "arena/config/keys/m": "canary\n", "arena/prompts/executor/default.mustache": "x",
    ]
    files["arena/prompts/manager/conservative_long.mustache"] = "x"
    for (mode, isFine) in [(0o600, true), (0o640, false)] {
      try load(manager, llm: llm, files: files, modes: ["arena/config/keys/m": mode]) {
        loaded, top in
        let config = try #require(loaded.config)
        #expect(loaded.issues == [])
        #expect(
          config.issuesForRun.map(\.description)
            == (isFine
              ? []
              : [
                "\(top)/arena/config/llm.yaml:2:28: error: trader a asks model m: the file "
                  + "\(top)/arena/config/keys/m has mode 0640, so that others may use it; "
                  + "run chmod 600 \(top)/arena/config/keys/m"
              ]))
        var dumped = ""
        dump(loaded, to: &dumped)
        #expect(!dumped.contains("canary"))
      }
    }
  }
}
