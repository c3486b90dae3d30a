import Trading

/// The body of a messages request.
enum MessagesRequest {
  static func body(_ question: ModelQuestion, to spec: ModelSpec) -> JSONValue {
    var members = [
      JSONMember("model", .text(spec.modelName)),
      JSONMember("max_tokens", .number(spec.maxCompletionTokens)),
    ]
    let system = question.messages.filter { $0.role == .system }.map(\.text)
    if !system.isEmpty {
      members.append(JSONMember("system", .text(system.joined(separator: "\n\n"))))
    }
    let messages = question.messages.filter { $0.role != .system }.map { message in
      JSONValue.object([
        JSONMember("role", .text(message.role.rawValue)),
        JSONMember("content", .text(message.text)),
      ])
    }
    members += [
      JSONMember("messages", .array(messages)), JSONMember("stream", .flag(false)),
    ]
    members += ChatRequest.sampling(of: spec)
    if let form = question.schema { members += tool(form, spec.structured) }
    return .object(members)
  }

  /// A schema becomes a tool that must be used: the strictest form that every model knows.
  private static func tool(_ form: AnswerSchema, _ kind: StructuredOutput) -> [JSONMember] {
    switch kind {
    case .jsonSchema, .tool:
      let tool = JSONValue.object([
        JSONMember("name", .text(form.name)), JSONMember("description", .text(form.summary)),
        JSONMember("input_schema", form.schema),
      ])
      let choice = JSONValue.object([
        JSONMember("type", .text("tool")), JSONMember("name", .text(form.name)),
        JSONMember("disable_parallel_tool_use", .flag(true)),
      ])
      return [JSONMember("tools", .array([tool])), JSONMember("tool_choice", choice)]
    case .jsonObject, .text: return []
    }
  }
}
