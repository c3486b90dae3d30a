package import LLM
package import Trading

/// How models are reached (llm.yaml).
package struct LLMSection: Sendable, Equatable {
  /// Where models answer that name no other address.
  package let baseURL: String
  /// The key to that address; `nil` = none named.
  package let apiKey: SecretReference?
  /// The model of traders that name none.
  package let defaultModel: String
  /// How long one request may take, above zero.
  package let timeout: Span
  /// How often a failed request is repeated, 0–100.
  package let maxRetries: Int
  /// How long an answer may be used again for the same question; zero = never.
  package let cacheTTL: Span
  /// A file of certificates to trust besides the system's; `nil` = none.
  package let caFile: String?
  /// What may be spent in one UTC day.
  package let caps: SpendingCaps
  /// The models in file order, then those that traders name as PROVIDER/MODEL.
  package let models: [ModelDraft]
  /// The models that some trader may ask, those for calm times and for failures included, sorted.
  package let usedModels: [ModelAlias]

  /// The models that some trader may ask, with their keys, sorted by alias.
  ///
  /// - Parameter secret: Gets a key, usually ``SecretReader/read(_:_:)``; called once for each
  ///   model that has one.
  /// - Returns: What to make each model of.
  /// - Throws: What `secret` throws first.
  package func specs(
    _ secret: (SecretReference) throws(SecretFailure) -> String
  ) throws(SecretFailure) -> [ModelSpec] {
    var specs: [ModelSpec] = []
    for alias in usedModels {
      guard let draft = models.first(where: { $0.alias == alias }) else { continue }
      var key: APIKey?
      if let reference = draft.apiKey { key = APIKey(try secret(reference)) }
      specs.append(draft.spec(key))
    }
    return specs
  }
}

/// One model as configured, its secret not resolved.
package struct ModelDraft: Sendable, Equatable {
  /// The name traders use.
  package let alias: ModelAlias
  /// Who runs it, for people; empty when not named.
  package let provider: String
  /// The wire format.
  package let api: ModelAPI
  /// The provider's address, or the path of the script of a scripted model.
  package let baseURL: String
  /// Where its key is; `nil` = none is sent.
  package let apiKey: SecretReference?
  /// The provider's name of it; the alias when not named.
  package let modelName: String
  /// How freely it words its answer; `nil` = the provider's default.
  package let temperature: Double?
  /// The share of likely words it chooses from; `nil` = the provider's default.
  package let topP: Double?
  /// Tokens an answer may have, reasoning included, at least 1.
  package let maxCompletionTokens: Int
  /// Tokens question and answer may have together; `nil` = not known.
  package let contextTokens: Int?
  /// The strictest form of answer it supports.
  package let structured: StructuredOutput
  /// What it costs; `nil` = not known.
  package let prices: TokenPrices?
  /// Requests at the same time, at least 1; `nil` = no limit.
  package let maxConcurrency: Int?
  /// Requests within a minute, at least 1; `nil` = no limit.
  package let requestsPerMinute: Int?
  /// The model asked when this one fails; `nil` = none.
  package let fallback: ModelAlias?
  /// What it is for; `nil` = not said.
  package let tier: ModelTier?
}

extension ModelDraft {
  fileprivate func spec(_ key: APIKey?) -> ModelSpec {
    ModelSpec(
      alias: alias, api: api, baseURL: baseURL, apiKey: key, modelName: modelName,
      temperature: temperature, topP: topP, maxCompletionTokens: maxCompletionTokens,
      contextTokens: contextTokens, structured: structured, prices: prices,
      maxConcurrency: maxConcurrency, requestsPerMinute: requestsPerMinute, fallback: fallback,
      tier: tier)
  }

  /// What of it makes a trader another one when it changes: not its price, key or limits.
  var digestText: String {
    let parts: [String] = [
      alias.name, api.rawValue, api == .scripted ? "" : baseURL, modelName,
      temperature.map { "\($0)" } ?? "-", topP.map { "\($0)" } ?? "-", "\(maxCompletionTokens)",
      structured.rawValue, fallback?.name ?? "-",
    ]
    return parts.joined(separator: " ")
  }
}

/// How decisions are made (executor.yaml).
package struct ExecutorSection: Sendable, Equatable {
  /// How many traders may decide at the same time, at least 1; `nil` = all of them.
  package let maxConcurrentDecisions: Int?
  /// The version that the prompt of a context should state; empty = any.
  package let promptSchemaVersion: String
  /// Whether another version is an error rather than a notice.
  package let isPromptVersionStrict: Bool
  /// Whether a template that states no version is an error.
  package let requiresPromptVersion: Bool
}
