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
  /// How money is split among traders; `nil` when each has its own.
  package let allocation: AllocationRules?
  /// How clashes between traders of one account are resolved.
  package let conflicts: ConflictRules
  /// When traders are taken out by rule.
  package let isolation: IsolationRules
  /// How models are reached.
  package let llm: LLMSection
  /// How decisions are made; of nof0's limits in it those of each trader count instead.
  package let executor: ExecutorSection
  /// From where on alerts are told, and to whom.
  package let alerts: AlertSection
  /// What is kept of each cycle.
  package let journal: JournalSection
  /// The keys to the addresses of traders whose executor is behind one and needs a key.
  package let executorKeys: [TraderID: SecretReference]
  /// Errors that stop a run but not the other commands: a trader on a provider that this version
  /// cannot trade on or read from, or a key that is not there.
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
  /// Yearly return of money that takes no risk, as a fraction.
  package let riskFree: Double
}
