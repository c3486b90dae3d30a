import Trading
import Wire

extension ModelProvider {
  /// Chat completions: OpenAI, DeepSeek, Qwen, OpenRouter, zenmux, vLLM, llama.cpp, Ollama.
  package static let openAICompatible = ModelProvider(api: .openai) {
    (spec, ports) throws(ModelSetupError) in
    try checkAddress(of: spec)
    return OpenAICompatibleModel(
      spec: spec, transport: ports.transport, redaction: KeyRedaction(spec.apiKey))
  }
}

/// A model behind `POST BASE/chat/completions`.
struct OpenAICompatibleModel: LanguageModel {
  let spec: ModelSpec
  let transport: any HTTPTransport
  /// Made once: each way the key may be written is worked out for it.
  let redaction: KeyRedaction

  func complete(
    _ question: ModelQuestion, within limit: Duration
  ) async throws(ModelFailure) -> Completion {
    let exchange = ProviderExchange(spec: spec, question: question, redaction: redaction)
    let document = try await exchange.post(
      ChatRequest.body(question, to: spec), to: "/chat/completions", headers: headers,
      within: limit, through: transport)
    return try ChatAnswer(exchange).completion(in: document)
  }

  private var headers: [HTTPHeader] {
    spec.apiKey.map { [$0.bearer] } ?? []
  }
}
