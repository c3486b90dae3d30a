import Trading

extension ModelQuestion {
  /// What makes an answer reusable: address, model, parameters, schema and messages.
  ///
  /// Each part is preceded by its length, so that equal bytes mean the same question to the same
  /// model; neither key nor prices are in them.
  package func identity(on spec: ModelSpec) -> [UInt8] {
    func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(messages.reduce(4096) { $0 + $1.text.utf8.count + 32 })
    func add(_ part: some Collection<UInt8>) {
      bytes.append(contentsOf: "\(part.count):".utf8)
      bytes.append(contentsOf: part)
    }
    let parts = [
      spec.api.rawValue, spec.baseURL, spec.modelName, text(spec.temperature), text(spec.topP),
      "\(spec.maxCompletionTokens)", spec.structured.rawValue,
    ]
    for part in parts { add(part.utf8) }
    add((schema == nil ? "free" : "schema").utf8)
    if let schema {
      add(schema.name.utf8)
      add(schema.summary.utf8)
      add(schema.bytes)
    }
    for message in messages {
      add(message.role.rawValue.utf8)
      add(message.text.utf8)
    }
    return bytes
  }
}
