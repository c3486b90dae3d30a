package import Trading

/// The part of a reserved order that is one trader's.
package struct ReservedShare: Sendable, Equatable {
  /// The wish with its final size and leverage.
  package let wish: OpenWish
  /// Every cut by conflicts and by the account, in order; empty = as admission approved it.
  package let notes: [RuleNote]

  /// The trader.
  package var trader: TraderID { wish.trader }

  /// Coins of the order that are its, above zero.
  package var size: Quantity { wish.wish.size }
}

/// One order for which the account's capital is reserved.
package struct ReservedOrder: Sendable {
  /// The proof; its size is the sum of the shares.
  package let approved: RiskApproved<EntryWish>
  /// Whose it is, in priority order, at least one.
  package let shares: [ReservedShare]
}

/// What reservation says of one order.
package struct ReservationResult: Sendable {
  /// The order; `nil` when the account refuses it.
  package let order: ReservedOrder?
  /// The members that get nothing: all without an order, else those that a cut leaves no lot.
  package let refused: [RefusedWish]
  /// The account after it.
  package let next: AccountState
}

/// What reservation says of all orders of a cycle.
package struct ReservationSequence: Sendable {
  /// The orders, in the order given.
  package internal(set) var orders: [ReservedOrder]
  /// The members that get nothing.
  package internal(set) var refused: [RefusedWish]
  /// The account after all of them.
  package internal(set) var state: AccountState
}
