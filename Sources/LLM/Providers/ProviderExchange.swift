import Trading
import Wire

/// One question posted to a provider, and its answer as JSON or a failure.
struct ProviderExchange: Sendable {
  /// The model.
  let spec: ModelSpec
  /// What is asked, for estimates of what was consumed.
  let question: ModelQuestion
  /// Takes the key out of what comes back.
  let redaction: KeyRedaction

  /// What is booked when the provider may have worked and nobody learns how much.
  var unknownUsage: TokenUsage { TokenEstimate.usage(of: question, on: spec) }

  /// Posts a document and returns the one that came back with status 200.
  func post(
    _ body: JSONValue, to path: String, headers: [HTTPHeader], within limit: Duration,
    through transport: any HTTPTransport
  ) async throws(ModelFailure) -> JSONValue {
    let fixed = [
      HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", "application/json"),
    ]
    let request = HTTPRequest(
      .post, url: Self.address(spec.baseURL, path), headers: fixed + headers, body: body.bytes,
      timeout: limit, connectTimeout: min(limit, .seconds(10)))
    let response: HTTPResponse
    do {
      response = try await transport.send(request)
    } catch {
      throw failure(error)
    }
    guard (200..<300).contains(response.status) else { throw failure(response) }
    return try document(of: response.body)
  }

  /// The address of a path below the base address, which may end in a slash or in the path.
  static func address(_ base: String, _ path: String) -> String {
    var trimmed = base[...]
    while trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
    return trimmed.hasSuffix(path) ? String(trimmed) : trimmed + path
  }

  /// What an answer holds, without the key; an empty one is none.
  ///
  /// - Parameters:
  ///   - document: What came with status 200.
  ///   - answer: The text, or the arguments of the tool call.
  ///   - reasoning: How the model reasoned; empty when it did not say.
  ///   - usage: What it consumed.
  ///   - finish: Why it stopped, in the provider's word.
  /// - Returns: The completion.
  /// - Throws: That the answer is empty.
  func completion(
    in document: JSONValue, answer: String, reasoning: String, usage: TokenUsage, finish: String
  ) throws(ModelFailure) -> Completion {
    guard answer.contains(where: { !$0.isWhitespace }) else {
      throw badAnswer("expected an answer, was an empty one", usage: usage)
    }
    return Completion(
      text: redaction.clean(answer), reasoning: redaction.clean(reasoning), usage: usage,
      answeredBy: redaction.excerpt(document["model"]?.text ?? spec.modelName),
      finishReason: redaction.excerpt(finish))
  }

  /// A failure of this model.
  func failure(
    _ kind: ModelFailure.Kind, _ problem: String, retryAfter: Duration? = nil,
    usage: TokenUsage? = nil, isLasting: Bool = false
  ) -> ModelFailure {
    ModelFailure(
      kind, "\(spec.alias): \(problem)", retryAfter: retryAfter, usage: usage,
      isLasting: isLasting)
  }

  /// An answer that ended at the limit of tokens, so that it took at least as many.
  func truncated(_ usage: TokenUsage) -> ModelFailure {
    failure(
      .truncated,
      "the answer ended at the limit of \(spec.maxCompletionTokens) tokens; raise "
        + "max_completion_tokens in llm.yaml", usage: usage.isEstimated ? unknownUsage : usage)
  }

  /// An answer that is not one.
  func badAnswer(_ problem: String, usage: TokenUsage? = nil) -> ModelFailure {
    failure(.badAnswer, problem, usage: usage ?? unknownUsage)
  }
}

extension ProviderExchange {
  private func document(of body: [UInt8]) throws(ModelFailure) -> JSONValue {
    if let first = body.first(where: { $0 > 0x20 }), first != UInt8(ascii: "{") {
      let start = redaction.excerpt(String(decoding: body, as: UTF8.self))
      throw badAnswer(
        "expected a JSON object, was \(ProviderError.looksLikeHTML(body) ? "HTML" : "other text"): "
          + "\(start); check base_url in llm.yaml")
    }
    do {
      return try JSONReader.value(of: body)
    } catch {
      guard !body.allSatisfy({ $0 <= 0x20 }) else {
        throw badAnswer("expected a JSON object, was an empty answer")
      }
      throw badAnswer("expected a whole JSON object, was broken at \(error)")
    }
  }

  /// What became of a request that got no response.
  private func failure(_ error: WireError) -> ModelFailure {
    let usage = error.mayHaveArrived ? unknownUsage : nil
    let text = redaction.excerpt(error.description)
    switch error {
    case .badURL: return failure(.badRequest, "\(text); correct base_url in llm.yaml")
    case .unreachable:
      return failure(.network, "\(text); check the network and base_url in llm.yaml")
    case .untrusted: return failure(.network, text, isLasting: true)
    case .timedOut(_, let wasSent):
      return failure(wasSent ? .timedOut : .network, text, usage: usage)
    case .broken: return failure(.network, text, usage: usage)
    case .tooLarge: return failure(.badAnswer, text, usage: usage)
    case .cancelled: return failure(.cancelled, text, usage: usage)
    case .cassette: return failure(.badRequest, text)
    }
  }

