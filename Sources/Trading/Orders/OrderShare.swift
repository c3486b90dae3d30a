/// The part of an order that is one trader's, when several share it.
package struct OrderShare: Sendable, Hashable {
  /// The trader.
  package let trader: TraderID
  /// Coins of the order that are its, above zero.
  package let size: Quantity
  /// What its decision claimed.
  package let claim: EntryClaim

  /// A share from its parts.
  package init(trader: TraderID, size: Quantity, claim: EntryClaim) {
    self.trader = trader
    self.size = size
    self.claim = claim
  }
}
