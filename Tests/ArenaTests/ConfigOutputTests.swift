import Arena
import Foundation
import Testing

@Suite struct ConfigOutputTests {
  @Test func showsEveryKeyWithItsValueAndSource() {
    let loaded = ConfigFixtures.load(["nof0.yaml": "run:\n  deadline: 90s\nname: mine\n"])
    let lines = loaded.effective.text.split(separator: "\n", omittingEmptySubsequences: false)

    #expect(
      lines.prefix(7) == [
        "# nof0.yaml", "run.deadline: 90s  # nof0.yaml:2", "run.order_expiry: 20s  # default",
        "run.stale_after: 10m  # default", "name: mine  # nof0.yaml:3",
        "environment: test  # default", "export.nav_base_usd: 10000  # default",
      ])
    #expect(lines.contains("traders.a.symbols: [BTC, ETH]  # symbols of market made-up"))
    #expect(lines.contains("traders.a.initial_equity_usd: 10000  # default"))
    #expect(lines.contains("traders.a.exchange_provider: sim  # default of exchange.yaml"))
    #expect(lines.contains("providers.made-up.symbols: [BTC, ETH]  # market.yaml:5"))
  }

  @Test func writesTheSameAsJSON() throws {
    let effective = ConfigFixtures.load(["nof0.yaml": "name: 'a \"b\"\\c'\n"]).effective
    let rows = try JSONDecoder().decode([[String: String]].self, from: Data(effective.json.utf8))

    #expect(rows.count == effective.entries.count)
    #expect(rows.first?["value"] == "a \"b\"\\c")
    #expect(rows.map { $0["key"] ?? "" } == effective.entries.map(\.key))
  }

  @Test func saysInTheSchemaWhatAResetMayBe() throws {
    let object = try JSONSerialization.jsonObject(with: Data(ConfigSchema.text.utf8))
    var found: Any? = object
    for name in [
      "properties", "manager.yaml", "properties", "manager", "properties", "limits", "properties",
      "reset",
    ] {
      found = (found as? [String: Any])?[name]
    }
    let reset = try #require(found as? [String: Any])
    let kinds = try #require(reset["anyOf"] as? [[String: Any]])
    let pattern = try #require(kinds.first?["pattern"] as? String)
    func matches(_ text: String) -> Bool {
      text.range(of: pattern, options: .regularExpression) != nil
    }

    #expect(reset["default"] as? String == "manual")
    #expect(["manual", "12h", "1h30m", "0.5s"].allSatisfy(matches))
    #expect(!["", "manually", "12", "h"].contains(where: matches))
  }

  @Test func listsEveryKeyInTheSchema() throws {
    let object = try JSONSerialization.jsonObject(with: Data(ConfigSchema.text.utf8))
    let schema = try #require(object as? [String: Any])
    let files = try #require(schema["properties"] as? [String: [String: Any]])
    let loaded = ConfigDecoder.decode(
      NOF0Etc.files, environment: ConfigEnvironment([:]), surroundings: .memory(NOF0Etc.prompts))
    let small = ConfigFixtures.asking(
      "models: {m: {api: scripted, script: answers.json, price: {input: 1, output: 2}}}",
      executor: "{kind: llm, model: m, routing: urgency, cheap_model: m}")
    #expect(small.errors == [])

    for entry in loaded.effective.entries + small.effective.entries {
      let top = try #require(files[entry.file])
      #expect(covers(top, entry.key.split(separator: ".").map(String.init)), "\(entry.key)")
    }
  }

  /// Whether a schema admits the path: list items and freely chosen names take one step.
  private func covers(_ schema: [String: Any], _ path: [String]) -> Bool {
    guard let first = path.first else { return true }
    let rest = Array(path.dropFirst())
    if let cases = schema["oneOf"] as? [[String: Any]] {
      return cases.contains { covers($0, path) }
    }
    if let properties = schema["properties"] as? [String: [String: Any]] {
      return properties[first].map { covers($0, rest) } ?? false
    }
    if let names = schema["additionalProperties"] as? [String: Any] { return covers(names, rest) }
    if let items = schema["items"] as? [String: Any] {
      return rest.isEmpty || covers(items, rest)
    }
    return false
  }
}