  /// What a response other than 2xx says.
  private func failure(_ response: HTTPResponse) -> ModelFailure {
    let error = ProviderError(response.body)
    return failure(
      error, status: response.status, retryAfter: RetryPolicy.retryAfter(in: response), usage: nil)
  }

  /// What an error in a document with status 200 says: by its code when that is an HTTP status,
  /// else by its type where that stands for one.
  func failure(
    in document: JSONValue, statusesByType: [String: Int] = [:]
  ) -> ModelFailure {
    let error = ProviderError(document)
    if let status = error.status ?? statusesByType[error.type] {
      return failure(error, status: status, retryAfter: nil, usage: unknownUsage)
    }
    return badAnswer("expected an answer, was an error: \(redaction.excerpt(error.message))")
  }

  /// What an error of a status says.
  private func failure(
    _ error: ProviderError, status: Int, retryAfter: Duration?, usage: TokenUsage?
  ) -> ModelFailure {
    let words = redaction.excerpt(error.message)
    let said = "HTTP \(status)" + (words.isEmpty ? "" : ": \(words)")
    if status == 402 || (status == 429 && error.isAboutMoney) {
      return failure(
        .rateLimited, "\(said); the account has no money left, top it up", usage: usage,
        isLasting: true)
    }
    switch status {
    case 401, 403:
      return failure(.refused, "\(said); check api_key in llm.yaml and what the key may use")
    case 429:
      return failure(
        .rateLimited, "\(said); requests_per_minute in llm.yaml can keep below the limit",
        retryAfter: retryAfter, usage: usage)
    // A gateway gave up waiting: the model behind it may have worked.
    case 408, 504, 524:
      return failure(.unavailable, said, retryAfter: retryAfter, usage: unknownUsage)
    case 425, 500...:
      return failure(.unavailable, said, retryAfter: retryAfter, usage: usage)
    case 300..<400:
      return failure(.badRequest, "\(said); expected no redirection, correct base_url in llm.yaml")
    case 404:
      return failure(.badRequest, "\(said); check model_name and base_url in llm.yaml")
    default:
      return failure(.badRequest, "\(said); check the settings of the model in llm.yaml")
    }
  }
}

/// What a provider says went wrong.
struct ProviderError {
  /// Its words; not cleaned yet.
  let message: String
  /// Its name of the kind of error; empty when it gives none.
  let type: String
  /// Its code as text; empty when it gives none.
  let code: String

  /// Whether the account has no money left, which waiting does not mend.
  var isAboutMoney: Bool {
    [type, code].contains { ["insufficient_quota", "billing_error"].contains($0) }
  }

  /// The status a code in a body with status 200 stands for; `nil` = none.
  var status: Int? { Int(code).flatMap { (400..<600).contains($0) ? $0 : nil } }

  /// The error in the body of a response, JSON or not.
  init(_ body: [UInt8]) {
    do {
      self.init(try JSONReader.value(of: body))
    } catch {
      self.init(
        message: Self.looksLikeHTML(body)
          ? "an HTML page" : String(decoding: body, as: UTF8.self),
        type: "", code: "")
    }
  }

  /// The error in a document: `error` (object or text), `message`, or `detail`.
  init(_ document: JSONValue) {
    let error = document["error"] ?? document
    let words = error["message"] ?? document["message"] ?? error["detail"] ?? error
    self.init(
      message: words.text ?? words.document, type: error["type"]?.text ?? "",
      code: error["code"].map { $0.text ?? $0.whole.map { "\($0)" } ?? "" } ?? "")
  }

  private init(message: String, type: String, code: String) {
    self.message = message
    self.type = type
    self.code = code
  }

  /// Whether a body begins like an HTML or XML page.
  static func looksLikeHTML(_ body: [UInt8]) -> Bool {
    body.first { $0 > 0x20 } == UInt8(ascii: "<")
  }
}

/// Checks a base address before anything is sent.
func checkAddress(of spec: ModelSpec) throws(ModelSetupError) {
  let address = spec.baseURL.lowercased()
  guard address.hasPrefix("https://") || address.hasPrefix("http://") else {
    throw ModelSetupError(
      model: spec.alias,
      problem: "expected base_url to begin with https:// or http://, was "
        + "\"\(KeyRedaction(spec.apiKey).excerpt(spec.baseURL))\"")
  }
}

/// A count of tokens as reported; `nil` when it is missing or cannot be one.
///
/// Counts above 1e9 are no counts: no model reads as much, and sums must not overflow.
func reportedTokens(_ value: JSONValue?) -> Int? {
  value?.whole.flatMap { (0...1_000_000_000).contains($0) ? $0 : nil }
}
