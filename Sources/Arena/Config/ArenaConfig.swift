package import Trading

/// The whole configuration, checked; secrets are references, never values.
package struct ArenaConfig: Sendable, Equatable {
  /// The arena's name.
  package let name: String
  /// What the arena is for.
  package let environment: ArenaEnvironment
  /// Times of one run.
  package let run: RunSection
  /// What the exported files show.
  package let export: ExportSection
  /// The traders in the order configured; never empty, ids unique.
  package let traders: [TraderSpec]
  /// The exchanges by name.
  package let exchangeProviders: [ProviderID: ExchangeSection]
  /// The market sources by name.
  package let marketProviders: [ProviderID: MarketSection]
  /// Limits over all traders of one account.
  package let globalLimits: GlobalLimits
  /// How models are reached; nothing in this version asks one.
  package let llm: LLMSection
  /// What nof0's executor.yaml says; the limits of each trader count instead.
  package let executor: ExecutorSection
  /// Errors that stop a run but not the other commands: a trader on a provider that this version
  /// cannot trade on or read from.
  package internal(set) var issuesForRun: [ConfigIssue]
}

/// What an arena is for.
package enum ArenaEnvironment: String, Sendable, CaseIterable {
  /// Trying things out.
  case test
  /// Working on nof0 itself.
  case dev
  /// The real thing.
  case prod
}

/// Times of one run.
package struct RunSection: Sendable, Equatable {
  /// How long one run may take, above zero.
  package let deadline: Span
  /// After this time a venue refuses an order that was sent, above zero.
  package let orderExpiry: Span
  /// Market data older than this permits reductions only, above zero.
  package let staleAfter: Span
}

/// What the exported files show.
package struct ExportSection: Sendable, Equatable {
  /// The value every equity curve starts from, USD; `nil` = raw dollars.
  package let navBase: USD?
  /// The coin whose buy-and-hold curve is shown beside the traders; `nil` = none.
  package let benchmark: Coin?
}

/// Limits over all traders of one account; `nil` = off.
package struct GlobalLimits: Sendable, Equatable {
  /// Margin in use as a share of equity.
  package let maxMarginUsage: Pct?
  /// Positions open at the same time.
  package let maxPositions: Int?
  /// Notional in one coin as a share of equity.
  package let maxSymbol: Pct?
  /// Unrealised loss as a share of equity.
  package let maxUnrealisedLoss: Pct?
}

/// How models are reached (llm.yaml).
package struct LLMSection: Sendable, Equatable {
  /// Where they answer.
  package let baseURL: String
  /// The key to them; `nil` = none named.
  package let apiKey: SecretReference?
  /// The model of traders that name none.
  package let defaultModel: String
  /// How long one request may take, above zero.
  package let timeout: Span
  /// How often a failed request is repeated, 0–100.
  package let maxRetries: Int
  /// The aliases in file order.
  package let models: [ModelSection]
}

/// One model of llm.yaml.
package struct ModelSection: Sendable, Equatable {
  /// The name traders use.
  package let alias: String
  /// Who runs it; empty when not named.
  package let provider: String
  /// The provider's name of it; the alias when not named.
  package let modelName: String
}

/// What nof0's executor.yaml says; checked, and kept for later versions.
package struct ExecutorSection: Sendable, Equatable {
  /// How many traders may decide at the same time, at least 1.
  package let maxConcurrentDecisions: Int
  /// The version a prompt template must state; empty = any.
  package let promptSchemaVersion: String
}
