package import Trading
package import Wire

/// A wire format for asking models: one folder and one line in ``all``.
package struct ModelProvider: Sendable {
  /// The format, as `api` in llm.yaml names it.
  package let api: ModelAPI
  /// Makes a model; throws when its address or its script cannot be used.
  let make: @Sendable (ModelSpec, ModelPorts) throws(ModelSetupError) -> any LanguageModel

  /// Every format, one per ``ModelAPI``.
  package static let all: [ModelProvider] = [.openAICompatible, .anthropic, .scripted]

  /// The model of a configuration, ready to be asked; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - spec: What is configured of it.
  ///   - ports: What it reaches the world through.
  /// - Returns: A model of the format that `spec.api` names.
  /// - Throws: Why its address or its script cannot be used.
  package static func model(
    _ spec: ModelSpec, through ports: ModelPorts
  ) throws(ModelSetupError) -> any LanguageModel {
    guard let provider = all.first(where: { $0.api == spec.api }) else {
      preconditionFailure("expected a provider for api \(spec.api.rawValue), was none")
    }
    return try provider.make(spec, ports)
  }
}

/// What models reach the world through.
package struct ModelPorts: Sendable {
  /// The door to the network.
  package let transport: any HTTPTransport
  /// The bytes of a file; throws when it cannot be read.
  package let read: @Sendable (String) throws -> [UInt8]
  /// Waits; throws when the task is cancelled.
  package let sleep: @Sendable (Duration) async throws -> Void

  /// Ports from their parts.
  package init(
    transport: any HTTPTransport, read: @escaping @Sendable (String) throws -> [UInt8],
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.transport = transport
    self.read = read
    self.sleep = sleep
  }
}

/// Why a model cannot be used as configured.
package struct ModelSetupError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The model.
  package let model: ModelAlias
  /// What was expected and what was there, with the file and line of a script.
  package let problem: String

  /// The error in words.
  package var description: String { "model \(model): \(problem)" }
}
