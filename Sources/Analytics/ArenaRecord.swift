package import Trading

/// What the exports tell of an arena beside its traders.
package struct ArenaRecord: Sendable, Equatable {
  /// The arena's name; empty = none.
  package var name: String = ""
  /// Whether no trader trades real money.
  package var isSimulated: Bool = true
  /// Yearly return of money that takes no risk, as a fraction.
  package var riskFree: Double = 0
  /// Open alerts, and the newest ones that are over, newest first.
  package var alerts: [AlertRecord] = []
  /// The newest runs, newest first.
  package var runs: [RunRecord] = []
  /// How sure the leaderboard is; `nil` = too early to say.
  package var statistics: ArenaStatistics?

  /// A record of nothing.
  package init() {}
}

/// What the calls of one trader to one model cost.
package struct ModelCost: Sendable, Equatable {
  /// The model, by the alias of the configuration.
  package let model: String
  /// Calls since the beginning of the record of calls.
  package let calls: Int
  /// Tokens of these, in and out.
  package let tokens: Int
  /// Their cost, USD.
  package let cost: USD
  /// The cost of the present UTC day, USD.
  package let costToday: USD

  /// A cost from its parts.
  package init(model: String, calls: Int, tokens: Int, cost: USD, costToday: USD) {
    self.model = model
    self.calls = calls
    self.tokens = tokens
    self.cost = cost
    self.costToday = costToday
  }
}
