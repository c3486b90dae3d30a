import LLM
import Testing
import Trading
import Wire

/// What goes over the wire, byte for byte.
///
/// The bodies were written by hand after the providers' API references.
@Suite struct RequestBodyTests {
  private static let messages =
    #""messages":[{"role":"system","content":"You trade."},"#
    + #"{"role":"user","content":"BTC is at 100000."}]"#
  private static let schema = #"{"type":"object","additionalProperties":false}"#

  private func sent(_ spec: ModelSpec, _ question: ModelQuestion = question) async throws
    -> HTTPRequest
  {
    let transport = FakeTransport(200, "{}")
    _ = await result(of: try model(spec, transport), question)
    return try #require(transport.requests.first)
  }

  private func body(_ spec: ModelSpec, _ asked: ModelQuestion = question) async throws -> String {
    String(decoding: try await sent(spec, asked).body, as: UTF8.self)
  }

  @Test func asksOpenAICompatibleModelsInEachForm() async throws {
    let head = #"{"model":"vendor/m",\#(Self.messages),"max_tokens":1000,"stream":false"#
    let forms: [(StructuredOutput, String)] = [
      (.text, ""),
      (.jsonObject, #","response_format":{"type":"json_object"}"#),
      (
        .jsonSchema,
        #","response_format":{"type":"json_schema","json_schema":{"name":"decide","#
          + #""description":"What to do.","strict":true,"schema":\#(Self.schema)}}"#
      ),
      (
        .tool,
        #","tools":[{"type":"function","function":{"name":"decide","#
          + #""description":"What to do.","parameters":\#(Self.schema)}}],"#
          + #""tool_choice":{"type":"function","function":{"name":"decide"}}"#
      ),
    ]
    for (form, tail) in forms {
      #expect(try await body(spec(.openai, form: form)) == head + tail + "}")
    }
  }

  @Test func asksAnthropicModelsInEachForm() async throws {
    let head =
      #"{"model":"vendor/m","max_tokens":1000,"system":"You trade.","messages":"#
      + #"[{"role":"user","content":"BTC is at 100000."}],"stream":false"#
    let tool =
      #","tools":[{"name":"decide","description":"What to do.","input_schema":\#(Self.schema)}],"#
      + #""tool_choice":{"type":"tool","name":"decide","disable_parallel_tool_use":true}"#
    for (form, tail) in [
      (StructuredOutput.text, ""), (.jsonObject, ""), (.jsonSchema, tool), (.tool, tool),
    ] {
      #expect(try await body(spec(.anthropic, form: form)) == head + tail + "}")
    }
  }

  @Test func leavesTheFormOutWhenTheQuestionHasNone() async throws {
    let free = ModelQuestion(messages: question.messages, schema: nil)
    for api in [ModelAPI.openai, .anthropic] {
      let plain = try await body(spec(api, form: .text))
      #expect(try await body(spec(api, form: .tool), free) == plain)
    }
  }

  @Test func sendsSamplingOnlyWhenConfigured() async throws {
    for api in [ModelAPI.openai, .anthropic] {
      let both = try await body(spec(api, temperature: 0.7, topP: 1))
      #expect(both.hasSuffix(#","temperature":0.7,"top_p":1.0}"#))
      let none = try await body(spec(api))
      #expect(!none.contains("temperature") && !none.contains("top_p"))
    }
  }

  @Test(arguments: [
    ("https://api.openai.com/v1", "max_completion_tokens"),
    ("https://EU.api.openai.com:443/v1/", "max_completion_tokens"),
    ("https://zenmux.ai/api/v1", "max_completion_tokens"),
    ("https://api.deepseek.com", "max_tokens"),
    ("https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "max_tokens"),
    ("https://openrouter.ai/api/v1", "max_tokens"),
    ("http://127.0.0.1:8080/v1", "max_tokens"),
    ("https://notapi.openai.com.example.org/v1", "max_tokens"),
  ])
  func limitsTheAnswerInTheHostsWord(url: String, name: String) async throws {
    #expect(try await body(spec(at: url)).contains(#""\#(name)":1000,"#))
  }

  @Test(arguments: [
    (ModelAPI.openai, "https://h/v1", "https://h/v1/chat/completions"),
    (.openai, "https://h/v1//", "https://h/v1/chat/completions"),
    (.openai, "https://h/v1/chat/completions", "https://h/v1/chat/completions"),
    (.anthropic, "https://h", "https://h/v1/messages"),
    (.anthropic, "https://h/v1/", "https://h/v1/messages"),
    (.anthropic, "https://h/v1/messages", "https://h/v1/messages"),
  ])
  func findsTheAddress(api: ModelAPI, base: String, url: String) async throws {
    #expect(try await sent(spec(api, at: base)).url == url)
  }

  @Test func sendsTheKeyInASecretHeaderOnly() async throws {
    let openai = try await sent(spec(.openai))
    let anthropic = try await sent(spec(.anthropic))

    #expect(
      openai.headers.contains(HTTPHeader("Authorization", "Bearer \(canary)", isSecret: true)))
    #expect(anthropic.headers.contains(HTTPHeader("x-api-key", canary, isSecret: true)))
    #expect(anthropic.headers.contains(HTTPHeader("anthropic-version", "2023-06-01")))
    for request in [openai, anthropic] {
      let open = request.headers.filter { !$0.isSecret }.map(\.value).joined()
      #expect(
        !(open + request.url + String(decoding: request.body, as: UTF8.self)).contains(canary))
      #expect(request.headers.contains(HTTPHeader("Content-Type", "application/json")))
      #expect(request.timeout == .seconds(30) && request.connectTimeout == .seconds(10))
    }
  }

  @Test func sendsNoKeyWhenNoneIsConfigured() async throws {
    for api in [ModelAPI.openai, .anthropic] {
      #expect(try await sent(spec(api, key: nil)).headers.allSatisfy { !$0.isSecret })
    }
  }
}
