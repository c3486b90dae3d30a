package import Trading

/// An order ready to be sent but for its client id and account.
package struct PlannedOrder: Sendable, Hashable {
  /// What its id is derived from.
  package let identity: OrderIdentity
  /// Buy or sell.
  package let side: OrderSide
  /// Coins, above zero, on the lot grid.
  package let size: Quantity
  /// Its price, on the grid.
  package let kind: OrderKind
  /// Whether it may only shrink a position.
  package let reduceOnly: Bool
  /// Leverage the position should have; 1 for orders that only reduce.
  package let leverage: Int
  /// What the position is to remember of the entry; `nil` for orders that only reduce.
  package let claim: EntryClaim?
  /// The mid the decision saw.
  package let decisionMid: Price

  /// The order as it goes to a venue.
  package func request(_ id: ClientOrderID, account: AccountID) -> OrderRequest {
    OrderRequest(
      clientOrderID: id, identity: identity, account: account, side: side, size: size, kind: kind,
      reduceOnly: reduceOnly, leverage: leverage)
  }
}
