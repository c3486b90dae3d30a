import LLM
import Synchronization
import Testing
import Trading

@Suite struct ScriptTests {
  private func ask(_ model: any LanguageModel, _ text: String) async -> String {
    let asked = ModelQuestion(
      messages: [ChatMessage(.system, "s"), ChatMessage(.user, text)], schema: nil)
    switch await result(of: model, asked, within: .seconds(1)) {
    case .success(let completion): return completion.text
    case .failure(let failure): return "\(failure.kind.rawValue): \(failure)"
    }
  }

  private func scripted(_ script: String, name: String = "m") throws -> any LanguageModel {
    try model(spec(.scripted, name, at: "replies.jsonl", key: nil), script: script)
  }

  @Test(arguments: [
    ("", "1: expected at least one entry, was none"),
    ("# only a comment", "1: expected at least one entry, was none"),
    ("{\"text\":\"a\"}\n\n{\"text\":}", "3: expected a value, was \"}\""),
    ("{\"text\":\"a\"}\n[1]", "2: expected an object, was a list"),
    (
      "{\"txt\":\"a\"}",
      "1: expected one of delay_ms, failure, hang, json, message, model, one_of, reasoning, "
        + "retry_after_ms, text, times, usage, when, was \"txt\""
    ),
    ("{}", "1: expected one of text, json, failure and hang, was none"),
    (
      "{\"text\":\"a\",\"hang\":true}",
      "1: expected one of text, json, failure and hang, was text and hang"
    ),
    ("{\"text\":7}", "1: expected text to be a text, was a number"),
    ("{\"text\":\" \"}", "1: expected text to be an answer, was empty; use failure: bad_answer"),
    ("{\"hang\":false}", "1: expected hang to be true, was false"),
    (
      "\n{\"text\":\"a\",\"delay_ms\":-1}",
      "2: expected delay_ms to be a whole number from 0 to 1000000000, was -1"
    ),
    ("{\"text\":\"a\",\"times\":0}", "1: expected times to be at least 1, was 0"),
    (
      "{\"text\":\"a\",\"model\":\"a b\"}",
      "1: expected model to be the alias of a model, was \"a b\""
    ),
    (
      "{\"text\":\"a\",\"when\":{\"contains\":[]}}",
      "1: expected when.contains to be a text or a list of texts"
    ),
    ("{\"one_of\":[]}", "1: expected one_of to be a list of replies, was a list"),
    (
      "{\"one_of\":[{\"text\":\"a\"}],\"text\":\"b\"}",
      "1: expected either one_of or text, were both"
    ),
    ("[{\"text\":\"a\"} {\"text\":\"b\"}]", "1: expected \",\""),
    ("[{\"text\":\"a\"}\n", "2: expected \"]\""),
    ("[{\"text\":\"a\"}]\nx", "2: expected the end of the file behind the list"),
  ])
  func namesTheLine(script: String, problem: String) {
    let error = #expect(throws: ModelSetupError.self) { try scripted(script) }
    #expect(error?.description == "model m: replies.jsonl:\(problem)")
  }

  @Test func namesTheFileThatCannotBeRead() {
    struct Missing: Error, CustomStringConvertible { let description = "no such file" }
    let error = #expect(throws: ModelSetupError.self) {
      try ModelProvider.model(
        spec(.scripted, at: "gone.jsonl"),
        through: ModelPorts(
          transport: FakeTransport(200, ""), read: { _ in throw Missing() }))
    }
    #expect(
      error?.description
        == "model m: expected base_url to be the path of a script, cannot read gone.jsonl: "
        + "no such file")
  }

  @Test func takesTheFirstEntryThatFits() async throws {
    let script = """
      # by words of the question, by model, else the last one
      {"when": {"contains": ["BTC", "up"]}, "json": {"action": "hold", "n": 1.50}}
      {"when": {"contains": "BTC"}, "text": "only BTC"}
      {"model": "other", "text": "for the other"}
      {"text": "else"}
      """
    let mine = try scripted(script)

    #expect(await ask(mine, "BTC goes up") == #"{"action":"hold","n":1.50}"#)
    #expect(await ask(mine, "BTC goes down") == "only BTC")
    #expect(await ask(mine, "ETH") == "else")
    #expect(await ask(try scripted(script, name: "other"), "ETH") == "for the other")
  }

  @Test func givesRepliesInOrderAndSaysWhenNoneIsLeft() async throws {
    let model = try scripted(
      #"[{"text":"1","times":1},{"text":"2","times":2}]"#)

    #expect(await ask(model, "x") == "1")
    #expect(await ask(model, "x") == "2")
    #expect(await ask(model, "x") == "2")
    #expect(
      await ask(model, "x")
        == "bad_request: m: no entry of replies.jsonl answers this question; add one without "
        + "\"when\" at its end")
  }

  @Test func picksTheSameReplyForTheSameQuestion() async throws {
    let script = #"{"one_of":[{"text":"a"},{"text":"b"},{"text":"c"}]}"#
    let (first, second) = (try scripted(script), try scripted(script))
    var seen: Set<String> = []

    for number in (0..<40).reversed() { _ = await ask(second, "question \(number)") }
    for number in 0..<40 {
      let reply = await ask(first, "question \(number)")
      #expect(await ask(second, "question \(number)") == reply)
      seen.insert(reply)
    }

    #expect(seen == ["a", "b", "c"])
  }

  @Test func waitsAsLongAsTheScriptSaysButNotPastTheLimit() async throws {
    let waits = Mutex<[Duration]>([])
    let asked = try model(
      spec(.scripted, at: "s"),
      script: """
        {"when":{"contains":"100000"},"text":"a","delay_ms":200,"times":1}
        {"text":"a","delay_ms":5000,"times":1}
        {"hang":true}
        """
    ) { wait in waits.withLock { $0.append(wait) } }

    #expect(await result(of: asked, within: .seconds(1)).value?.text == "a")
    let late = await result(of: asked, within: .seconds(1)).error
    let never = await result(of: asked, within: .seconds(3)).error

    #expect(waits.withLock { $0 } == [.milliseconds(200), .seconds(1), .seconds(3)])
    #expect(late?.kind == .timedOut && late?.usage?.total == FailureTests.unknown)
    #expect(never?.kind == .timedOut && never?.usage?.isEstimated == true)
  }

  @Test func stopsHangingWhenCancelled() async throws {
    let hanging = try ModelProvider.model(
      spec(.scripted, at: "s"),
      through: ModelPorts(
        transport: FakeTransport(200, ""), read: { _ in Array(#"{"hang":true}"#.utf8) }))

    let failure = await withTaskGroup(of: ModelFailure?.self) { group in
      group.addTask { await result(of: hanging, within: .seconds(3600)).error }
      group.cancelAll()
      return await group.next() ?? nil
    }

    #expect(failure?.kind == .cancelled)
  }
}
