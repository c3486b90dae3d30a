import LLM
import Testing
import Trading
import Wire

/// What both HTTP providers make of everything that is not an answer.
@Suite struct FailureTests {
  /// What came, and what it means.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var api = ModelAPI.openai
    let status: Int
    let body: String
    let kind: ModelFailure.Kind
    var retries = false
    /// Words the message must hold.
    let says: String
    /// Tokens booked; `nil` = nothing can have been consumed.
    var tokens: Int?
    var testDescription: String { name }
  }

  /// 18 tokens for the question (see ``AnswerTests``) and 1000 for the longest answer.
  static let unknown = 1018

  static let statuses = [
    Case(
      name: "OpenAI, wrong key", status: 401,
      body: #"{"error":{"message":"Incorrect API key provided: \#(canary).","#
        + #""type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#,
      kind: .refused, says: "HTTP 401: Incorrect API key provided: ***."),
    Case(
      name: "Anthropic, may not", api: .anthropic, status: 403,
      body: #"{"type":"error","error":{"type":"permission_error","message":"No."}}"#,
      kind: .refused, says: "HTTP 403: No.; check api_key in llm.yaml"),
    Case(
      name: "DeepSeek, no money", status: 402,
      body: #"{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"x"}}"#,
      kind: .rateLimited, says: "no money left"),
    Case(
      name: "OpenAI, no money", status: 429,
      body: #"{"error":{"message":"You exceeded your quota","type":"insufficient_quota","#
        + #""param":null,"code":"insufficient_quota"}}"#,
      kind: .rateLimited, says: "no money left"),
    Case(
      name: "too many requests", status: 429,
      body: #"{"error":{"message":"Rate limit reached","type":"requests","#
        + #""code":"rate_limit_exceeded"}}"#,
      kind: .rateLimited, retries: true, says: "Rate limit reached; requests_per_minute"),
    Case(
      name: "request timeout", status: 408, body: "", kind: .unavailable, retries: true,
      says: "m: HTTP 408", tokens: unknown),
    Case(
      name: "gateway timeout", status: 504, body: "<html><h1>504</h1></html>",
      kind: .unavailable, retries: true, says: "HTTP 504: an HTML page", tokens: unknown),
    Case(
      name: "server error", status: 500, body: "oops\n\u{7}\nagain", kind: .unavailable,
      retries: true, says: "HTTP 500: oops again"),
    Case(
      name: "Anthropic overloaded", api: .anthropic, status: 529,
      body: #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
      kind: .unavailable, retries: true, says: "HTTP 529: Overloaded"),
    Case(
      name: "OpenRouter upstream", status: 502,
      body: #"{"error":{"code":502,"message":"Provider returned error"}}"#,
      kind: .unavailable, retries: true, says: "Provider returned error"),
    Case(
      name: "unknown model", status: 404, body: #"{"error":"model 'x' not found"}"#,
      kind: .badRequest, says: "model 'x' not found; check model_name and base_url"),
    Case(
      name: "wrong parameter", status: 400,
      body: #"{"error":{"message":"Unsupported value: 'temperature' does not support 0.7"}}"#,
      kind: .badRequest, says: "'temperature' does not support 0.7; check the settings"),
    Case(
      name: "too long", status: 413, body: "Payload Too Large", kind: .badRequest,
      says: "HTTP 413: Payload Too Large"),
    Case(
      name: "FastAPI detail", status: 422, body: #"{"detail":[{"msg":"field required"}]}"#,
      kind: .badRequest, says: #"[{"msg":"field required"}]"#),
    Case(
      name: "redirection", status: 301, body: "", kind: .badRequest,
      says: "expected no redirection, correct base_url"),
  ]

  static let bodies = [
    Case(
      name: "HTML", status: 200, body: "<!DOCTYPE html><p>Sign in</p>", kind: .badAnswer,
      says: "was HTML", tokens: unknown),
    Case(
      name: "nothing", status: 200, body: " \n", kind: .badAnswer, says: "an empty answer",
      tokens: unknown),
    Case(
      name: "cut off", status: 200, body: #"{"choices":[{"message":{"cont"#, kind: .badAnswer,
      says: "broken at byte 29", tokens: unknown),
    Case(
      name: "no choices", status: 200, body: #"{"choices":[]}"#, kind: .badAnswer,
      says: "expected choices", tokens: unknown),
    Case(
      name: "no content", api: .anthropic, status: 200, body: #"{"type":"message"}"#,
      kind: .badAnswer, says: "expected content", tokens: unknown),
    Case(
      name: "an error in words", status: 200, body: #"{"error":"\#(canary) failed"}"#,
      kind: .badAnswer, says: "was an error: *** failed", tokens: unknown),
    Case(
      name: "an error with a status", status: 200,
      body: #"{"error":{"code":429,"message":"slow down"}}"#, kind: .rateLimited, retries: true,
      says: "HTTP 429: slow down", tokens: unknown),
    Case(
      name: "an error inside the choice", status: 200,
      body: #"{"choices":[{"error":{"code":503,"message":"gone"},"message":{"content":"x"}}]}"#,
      kind: .unavailable, retries: true, says: "HTTP 503: gone", tokens: unknown),
    Case(
      name: "overloaded in a body", api: .anthropic, status: 200,
      body: #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
      kind: .unavailable, retries: true, says: "Overloaded", tokens: unknown),
    Case(
      name: "at its limit", status: 200,
      body: #"{"choices":[{"message":{"content":"{\"a"},"finish_reason":"length"}],"#
        + #""usage":{"prompt_tokens":20,"completion_tokens":1000}}"#,
      kind: .truncated, says: "limit of 1000 tokens; raise max_completion_tokens", tokens: 1020),
    Case(
      name: "at its limit, all thought", api: .anthropic, status: 200,
      body: #"{"content":[],"stop_reason":"max_tokens","#
        + #""usage":{"input_tokens":20,"output_tokens":1000}}"#,
      kind: .truncated, says: "raise max_completion_tokens", tokens: 1020),
    Case(
      name: "at its limit, uncounted", status: 200,
      body: #"{"choices":[{"message":{"content":"{\"a"},"finish_reason":"length"}]}"#,
      kind: .truncated, says: "limit of 1000 tokens", tokens: unknown),
    Case(
      name: "filtered", status: 200,
      body: #"{"choices":[{"message":{"content":""},"finish_reason":"content_filter"}],"#
        + #""usage":{"prompt_tokens":20,"completion_tokens":1}}"#,
      kind: .badAnswer, says: "content filter", tokens: 21),
    Case(
      name: "refusal", status: 200,
      body: #"{"choices":[{"message":{"content":null,"refusal":"I cannot."},"#
        + #""finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":3}}"#,
      kind: .badAnswer, says: "refused to answer: I cannot.", tokens: 23),
    Case(
      name: "only thought", status: 200,
      body: #"{"choices":[{"message":{"content":" ","reasoning_content":"Hm"},"#
        + #""finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":5}}"#,
      kind: .badAnswer, says: "expected an answer, was an empty one", tokens: 25),
    Case(
      name: "Anthropic refusal", api: .anthropic, status: 200,
      body: #"{"content":[],"stop_reason":"refusal","#
        + #""usage":{"input_tokens":20,"output_tokens":1}}"#,
      kind: .badAnswer, says: "refused", tokens: 21),
  ]

  @Test(arguments: statuses + bodies) func classifies(failure expected: Case) async throws {
    let asked = try model(spec(expected.api), FakeTransport(expected.status, expected.body))

    let failure = try #require(await result(of: asked).error)

    #expect(failure.kind == expected.kind)
    #expect(failure.isRetryable == expected.retries)
    #expect(failure.message.contains(expected.says), "\(failure.message)")
    #expect(failure.usage?.total == expected.tokens)
    #expect(!"\(failure)\(String(reflecting: failure))".contains(canary))
  }

  @Test func cutsLongMessages() async throws {
    let body = #"{"error":{"message":"\#(String(repeating: "x", count: 5000))"}}"#

    let failure = try #require(await result(of: try model(spec(), FakeTransport(400, body))).error)

    #expect(failure.message.contains(String(repeating: "x", count: 300) + "…"))
    #expect(!failure.message.contains(String(repeating: "x", count: 301)))
  }

  @Test(arguments: [
    (WireError.badURL("https://\(canary)"), ModelFailure.Kind.badRequest, false, Int?.none),
    (.unreachable(host: "h", detail: "no such host"), .network, true, nil),
    (.untrusted(host: "h", detail: "expired"), .network, false, nil),
    (.timedOut(after: .seconds(1), wasSent: false), .network, true, nil),
    (.timedOut(after: .seconds(1), wasSent: true), .timedOut, false, unknown),
    (.broken(detail: "reset", wasSent: false), .network, true, nil),
    (.broken(detail: "reset \(canary)", wasSent: true), .network, true, unknown),
    (.tooLarge(limit: 9), .badAnswer, false, unknown),
    (.cancelled, .cancelled, false, unknown),
    (.cassette("no such exchange"), .badRequest, false, nil),
  ])
  func maps(
    wire: WireError, kind: ModelFailure.Kind, retries: Bool, tokens: Int?
  ) async throws {
    for api in [ModelAPI.openai, .anthropic] {
      let failure = try #require(
        await result(of: try model(spec(api), FakeTransport(failing: wire))).error)
      #expect(failure.kind == kind && failure.isRetryable == retries)
      #expect(failure.usage?.total == tokens)
      #expect(!failure.message.contains(canary))
    }
  }

  @Test(arguments: [
    ([HTTPHeader("Retry-After", "7")], Duration?.some(.seconds(7))),
    ([HTTPHeader("retry-after", "0.5")], .milliseconds(500)),
    ([HTTPHeader("retry-after-ms", "250"), HTTPHeader("Retry-After", "9")], .milliseconds(250)),
    (
      [
        HTTPHeader("Date", "Wed, 21 Oct 2015 07:27:30 GMT"),
        HTTPHeader("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"),
      ], .seconds(30)
    ),
    (
      [
        HTTPHeader("Date", "Thu, 31 Dec 2015 23:59:59 GMT"),
        HTTPHeader("Retry-After", "Fri, 01 Jan 2016 00:00:01 GMT"),
      ], .seconds(2)
    ),
    ([HTTPHeader("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")], nil),
    ([HTTPHeader("Retry-After", "-4")], nil),
    ([HTTPHeader("Retry-After", "nan")], nil),
    ([HTTPHeader("Retry-After", "1e300")], .seconds(86_400)),
    ([HTTPHeader("Retry-After", "soon")], nil),
    ([], nil),
  ])
  func readsRetryAfter(headers: [HTTPHeader], expected: Duration?) async throws {
    for status in [429, 503] {
      let failure = try #require(
        await result(of: try model(spec(), FakeTransport(status, "", headers: headers))).error)
      #expect(failure.retryAfter == expected)
    }
  }

  @Test func refusesABaseURLThatIsNone() throws {
    for api in [ModelAPI.openai, .anthropic] {
      let error = #expect(throws: ModelSetupError.self) {
        try model(spec(api, at: "api.deepseek.com"))
      }
      #expect(
        error?.description
          == "model m: expected base_url to begin with https:// or http://, was "
          + "\"api.deepseek.com\"")
    }
  }
}
