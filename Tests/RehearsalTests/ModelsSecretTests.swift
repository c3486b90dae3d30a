import Foundation
import ModelStandIn
import Testing

extension RehearsalSuite {
  @Suite("Keys of models")
  struct ModelsSecret {
    typealias Contestant = ModelsStage.Contestant

    private static let keys = [
      "environment": "sk-canary-environment-1", "dotenv": "sk-canary-dotenv-2",
      "file": "sk-canary-file-3", "literal": "sk-canary-literal-4",
      "server": "sk-canary-server-5",
    ]

    /// Ways in which a server gives a key away, one a cycle.
    private static func turns(_ key: String) -> [Turn] {
      let hold = "{\"signal\":\"hold\",\"symbol\":\"BTC\",\"reasoning\":\"\(key)\"}"
      return [
        Turn(.echoedKey), .says("{\"decisions\":[\(hold)]}"),
        Turn(.answer(Reply(.decision(.hold), reasoning: "my key is \(key)"))),
        // Unreadable, so that the problem may quote it.
        .says("{\"decisions\":[{\"signal\":\"\(key)\",\"symbol\":\"\(key)\"}]}"),
      ]
    }

    @Test func appearNowhere() throws {
      let stage = try ModelsStage(ModelScript(parts: Self.keys.mapValues(Self.turns)))
      try Self.configure(stage)
      let cassette = stage.stage.folder.appending(path: "cassette").path
      let environment = [
        "NO_DOTENV": "0", "ENVIRONMENT_KEY": Self.keys["environment"] ?? "",
        "SERVER_KEY": Self.keys["server"] ?? "",
      ]
      let explained = Self.keys.keys.sorted().flatMap { ["--explain", $0] }
      let all = ["--log-level", "trace", "--record", cassette]

      var endings: [Rehearsal.Ending] = []
      for arguments in [
        ["run", "--at", ModelsStage.start] + all + explained,
        ["run", "--at", "2025-01-01T00:03Z"] + all + explained,
        ["run", "--at", "2025-01-01T00:06Z", "--format", "json"],
        ["run", "--at", "2025-01-01T00:09Z", "--format", "json"],
        ["status"], ["config"], ["state", "check"], ["export"],
      ] {
        endings.append(try stage.run(arguments, environment: environment))
      }

      for (id, key) in Self.keys {
        let sent = stage.server.requests.filter { $0.part == id }
        #expect(sent.count >= 4, "\(id)")
        #expect(sent.allSatisfy { $0.header("Authorization") == "Bearer \(key)" }, "\(id)")
      }
      for ending in endings {
        #expect(ending.code == 0, "\(ending.error)")
        let said = Data((ending.out + ending.error).utf8)
        #expect(!said.holds("canary"), "\(ending.out)\(ending.error)")
      }
      #expect(stage.stage.exists(URL(filePath: cassette)))
      try stage.expectNowhere("canary")
    }

    private static func configure(_ stage: ModelsStage) throws {
      try stage.configure([])
      try stage.write("key", (keys["file"] ?? "") + "\n")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600],
        ofItemAtPath: stage.stage.config.appending(path: "key").path)
      try Data("DOTENV_KEY=\(keys["dotenv"] ?? "")\n".utf8)
        .write(to: stage.stage.folder.appending(path: ".env"))
      let address = stage.server.address(of: "server")
      try stage.configure([
        Contestant("environment", model: ["api_key: ${ENVIRONMENT_KEY}"]),
        Contestant("dotenv", model: ["api_key: ${DOTENV_KEY}"]),
        Contestant("file", model: ["api_key_file: \(stage.stage.config.path)/key"]),
        Contestant("literal", model: ["api_key: \(keys["literal"] ?? "")"]),
        Contestant(
          "server", executor: "{kind: http, base_url: \(address), api_key: \"${SERVER_KEY}\"}"),
      ])
    }
  }
}

extension ModelsStage {
  /// Expects that no file but those where keys are kept holds a text.
  ///
  /// Texts of 256 bytes and more are packed in the database; those of the test are shorter.
  func expectNowhere(_ text: String) throws {
    let kept: Set<String> = [".env", "config/key", "config/llm.yaml"]
    let files = try stage.contents(of: stage.folder)
    #expect(files.count > 10)
    for (name, bytes) in files where !kept.contains(name) {
      #expect(!bytes.holds(text), "expected no \(text) in \(name)")
    }
  }
}

extension Data {
  /// Whether a text is somewhere in it; `range(of:)` takes seconds for a database.
  fileprivate func holds(_ text: String) -> Bool {
    let wanted = Array(text.utf8)
    return withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, let first = wanted.first else { return false }
      var index = 0
      while index + wanted.count <= bytes.count {
        guard
          let found = memchr(start + index, Int32(first), bytes.count - wanted.count + 1 - index)
        else { return false }
        if memcmp(found, wanted, wanted.count) == 0 { return true }
        index = UnsafeRawPointer(found) - start + 1
      }
      return false
    }
  }
}
