/// How the wishes of several traders of one account clash.
package enum ConflictKind: String, Sendable, CaseIterable {
  /// Opposite sides of one coin.
  case direction
  /// The same side of one coin.
  case duplicate
  /// More than the account has.
  case resource
}

/// How a clash is resolved.
package enum ConflictStrategy: String, Sendable, CaseIterable {
  /// The trader that comes first in priority gets what it wants.
  case firstCome = "first_come"
  /// The decision with the highest confidence does; at the same confidence, priority decides.
  case highestConfidence = "highest_confidence"
  /// Opposite wishes drop each other; wishes for one side become one order, split pro rata.
  case aggregate
  /// All are scaled down together.
  case proportional
}

/// How clashes between traders of one account are resolved (`conflicts` of manager.yaml).
package struct ConflictRules: Sendable, Equatable {
  /// Opposite sides of one coin: any strategy but ``ConflictStrategy/proportional``.
  package var direction: ConflictStrategy
  /// The same side of one coin: any strategy but ``ConflictStrategy/proportional``.
  package var duplicate: ConflictStrategy
  /// More than the account has: any strategy but ``ConflictStrategy/aggregate``.
  package var resource: ConflictStrategy
  /// Whether a coin belongs to one trader of the account at a time.
  package var exclusiveSymbols: Bool

  /// Rules from their parts.
  package init(
    direction: ConflictStrategy = .firstCome, duplicate: ConflictStrategy = .firstCome,
    resource: ConflictStrategy = .firstCome, exclusiveSymbols: Bool = true
  ) {
    self.direction = direction
    self.duplicate = duplicate
    self.resource = resource
    self.exclusiveSymbols = exclusiveSymbols
  }
}

/// A clash of one cycle and how it ended.
package struct ConflictRecord: Sendable, Hashable {
  /// The account the traders share.
  package let account: AccountID
  /// How they clash.
  package let kind: ConflictKind
  /// How urgent it is: opposite sides are high, scarce money medium, the same side low.
  package let severity: AlertSeverity
  /// The coin; `nil` for scarce money.
  package let coin: Coin?
  /// The traders, in priority order; at least one, as the other side may be outside of nof0.
  package let traders: [TraderID]
  /// The strategy that resolved it; `nil` when whoever held the coin before kept it.
  package let strategy: ConflictStrategy?
  /// What each trader got, in words.
  package let resolution: String
  /// Why they clash, in words.
  package let reason: String

  /// A clash from its parts.
  package init(
    account: AccountID, kind: ConflictKind, severity: AlertSeverity, coin: Coin?,
    traders: [TraderID], strategy: ConflictStrategy?, resolution: String, reason: String
  ) {
    self.account = account
    self.kind = kind
    self.severity = severity
    self.coin = coin
    self.traders = traders
    self.strategy = strategy
    self.resolution = resolution
    self.reason = reason
  }
}
