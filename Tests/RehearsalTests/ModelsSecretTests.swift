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

    @Test(arguments: ["failure", "reply", "reasoning"])
    func appearNowhere(whereEchoed place: String) throws {
      var script = ModelScript()
      for (id, key) in Self.keys {
        let echo = "{\"decisions\":[{\"signal\":\"hold\",\"symbol\":\"BTC\",\"reasoning\":\"\(key)\"}]}"
        script.parts[id] =
          switch place {
          case "failure": [Turn(.echoedKey)]
          case "reply": [.says(echo)]
          default: [Turn(.answer(Reply(.decision(.hold), reasoning: "my key is \(key)")))]
          }
      }
      let stage = try ModelsStage(script)
      try Self.configure(stage)
      let cassette = stage.stage.folder.appending(path: "cassette").path
      let environment = [
        "NO_DOTENV": "0", "ENVIRONMENT_KEY": Self.keys["environment"] ?? "",
        "SERVER_KEY": Self.keys["server"] ?? "",
      ]
      let explained = Self.keys.keys.sorted().flatMap { ["--explain", $0] }

      let first = try stage.run(
        ["run", "--at", ModelsStage.start, "--log-level", "trace", "--record", cassette]
          + explained, environment: environment)
      let second = try stage.run(
        ["run", "--at", "2025-01-01T00:03Z", "--format", "json"], environment: environment)
      let others = try [["status"], ["config"], ["state", "check"], ["export"]].map {
        try stage.run($0, environment: environment)
      }

      #expect(first.code == 0, "\(first.error)")
      for (id, key) in Self.keys {
        let sent = stage.server.requests.filter { $0.part == id }
        #expect(sent.count >= 2, "\(id)")
        #expect(sent.allSatisfy { $0.header("Authorization") == "Bearer \(key)" }, "\(id)")
      }
      for ending in [first, second] + others {
        #expect(ending.code == 0, "\(ending.error)")
        #expect(!(ending.out + ending.error).contains("canary"), "\(ending.out)\(ending.error)")
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
      try stage.configure([
        Contestant("environment", model: ["api_key: ${ENVIRONMENT_KEY}"]),
        Contestant("dotenv", model: ["api_key: ${DOTENV_KEY}"]),
        Contestant("file", model: ["api_key_file: \(stage.stage.config.path)/key"]),
        Contestant("literal", model: ["api_key: \(keys["literal"] ?? "")"]),
        Contestant(
          "server",
          executor:
            "{kind: http, base_url: \(stage.server.address(of: "server")), api_key: \"${SERVER_KEY}\"}"
        ),
      ])
    }
  }
}

extension ModelsStage {
  /// Expects that no file but those where keys are kept holds a text; packed texts are unpacked.
  func expectNowhere(_ text: String) throws {
    let kept: Set<String> = [".env", "config/key", "config/llm.yaml"]
    let files = try stage.contents(of: stage.folder)
    #expect(files.count > 10)
    for (name, bytes) in files where !kept.contains(name) {
      #expect(bytes.range(of: Data(text.utf8)) == nil, "expected no \(text) in \(name)")
    }
    // Long texts may be packed, so they are read through nof0 as well.
    for sql in ["SELECT error FROM llm_calls", "SELECT repairs FROM conversations"] {
      #expect(!(try books.texts(sql).joined().contains(text)), "\(sql)")
    }
  }
}
