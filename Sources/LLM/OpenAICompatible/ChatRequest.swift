import Trading

/// The body of a chat completion request.
///
/// Sampling parameters are sent as configured and left out when not: models that refuse them
/// (OpenAI's o-series and gpt-5, Qwen's thinking models) say so, and the operator removes the key.
enum ChatRequest {
  /// Hosts that take the limit of an answer as `max_completion_tokens`.
  ///
  /// OpenAI's reasoning models refuse `max_tokens`, also at Azure, and zenmux documents only the
  /// new name. All others get `max_tokens`: DeepSeek, DashScope, OpenRouter, vLLM, llama.cpp and
  /// Ollama know it, and several do not know the new name and would answer without a limit.
  static let newLimitHosts = ["api.openai.com", "openai.azure.com", "zenmux.ai"]

  static func body(_ question: ModelQuestion, to spec: ModelSpec) -> JSONValue {
    var members = [
      JSONMember("model", .text(spec.modelName)),
      JSONMember(
        "messages",
        .array(
          question.messages.map {
            .object([
              JSONMember("role", .text($0.role.rawValue)), JSONMember("content", .text($0.text)),
            ])
          })),
      JSONMember(limitName(for: spec), .number(spec.maxCompletionTokens)),
      JSONMember("stream", .flag(false)),
    ]
    members += sampling(of: spec)
    if let form = question.schema { members += structure(form, spec.structured) }
    return .object(members)
  }

  /// The sampling parameters that are configured.
  static func sampling(of spec: ModelSpec) -> [JSONMember] {
    [("temperature", spec.temperature), ("top_p", spec.topP)].compactMap { name, value in
      value.flatMap { $0.isFinite ? JSONMember(name, .number("\($0)")) : nil }
    }
  }

  private static func limitName(for spec: ModelSpec) -> String {
    let host = host(of: spec.baseURL)
    let isNew = newLimitHosts.contains { host == $0 || host.hasSuffix(".\($0)") }
    return isNew ? "max_completion_tokens" : "max_tokens"
  }

  /// The host of an address in lower case, without user, port and path.
  static func host(of address: String) -> String {
    let parts = address.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count > 2 else { return "" }
    let name = parts[2].split(separator: "@").last ?? ""
    return name.prefix { $0 != ":" && $0 != "?" }.lowercased()
  }

  private static func structure(_ form: AnswerSchema, _ kind: StructuredOutput) -> [JSONMember] {
    switch kind {
    case .jsonSchema:
      let schema = JSONValue.object([
        JSONMember("name", .text(form.name)), JSONMember("description", .text(form.summary)),
        JSONMember("strict", .flag(true)), JSONMember("schema", form.schema),
      ])
      return [
        JSONMember(
          "response_format",
          .object([
            JSONMember("type", .text("json_schema")), JSONMember("json_schema", schema),
          ]))
      ]
    case .tool:
      let function = JSONValue.object([
        JSONMember("name", .text(form.name)), JSONMember("description", .text(form.summary)),
        JSONMember("parameters", form.schema),
      ])
      return [
        JSONMember("tools", .array([tool(function)])),
        JSONMember("tool_choice", tool(.object([JSONMember("name", .text(form.name))]))),
      ]
    case .jsonObject:
      return [
        JSONMember("response_format", .object([JSONMember("type", .text("json_object"))]))
      ]
    case .text: return []
    }
  }

  private static func tool(_ function: JSONValue) -> JSONValue {
    .object([JSONMember("type", .text("function")), JSONMember("function", function)])
  }
}
