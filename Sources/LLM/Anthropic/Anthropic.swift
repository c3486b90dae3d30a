import Trading
import Wire

extension ModelProvider {
  /// Anthropic messages, also of gateways that speak them.
  package static let anthropic = ModelProvider(api: .anthropic) {
    (spec, ports) throws(ModelSetupError) in
    try checkAddress(of: spec)
    return AnthropicModel(
      spec: spec, transport: ports.transport, redaction: KeyRedaction(spec.apiKey))
  }
}

/// A model behind `POST BASE/v1/messages`; the base address may end in `/v1`.
struct AnthropicModel: LanguageModel {
  /// The version of the API these bodies follow.
  static let version = "2023-06-01"

  let spec: ModelSpec
  let transport: any HTTPTransport
  /// Made once: each way the key may be written is worked out for it.
  let redaction: KeyRedaction

  func complete(
    _ question: ModelQuestion, within limit: Duration
  ) async throws(ModelFailure) -> Completion {
    let exchange = ProviderExchange(spec: spec, question: question, redaction: redaction)
    let document = try await exchange.post(
      MessagesRequest.body(question, to: spec), to: path, headers: headers, within: limit,
      through: transport)
    return try MessagesAnswer(exchange).completion(in: document)
  }

  private var path: String {
    let base = ProviderExchange.address(spec.baseURL, "")
    return base.hasSuffix("/v1") || base.hasSuffix("/messages") ? "/messages" : "/v1/messages"
  }

  private var headers: [HTTPHeader] {
    let key = spec.apiKey.map { [HTTPHeader("x-api-key", $0.secret, isSecret: true)] } ?? []
    return key + [HTTPHeader("anthropic-version", Self.version)]
  }
}
