import LLM
import Testing
import Trading
import Wire

/// What every provider of the list must do, whatever its wire format.
@Suite struct LanguageModelContractTests {
  /// The ways a model can be made to behave.
  enum Behaviour: Sendable {
    case answers
    case answersWithoutUsage
    case fails(ModelFailure.Kind)
  }

  /// Each provider, made to behave one way.
  private func model(_ api: ModelAPI, _ behaviour: Behaviour) throws -> any LanguageModel {
    switch api {
    case .openai, .anthropic:
      try LLMTests.model(spec(api), Self.transport(api, behaviour))
    case .scripted:
      try LLMTests.model(spec(.scripted, at: "replies.jsonl"), script: Self.script(behaviour))
    }
  }

  private static func transport(_ api: ModelAPI, _ behaviour: Behaviour) -> FakeTransport {
    let isChat = api == .openai
    let usage =
      isChat
      ? #","usage":{"prompt_tokens":12,"completion_tokens":3,"prompt_cache_hit_tokens":4}"#
      : #","usage":{"input_tokens":8,"cache_read_input_tokens":4,"output_tokens":3}"#
    func body(_ finish: String, _ usage: String) -> String {
      isChat
        ? #"{"choices":[{"message":{"content":"hold","reasoning_content":"Hm."},"#
          + #""finish_reason":"\#(finish)"}]\#(usage)}"#
        : #"{"content":[{"type":"thinking","thinking":"Hm."},{"type":"text","text":"hold"}],"#
          + #""stop_reason":"\#(finish)"\#(usage)}"#
    }
    switch behaviour {
    case .answers: return FakeTransport(200, body("stop", usage))
    case .answersWithoutUsage: return FakeTransport(200, body("stop", ""))
    case .fails(let kind):
      switch kind {
      case .refused: return FakeTransport(401, canary)
      case .rateLimited:
        return FakeTransport(429, canary, headers: [HTTPHeader("Retry-After", "2")])
      case .unavailable: return FakeTransport(503, canary)
      case .badRequest: return FakeTransport(400, canary)
      case .network: return FakeTransport(failing: .broken(detail: canary, wasSent: false))
      case .timedOut: return FakeTransport(failing: .timedOut(after: .seconds(1), wasSent: true))
      case .badAnswer: return FakeTransport(200, canary)
      case .truncated: return FakeTransport(200, body(isChat ? "length" : "max_tokens", usage))
      case .cancelled: return FakeTransport(failing: .cancelled)
      }
    }
  }

  private static func script(_ behaviour: Behaviour) -> String {
    switch behaviour {
    case .answers:
      #"{"text":"hold","reasoning":"Hm.","usage":{"prompt":12,"cached":4,"completion":3}}"#
    case .answersWithoutUsage: #"{"text":"hold","reasoning":"Hm."}"#
    case .fails(let kind):
      #"{"failure":"\#(kind.rawValue)","retry_after_ms":2000}"#
    }
  }

  @Test func hasOneProviderForEachAPI() {
    #expect(
      ModelProvider.all.map(\.api.rawValue).sorted() == ModelAPI.allCases.map(\.rawValue).sorted())
  }

  @Test(arguments: ModelProvider.all.map(\.api)) func answers(api: ModelAPI) async throws {
    let completion = try await model(api, .answers).complete(question, within: .seconds(9))

    #expect(
      completion
        == Completion(
          text: "hold", reasoning: "Hm.",
          usage: TokenUsage(prompt: 12, cachedPrompt: 4, completion: 3, isEstimated: false),
          answeredBy: "vendor/m", finishReason: "stop"))
  }

  @Test(arguments: ModelProvider.all.map(\.api))
  func estimatesWhatIsNotReported(api: ModelAPI) async throws {
    let completion = try await model(api, .answersWithoutUsage)
      .complete(question, within: .seconds(9))

    // 18 for the question (see AnswerTests), ⌈4/3⌉ for the answer, ⌈3/3⌉ for the reasoning.
    #expect(completion.usage == TokenUsage(prompt: 18, completion: 3, isEstimated: true))
  }

  @Test(arguments: ModelProvider.all.map(\.api), ModelFailure.Kind.allCases)
  func failsByKindWithoutShowingTheKey(api: ModelAPI, kind: ModelFailure.Kind) async throws {
    let failure = try #require(await result(of: try model(api, .fails(kind))).error)

    #expect(failure.kind == kind)
    #expect(failure.message.hasPrefix("m: ") && failure.message.count > 3)
    #expect(!String(reflecting: failure).contains(canary))
    if kind == .rateLimited { #expect(failure.retryAfter == .seconds(2)) }
    // These cannot have consumed anything.
    if [.refused, .badRequest, .rateLimited].contains(kind) { #expect(failure.usage == nil) }
  }
}
