/// How money is split among traders.
package enum AllocationStrategy: String, Sendable, CaseIterable {
  /// The same for each.
  case equal
  /// By the share each is configured with.
  case custom
  /// By the Sharpe ratio of each.
  case performanceBased = "performance_based"
}

/// How the arena's money is split (`manager` of manager.yaml with `total_equity_usd`).
package struct AllocationRules: Sendable, Equatable {
  /// How it is split.
  package var strategy: AllocationStrategy
  /// The money put into the arena, USD, above zero.
  package var total: USD
  /// The share of it that nobody gets.
  package var reserve: Pct
  /// The least a trader gets, USD.
  package var minimum: USD
  /// The time after which money is moved again.
  package var interval: Span
  /// Whether positions are reduced to free money that is to be moved.
  package var mayReduce: Bool
  /// The traders whose money is split, with their configured shares of the total.
  ///
  /// Traders with an `initial_equity_usd` of their own are not among them. Shares are only given
  /// for ``AllocationStrategy/custom``.
  package var members: [TraderID: Pct?]
  /// Money that traders outside of the split were given from the total, USD.
  package var ownMoney: USD

  /// Rules from their parts.
  package init(
    strategy: AllocationStrategy, total: USD, reserve: Pct, minimum: USD, interval: Span,
    mayReduce: Bool, members: [TraderID: Pct?], ownMoney: USD
  ) {
    self.strategy = strategy
    self.total = total
    self.reserve = reserve
    self.minimum = minimum
    self.interval = interval
    self.mayReduce = mayReduce
    self.members = members
    self.ownMoney = ownMoney
  }
}

/// When money was last split anew, and what was known then.
package struct AllocationRecord: Sendable, Equatable {
  /// When.
  package var at: Timestamp
  /// The Sharpe ratio of each trader then; traders without one are absent.
  package var sharpes: [TraderID: Double]
  /// The traders it was split among, sorted.
  package var members: [TraderID]
  /// Whether money is still to be moved that was not free then.
  package var isPending: Bool

  /// A record from its parts.
  package init(
    at: Timestamp, sharpes: [TraderID: Double], members: [TraderID], isPending: Bool
  ) {
    self.at = at
    self.sharpes = sharpes
    self.members = members
    self.isPending = isPending
  }
}
