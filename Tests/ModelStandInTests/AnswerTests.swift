import ModelStandIn
import Testing
import Trading

@Suite("A model server that answers")
struct AnswerTests {
  @Test(
    arguments: [
      ("GET", "/v1/chat/completions", "", 405), ("POST", "/v2/x", "{}", 404),
      ("POST", "/v1/chat/completions", "{", 400), ("POST", "/v1/chat/completions", "[]", 400),
      ("POST", "/v1/chat/completions", #"{"messages":[]}"#, 400),
      ("POST", "/v1/chat/completions", #"{"model":"m","messages":[]}"#, 400),
      ("POST", "/v1/messages", #"{"model":"m","messages":[{"role":"user","content":"x"}]}"#, 400),
      ("POST", "/api/v1/decision", "hello", 400),
    ])
  func refusesWhatAProviderRefuses(
    method: String, path: String, body: String, status: Int
  ) throws {
    try withServer(ModelScript()) { server in
      let visitor = try Visitor(server)
      visitor.send(
        "\(method) \(path) HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")

      #expect(try visitor.answer().status == status)
      #expect(server.total.tokens == 0)
    }
  }

  @Test func asksForItsKey() throws {
    try withServer(ModelScript(key: "right")) { server in
      let visitor = try Visitor(server)
      var statuses: [Int] = []
      for header in ["Accept: x", "Authorization: Bearer wrong", "Authorization: Bearer right"] {
        visitor.post("/v1/chat/completions", chat("m"), headers: [header])
        statuses.append(try visitor.answer().status)
      }

      #expect(statuses == [401, 401, 200])
    }
  }

  @Test func refusesWhatIsNotHTTP() throws {
    try withServer(ModelScript()) { server in
      let visitor = try Visitor(server)
      visitor.send("hello\r\n\r\n")

      #expect(try visitor.answer().status == 400)
      #expect(visitor.readToEnd().bytes == [])
    }
  }

  @Test func speaksChatCompletions() throws {
    let usage = TokenUsage(prompt: 1000, cachedPrompt: 400, completion: 50, isEstimated: false)
    let reply = Reply(.text("hi \"you\""), reasoning: "because", usage: .reported(usage))
    let prices = TokenPrices(
      input: USD(whole: 2), output: USD(whole: 10), cachedInput: USD(whole: 1))
    let script = ModelScript(parts: ["m": [Turn(.answer(reply))]], prices: ["m": prices])
    try withServer(script) { server in
      let visitor = try Visitor(server)
      visitor.post("/chat/completions", chat("m"))

      let answer = try JSONReader.value(of: try visitor.answer().body)

      let message = answer["choices"]?[0]?["message"]
      #expect(message?["content"]?.text == "hi \"you\"")
      #expect(message?["reasoning_content"]?.text == "because")
      #expect(answer["choices"]?[0]?["finish_reason"]?.text == "stop")
      #expect(answer["usage"]?["prompt_tokens"]?.whole == 1000)
      #expect(answer["usage"]?["prompt_tokens_details"]?["cached_tokens"]?.whole == 400)
      // 600 at 2, 400 at 1 and 50 at 10 dollars a million: 0.0012 + 0.0004 + 0.0005.
      #expect(server.totals(of: "m").cost == USD("0.0021"))
      #expect(server.totals(of: "m").tokens == 1050)
    }
  }

  @Test(
    arguments: [
      (Reply.Finish.length, "length"), (.contentFilter, "content_filter"), (.refusal, "stop"),
    ])
  func saysWhyItStopped(finish: Reply.Finish, word: String) throws {
    let reply = Reply(.text("no"), finish: finish, usage: .missing)
    try withServer(ModelScript(otherwise: [Turn(.answer(reply))])) { server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("m"))

      let answer = try JSONReader.value(of: try visitor.answer().body)

      #expect(answer["choices"]?[0]?["finish_reason"]?.text == word)
      #expect(answer["usage"] == nil)
      let refusal = answer["choices"]?[0]?["message"]?["refusal"]
      #expect(refusal?.text == (finish == .refusal ? "no" : nil))
    }
  }

  @Test func usesTheToolItIsOffered() throws {
    let tools = #","tools":[{"type":"function","function":{"name":"decide","parameters":{}}}]"#
    try withServer(ModelScript(otherwise: [.says(#"{"a":1}"#)])) { server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("m", tools: tools))
      let chatAnswer = try JSONReader.value(of: try visitor.answer().body)
      visitor.post(
        "/v1/messages",
        #"{"model":"c","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","#
          + #""text":"x"}]}],"tools":[{"name":"decide","input_schema":{}}]}"#,
        headers: ["Anthropic-Version: 2023-06-01"])
      let answer = try JSONReader.value(of: try visitor.answer().body)

      let call = chatAnswer["choices"]?[0]?["message"]?["tool_calls"]?[0]?["function"]
      #expect(call?["name"]?.text == "decide")
      #expect(call?["arguments"]?.text == #"{"a":1}"#)
      #expect(chatAnswer["choices"]?[0]?["finish_reason"]?.text == "tool_calls")
      #expect(answer["content"]?[0]?["type"]?.text == "tool_use")
      #expect(answer["content"]?[0]?["input"]?["a"]?.whole == 1)
      #expect(answer["stop_reason"]?.text == "tool_use")
    }
  }

  @Test(
    arguments: [
      (Reply.Framing.length, "keep-alive"), (.chunks, "keep-alive"), (.close, "close"),
    ])
  func framesItsBodies(framing: Reply.Framing, connection: String) throws {
    let reply = Reply(.text("x"), contentType: "text/plain", framing: framing)
    try withServer(ModelScript(otherwise: [Turn(.answer(reply))])) { server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("m"))

      let answer = try visitor.answer()

      #expect(answer.isWhole)
      #expect(answer.header("connection") == connection)
      #expect(answer.header("content-type") == "text/plain")
      #expect(try JSONReader.value(of: answer.body)["model"]?.text == "m")
    }
  }

  @Test func readsChunksAndExpectations() throws {
    try withServer(ModelScript()) { server in
      let body = chat("m")
      let half = body.utf8.count / 2
      let pieces = [body.prefix(half), body.dropFirst(half)]
      let visitor = try Visitor(server)
      visitor.send(
        "POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
          + "Expect: 100-continue\r\n\r\n")
      #expect(try visitor.answerHead() == "HTTP/1.1 100 Continue\r\n\r\n")
      for piece in pieces {
        visitor.send("\(String(piece.utf8.count, radix: 16));x=1\r\n\(piece)\r\n")
      }
      visitor.send("0\r\n\r\n")

      #expect(try visitor.answer().status == 200)
      #expect(server.requests.map(\.text) == [body])
    }
  }

  @Test func answersRequestsSentTogetherInOrder() throws {
    let script = ModelScript(parts: [
      "a": [.says("first", after: .milliseconds(20))], "b": [.says("second")],
    ])
    try withServer(script) { server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("a"))
      visitor.post("/v1/chat/completions", chat("b"), headers: ["Connection: close"])

      let all = String(decoding: visitor.readToEnd().bytes, as: UTF8.self)

      let first = try #require(all.firstRange(of: "\"first\""))
      let second = try #require(all.firstRange(of: "\"second\""))
      #expect(first.lowerBound < second.lowerBound)
      #expect(server.totals.keys.sorted() == ["a", "b"])
    }
  }
}
