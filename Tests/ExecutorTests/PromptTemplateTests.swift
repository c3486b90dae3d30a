import Executor
import Testing
import Trading

@Suite("Templates are checked when they are loaded")
struct PromptTemplateTests {
  private func problems(
    _ text: String, _ format: PromptTemplate.Format, _ vocabulary: PromptVocabulary = .user
  ) -> [String] {
    do {
      _ = try PromptTemplate(text, path: "p/x", format: format, vocabulary: vocabulary)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test(arguments: [
    (
      "a\n b {{equty_usd}}",
      "2:6: unknown variable \"equty_usd\" in the user message; did you mean \"equity_usd\"?"
    ),
    (
      "{{zzzzzzzz}}",
      "1:3: unknown variable \"zzzzzzzz\" in the user message; nothing there has a name like it"
    ),
    (
      "{{#coins}}{{prise}}{{/coins}}",
      "1:13: unknown variable \"prise\" in the user message; did you mean \"price\"?"
    ),
    (
      "{{short_closes}}",
      "1:3: unknown variable \"short_closes\" in the user message; it is known inside {{#coins}}"
    ),
    (
      "{{^coins}}{{short_closes}}{{/coins}}",
      "1:13: unknown variable \"short_closes\" in the user message; it is known inside {{#coins}}"
    ),
    (
      "{{#coinz}}{{/coinz}}",
      "1:4: unknown variable \"coinz\" in the user message; did you mean \"coins\"?"
    ),
    ("{{coins}}", "1:3: \"coins\" is a list; write {{#coins}}…{{/coins}}"),
    (
      "{{#equity_usd}}x{{/equity_usd}}",
      "1:4: expected a flag or a list to open a section, \"equity_usd\" is a number; "
        + "write {{equity_usd}}"
    ),
    ("{{> other}}", "1:1: partials and blocks are not supported; write the text here"),
    ("{{<parent}}", "1:1: partials and blocks are not supported; write the text here"),
    ("{{$block}}", "1:1: partials and blocks are not supported; write the text here"),
    ("{{=<% %>=}}", "1:1: other delimiters are not supported; use {{ and }}"),
    ("{{%CONTENT_TYPE:HTML}}", "1:1: pragmas are not supported; text is never escaped"),
    ("{{upper(time)}}", "1:3: functions are not supported: \"upper(time)\"; name a variable"),
    ("ü{{ }}", "1:2: tag without a name"),
    ("{{.}}", "1:3: tag without a name; name a variable"),
    ("{{a-b}}", "1:3: expected a name of letters, digits, _ and dots, was \"a-b\""),
    ("{{time}", "1:1: tag is not closed; expected }}"),
    ("{{{time}}", "1:1: tag is not closed; expected }}}"),
    ("{{#coins}}\n{{price}}", "1:4: section \"coins\" is not closed; expected {{/coins}}"),
    ("{{/coins}}", "1:4: {{/coins}} closes no section; none is open"),
    ("a\u{1}", "1:2: control character 1 in the text; remove it"),
  ])
  func saysWhereAndWhatIsWrongInMustache(text: String, expected: String) {
    #expect(problems(text, .mustache) == ["p/x:" + expected])
  }

  private static let supported =
    "supported are {{.Field}}, {{printf \"%.2f\" .Field}}, {{/* comments */}} and trimming with "
    + "{{- and -}}"

  @Test(arguments: [
    (
      "{{.CurentTime}}",
      "1:3: unknown variable \"CurentTime\" in the user message; did you mean \"CurrentTime\"?"
    ),
    ("\n{{ range .X }}", "2:4: \"range .X\" is not supported; \(supported)"),
    ("{{.CurrentTime | upper}}", "1:3: \".CurrentTime | upper\" is not supported; \(supported)"),
    ("{{if .X}}", "1:3: \"if .X\" is not supported; \(supported)"),
    ("{{CurrentTime}}", "1:3: \"CurrentTime\" is not supported; \(supported)"),
    ("{{}}", "1:3: action without a field; \(supported)"),
    ("{{.CurrentTime", "1:1: action is not closed; expected }}"),
    (
      "{{printf \"%5d\" .RuntimeMinutes}}",
      "1:10: expected a format in quotes with %.0f to %.8f, %d, %s, %v or %%, "
        + "was \"%5d\""
    ),
    ("{{printf \"%.2f\"}}", "1:10: expected 1 fields after the format, was 0"),
    ("{{printf \"%.2f\" 3}}", "1:17: expected a field, was \"3\""),
    (
      "{{printf \"%.2f\" .CurrentTime}}",
      "1:17: expected a number for %f, \"CurrentTime\" is a text"
    ),
  ])
  func saysWhereAndWhatIsWrongInGoTemplates(text: String, expected: String) {
    #expect(problems(text, .goTemplate) == ["p/x:" + expected])
  }

  @Test func saysEverythingAtOnceInOrder() {
    let text = "{{tme}} {{> x}}\n{{#positions}}{{entry}}{{/positions}}\n{{#coins}}"

    #expect(
      problems(text, .mustache) == [
        "p/x:1:3: unknown variable \"tme\" in the user message; did you mean \"time\"?",
        "p/x:1:9: partials and blocks are not supported; write the text here",
        "p/x:2:17: unknown variable \"entry\" in the user message; "
          + "nothing there has a name like it",
        "p/x:3:4: section \"coins\" is not closed; expected {{/coins}}",
      ])
  }

  @Test func theSystemMessageKnowsNoMarket() {
    #expect(
      problems("{{#coins}}{{/coins}}", .mustache, .persona) == [
        "p/x:1:4: unknown variable \"coins\" in the system message; "
          + "nothing there has a name like it"
      ])
  }

