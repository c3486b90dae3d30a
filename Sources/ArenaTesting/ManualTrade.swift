package import Trading

/// A trade somebody makes past the arena, on the venue's own page.
package enum ManualTrade {
  /// An immediate order whose client id no arena derives: it begins with sixteen zeros.
  ///
  /// Hand it to the venue itself, not to what stands in front of it.
  ///
  /// - Parameters:
  ///   - account: The account.
  ///   - coin: The coin.
  ///   - side: Buy or sell.
  ///   - size: Coins, on the instrument's grid.
  ///   - limit: The worst price, on the instrument's grid.
  ///   - now: When it is made; it never expires.
  ///   - number: Tells it from other manual trades of the account; not negative.
  ///   - leverage: Leverage the whole position has afterwards, if this opens or grows it.
  /// - Returns: The order, as one that passed the gate.
  package static func intent(
    account: AccountID, coin: Coin, side: OrderSide, size: Quantity, limit: Price,
    at now: Timestamp, number: Int, leverage: Int = 3
  ) -> RiskApproved<OrderIntent> {
    let digits = (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    guard let id = ClientOrderID(digest: Array(repeating: 0, count: 8) + digits),
      let trader = TraderID("manual")
    else { preconditionFailure("expected a client id and a trader id") }
    let identity = OrderIdentity(
      arena: "none", trader: trader, cycle: Int64(number), coin: coin, purpose: .open,
      generation: 0)
    return RiskGate.reapprove(
      recorded: OrderIntent(
        request: OrderRequest(
          clientOrderID: id, identity: identity, account: account, side: side, size: size,
          kind: .limit(limit, .immediateOrCancel), reduceOnly: false, leverage: leverage),
        run: 0, decidedAt: now, decisionMid: limit, expiresAt: Timestamp(ms: .max), nonce: 0,
        claim: nil))
  }
}
