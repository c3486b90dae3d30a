import LLM
import Synchronization
import Trading
import Wire

/// A door to the network that answers from memory and keeps what was sent.
final class FakeTransport: HTTPTransport {
  private let answer: @Sendable (HTTPRequest) throws(WireError) -> HTTPResponse
  private let sent = Mutex<[HTTPRequest]>([])

  init(_ answer: @escaping @Sendable (HTTPRequest) throws(WireError) -> HTTPResponse) {
    self.answer = answer
  }

  convenience init(_ status: Int, _ body: String, headers: [HTTPHeader] = []) {
    self.init { _ in HTTPResponse(status: status, headers: headers, body: Array(body.utf8)) }
  }

  convenience init(failing error: WireError) {
    self.init { _ throws(WireError) in throw error }
  }

  var requests: [HTTPRequest] { sent.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    sent.withLock { $0.append(request) }
    return try answer(request)
  }
}

/// The key that may appear nowhere.
let canary = "sk-canary-0123456789"

/// A model's configuration with one thing changed at a time.
func spec(
  _ api: ModelAPI = .openai, _ name: String = "m", at url: String = "https://api.deepseek.com/v1",
  key: String? = canary, temperature: Double? = nil, topP: Double? = nil, most: Int = 1000,
  context: Int? = nil, form: StructuredOutput = .text, prices: TokenPrices? = nil,
  fallback: String? = nil
) -> ModelSpec {
  guard let alias = ModelAlias(name) else {
    preconditionFailure("expected an alias, was \(name)")
  }
  return ModelSpec(
    alias: alias, api: api, baseURL: url, apiKey: key.map { APIKey($0) },
    modelName: "vendor/\(name)", temperature: temperature, topP: topP, maxCompletionTokens: most,
    contextTokens: context, structured: form, prices: prices, maxConcurrency: nil,
    requestsPerMinute: nil, fallback: fallback.flatMap { ModelAlias($0) }, tier: nil)
}

/// A model behind a fake transport, or one with a script in place of a file.
func model(
  _ spec: ModelSpec, _ transport: FakeTransport = FakeTransport(200, "{}"), script: String = "",
  sleep: @escaping @Sendable (Duration) async throws -> Void = { _ in }
) throws -> any LanguageModel {
  let bytes = Array(script.utf8)
  return try ModelProvider.model(
    spec, through: ModelPorts(transport: transport, read: { _ in bytes }, sleep: sleep))
}

/// A small schema.
let decisions = AnswerSchema(
  name: "decide", summary: "What to do.",
  schema: .object([
    JSONMember("type", .text("object")), JSONMember("additionalProperties", .flag(false)),
  ]))

/// A question with both messages.
let question = ModelQuestion(
  messages: [ChatMessage(.system, "You trade."), ChatMessage(.user, "BTC is at 100000.")],
  schema: decisions)

/// What asking ends with, the failure as a value.
func result(
  of model: any LanguageModel, _ question: ModelQuestion = question,
  within limit: Duration = .seconds(30)
) async -> Result<Completion, ModelFailure> {
  do {
    return .success(try await model.complete(question, within: limit))
  } catch {
    return .failure(error)
  }
}

extension Result {
  /// The error; `nil` when there is none.
  var error: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }

  /// The value; `nil` when there is none.
  var value: Success? {
    if case .success(let value) = self { value } else { nil }
  }
}
