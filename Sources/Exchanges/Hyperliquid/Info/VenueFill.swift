package import Trading

/// One execution as the venue tells it.
package struct VenueFill: Sendable, Hashable {
  /// The coin; `nil` for spot pairs, other dexes and the like.
  package let coin: Coin?
  /// The venue's name of what was traded: `BTC`, `@107`.
  package let symbol: String
  /// The price.
  package let price: Price
  /// Coins.
  package let size: Quantity
  /// Buy or sell.
  package let side: OrderSide
  /// When.
  package let at: Timestamp
  /// The position before it.
  package let startPosition: SignedQuantity
  /// The venue's words: `Open Long`, `Short > Long`, `Liquidated Cross Long`.
  package let direction: String
  /// What was charged, in ``feeToken``; negative for a rebate.
  package let fee: USD
  /// What the fee was paid in; `USDC` for perpetuals.
  package let feeToken: String
  /// The venue's number of the execution, unique together with time and coin.
  ///
  /// Answers of 2023 had none: it is then derived from the other fields.
  package let tradeID: Int64
  /// The venue's number of the order.
  package let orderNumber: Int64
  /// The id given by whoever sent the order; `nil` = none, or not of the form of ours.
  package let id: ClientOrderID?
  /// Whether it took liquidity.
  package let isTaker: Bool
  /// Whose position was liquidated by it, possibly someone else's; `nil` = nobody's.
  package let liquidatedUser: EthereumAddress?
  /// The hash of the transaction.
  package let hash: String
}

extension VenueFill {
  /// The fill; `nil` when it is in something we cannot trade and cannot be read.
  static func read(_ row: Payload) throws(PayloadProblem) -> VenueFill? {
    let symbol = try row.text("coin")
    guard Coin(symbol) == nil else { return try strictly(row, symbol) }
    do throws(PayloadProblem) { return try strictly(row, symbol) } catch {
      // Spot tokens have sizes that no exact decimal holds; they do not matter to us.
      return nil
    }
  }

  private static func strictly(
    _ row: Payload, _ symbol: String
  ) throws(PayloadProblem) -> VenueFill {
    var victim: EthereumAddress?
    if row.has("liquidation") {
      victim = try row.inside("liquidation") { inner throws(PayloadProblem) in
        try inner.ifPresent("liquidatedUser", inner.address)
      }
    }
    return VenueFill(
      coin: Coin(symbol), symbol: symbol, price: try row.price("px"), size: try row.size("sz"),
      side: try row.side("side"), at: try row.time("time"),
      startPosition: try row.signedSize("startPosition"),
      direction: try row.ifPresent("dir", row.text) ?? "", fee: try row.money("fee"),
      feeToken: try row.ifPresent("feeToken", row.text) ?? "USDC",
      tradeID: try row.ifPresent("tid", row.whole) ?? derivedID(row),
      orderNumber: try row.whole("oid"), id: row.clientOrderID, isTaker: try row.flag("crossed"),
      liquidatedUser: victim, hash: try row.ifPresent("hash", row.text) ?? "")
  }

  private static func derivedID(_ row: Payload) -> Int64 {
    let parts = ["hash", "oid", "startPosition", "px", "sz"].map { row.value[$0]?.document ?? "" }
    return Int64(stableHash(parts.joined(separator: "|")) >> 1)
  }
}
