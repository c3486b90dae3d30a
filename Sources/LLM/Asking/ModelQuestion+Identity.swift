import Trading

extension ModelQuestion {
  /// What makes an answer reusable: address, model, parameters, schema and messages, as JSON.
  ///
  /// Equal bytes mean the same question to the same model; neither key nor prices are in them.
  package func identity(on spec: ModelSpec) -> [UInt8] {
    func number(_ value: Double?) -> JSONValue {
      value.flatMap { $0.isFinite ? .number("\($0)") : nil } ?? .null
    }
    let form = schema.map {
      JSONValue.array([.text($0.name), .text($0.summary), $0.schema])
    }
    return JSONValue.object([
      JSONMember("api", .text(spec.api.rawValue)),
      JSONMember("base_url", .text(spec.baseURL)),
      JSONMember("model", .text(spec.modelName)),
      JSONMember("temperature", number(spec.temperature)),
      JSONMember("top_p", number(spec.topP)),
      JSONMember("max_completion_tokens", .number(spec.maxCompletionTokens)),
      JSONMember("structured", .text(spec.structured.rawValue)),
      JSONMember("schema", form ?? .null),
      JSONMember(
        "messages",
        .array(messages.map { .array([.text($0.role.rawValue), .text($0.text)]) })),
    ]).bytes
  }
}
