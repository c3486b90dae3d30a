import Trading

/// Reads an answer of the messages API.
struct MessagesAnswer {
  private let exchange: ProviderExchange

  init(_ exchange: ProviderExchange) { self.exchange = exchange }

  /// The answer in a document that came with status 200.
  func completion(in document: JSONValue) throws(ModelFailure) -> Completion {
    if let error = document["error"], error != .null {
      throw exchange.failure(in: document, statusesByType: Self.statuses)
    }
    guard let blocks = document["content"]?.elements else {
      throw exchange.badAnswer(
        "expected content in the answer, was none; check base_url in llm.yaml")
    }
    let said = texts("text", in: blocks, of: "text")
    let input = toolInput(in: blocks)
    let answer = input.isEmpty ? said : input
    let thought = texts("thinking", in: blocks, of: "thinking")
    let reasoning = thought.isEmpty && !input.isEmpty ? said : thought
    let usage = usage(in: document, answer: answer, reasoning: reasoning)
    let finish = document["stop_reason"]?.text ?? ""
    try check(finish, usage)
    return try exchange.completion(
      in: document, answer: answer, reasoning: reasoning, usage: usage, finish: finish)
  }
}

extension MessagesAnswer {
  /// The statuses that types of errors stand for.
  private static let statuses = [
    "overloaded_error": 529, "rate_limit_error": 429, "api_error": 500, "timeout_error": 504,
  ]

  private func check(_ finish: String, _ usage: TokenUsage) throws(ModelFailure) {
    switch finish {
    case "max_tokens", "model_context_window_exceeded":
      throw exchange.truncated(usage)
    case "refusal":
      throw exchange.badAnswer("the model refused to answer", usage: usage)
    default: break
    }
  }

  /// What the blocks of a type say, joined.
  private func texts(_ type: String, in blocks: [JSONValue], of name: String) -> String {
    blocks.filter { $0["type"]?.text == type }.compactMap { $0[name]?.text }.joined()
  }

  /// The input of the wanted tool, of the first one when none is named so; else empty.
  private func toolInput(in blocks: [JSONValue]) -> String {
    let uses = blocks.filter { $0["type"]?.text == "tool_use" }
    let wanted = uses.first { $0["name"]?.text == exchange.question.schema?.name }
    return (wanted ?? uses.first)?["input"]?.document ?? ""
  }

  /// The reported usage, else an estimate; `input_tokens` leaves out what caches read and wrote.
  private func usage(
    in document: JSONValue, answer: String, reasoning: String
  ) -> TokenUsage {
    let usage = document["usage"]
    guard let input = reportedTokens(usage?["input_tokens"]),
      let output = reportedTokens(usage?["output_tokens"])
    else {
      return TokenEstimate.usage(
        of: exchange.question, answer: answer, reasoning: reasoning, on: exchange.spec)
    }
    let read = reportedTokens(usage?["cache_read_input_tokens"]) ?? 0
    let written = reportedTokens(usage?["cache_creation_input_tokens"]) ?? 0
    return TokenUsage(
      prompt: input + read + written, cachedPrompt: read, completion: output,
      isEstimated: false)
  }
}