  @Test(arguments: [
    ("{{! Version:  1.2.0-Beta_3 }}\nx", "1.2.0-Beta_3"), ("VERSION:v2, more", "v2"),
    ("no such thing", ""), ("version: ", ""), ("version: ! version: 7", "7"),
    (String(repeating: "x", count: 8185) + "version: 1", ""),
  ])
  func readsTheVersionOfItsFirstKilobytes(text: String, version: String) throws {
    #expect(try PromptText.mustache(text).version == version)
  }

  @Test(arguments: [
    ("{{! version: 1\n more }}\nHello", "Hello"), ("# version: 1\n# Hello", "# Hello"),
    ("<!-- version: 1 -->\nHello", "Hello"), ("// Version: 1\r\nHello\r\n", "Hello"),
    ("# The version is old\nHello", "# The version is old\nHello"),
    ("Hello, version: 1", "Hello, version: 1"),
  ])
  func theHeaderDoesNotReachTheModel(text: String, message: String) throws {
    #expect(try PromptText.render(try PromptText.mustache(text)) == message)
  }

  @Test func theGoHeaderDoesNotReachTheModel() throws {
    let template = try PromptText.go("{{/* Version: v1.0.0 — a }} inside */}}\n\nHello")

    #expect(template.version == "v1.0.0")
    #expect(try PromptText.render(template) == "Hello")
  }

  /// Go: `{{-` removes white space before, `-}}` after; `{{-.X}}` does not trim.
  @Test(arguments: [
    ("a \n{{- .Config.MaxPositions -}} \n b", "a3b"),
    ("a {{ .Config.MaxPositions }} b", "a 3 b"),
    ("{ {{- .Config.MaxPositions}}}", "{3}"),
    ("a\n{{- /* gone */ -}}\nb", "ab"),
    ("{{printf \"%.2f%% of %s\\n\" .Config.MinRiskReward .Trader.ID}}|", "1.50% of alpha\n|"),
    ("{{printf \"%d\" .Config.MinConfidence}}", "60"),
    ("{{printf \"%.1f\" .Trader.AllocationPct}}", "n/a"),
    ("{{.Trader.RiskParams.StopLossEnabled}}", "true"),
  ])
  func trimsAndFormatsAsGo(text: String, message: String) throws {
    let scene = PromptCase()
    let system = try PromptRenderer.render(
      persona: try PromptText.go(text, .persona), prompt: try PromptText.mustache("x"),
      context: try scene.context(), brief: try scene.brief(), answerForm: ""
    ).system

    #expect(system == message)
  }

  @Test(arguments: [
    ("a\n{{#positions}}\n{{coin}}\n{{/positions}}\nb", "a\nBTC\nb"),
    ("a {{#positions}}{{coin}}{{/positions}} b", "a BTC b"),
    ("{{#has_positions}}yes{{/has_positions}}{{^has_positions}}no{{/has_positions}}", "yes"),
    (
      "{{^missing_coins}}none{{/missing_coins}}{{#missing_coins}}{{coin}}{{/missing_coins}}", "DOGE"
    ),
    ("a\n  {{! gone }}  \nb", "a\nb"),
    ("{{{time}}}|{{&time}}|{{.cycle}}", "2025-07-21T12:00:00Z|2025-07-21T12:00:00Z|42"),
    (
      "{{#positions}}{{coin}} of {{#candidates}}{{coin}} {{/candidates}}{{/positions}}",
      "BTC of ETH BTC SOL"
    ),
    ("{{#positions}}{{coin}} {{equity_usd}}{{/positions}}", "BTC 10200.00"),
    ("a {{#candidates}}  \n{{coin}},\n  {{/candidates}}  ", "a   \nETH,\n  \nBTC,\n  \nSOL,"),
  ])
  func rendersSections(text: String, message: String) throws {
    #expect(try PromptText.render(try PromptText.mustache(text)) == message)
  }
}
