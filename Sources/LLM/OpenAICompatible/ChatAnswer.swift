import Trading

/// Reads a chat completion.
struct ChatAnswer {
  private let exchange: ProviderExchange

  init(_ exchange: ProviderExchange) { self.exchange = exchange }

  /// The answer in a document that came with status 200.
  func completion(in document: JSONValue) throws(ModelFailure) -> Completion {
    if let error = document["error"], error != .null { throw exchange.failure(in: document) }
    guard let choice = document["choices"]?[0] else {
      throw exchange.badAnswer(
        "expected choices in the answer, were none; check base_url in llm.yaml")
    }
    // OpenRouter reports an upstream error inside the choice.
    if let error = choice["error"], error != .null { throw exchange.failure(in: choice) }
    let message = choice["message"] ?? .null
    let content = text(of: message["content"])
    let arguments = toolArguments(in: message)
    let answer = isTool && !arguments.isEmpty ? arguments : content.isEmpty ? arguments : content
    let reasoning = reasoning(in: message, beside: answer == content ? "" : content)
    let usage = usage(in: document, answer: answer, reasoning: reasoning)
    let finish = choice["finish_reason"]?.text ?? ""
    try check(finish, message, usage)
    return try exchange.completion(
      in: document, answer: answer, reasoning: reasoning, usage: usage, finish: finish)
  }
}

extension ChatAnswer {
  private var isTool: Bool { exchange.spec.structured == .tool }

  private func check(
    _ finish: String, _ message: JSONValue, _ usage: TokenUsage
  ) throws(ModelFailure) {
    switch finish {
    case "length", "max_tokens", "model_length":
      throw exchange.truncated(usage)
    case "content_filter":
      throw exchange.badAnswer("the provider's content filter cut the answer off", usage: usage)
    case "error":
      throw exchange.badAnswer("the provider broke the answer off", usage: usage)
    default: break
    }
    if let refusal = message["refusal"]?.text, !refusal.isEmpty {
      throw exchange.badAnswer(
        "the model refused to answer: \(exchange.redaction.excerpt(refusal))", usage: usage)
    }
  }

  /// The content: a text, or a list of parts of which those with text count.
  private func text(of content: JSONValue?) -> String {
    if let text = content?.text { return text }
    return (content?.elements ?? []).compactMap { $0["text"]?.text ?? $0.text }.joined()
  }

  /// The arguments of the wanted tool call, of the first one when none is named so; else empty.
  private func toolArguments(in message: JSONValue) -> String {
    let functions = (message["tool_calls"]?.elements ?? []).compactMap { $0["function"] }
    let wanted = functions.first { $0["name"]?.text == exchange.question.schema?.name }
    let arguments = (wanted ?? functions.first)?["arguments"]
    return arguments.map { $0.text ?? ($0 == .null ? "" : $0.document) } ?? ""
  }

  /// `reasoning_content` (DeepSeek, Qwen, vLLM), `reasoning` (OpenRouter), else what was said
  /// beside the tool call.
  private func reasoning(in message: JSONValue, beside said: String) -> String {
    let stated = [message["reasoning_content"]?.text, message["reasoning"]?.text]
    return stated.compactMap { $0 }.first { !$0.isEmpty } ?? said
  }

  /// The reported usage, else an estimate.
  ///
  /// Some providers (xAI, Gemini) leave reasoning out of `completion_tokens` but not out of
  /// `total_tokens`, so the larger of both counts.
  private func usage(
    in document: JSONValue, answer: String, reasoning: String
  ) -> TokenUsage {
    let usage = document["usage"]
    guard let prompt = reportedTokens(usage?["prompt_tokens"]),
      let completion = reportedTokens(usage?["completion_tokens"])
    else {
      return TokenEstimate.usage(
        of: exchange.question, answer: answer, reasoning: reasoning, on: exchange.spec)
    }
    let cached =
      reportedTokens(usage?["prompt_tokens_details"]?["cached_tokens"])
      ?? reportedTokens(usage?["prompt_cache_hit_tokens"]) ?? 0
    let total = reportedTokens(usage?["total_tokens"]) ?? 0
    return TokenUsage(
      prompt: prompt, cachedPrompt: cached, completion: max(completion, total - prompt),
      isEstimated: false)
  }
}
