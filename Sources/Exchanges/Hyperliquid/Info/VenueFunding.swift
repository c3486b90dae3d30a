package import Trading

/// One funding payment as the venue tells it.
package struct VenueFunding: Sendable, Hashable {
  /// When it was paid, some ms after the hour.
  package let at: Timestamp
  /// The coin.
  package let coin: Coin
  /// What the account received, USD; negative = paid.
  package let amount: USD
  /// The size held.
  package let size: SignedQuantity
  /// The hourly rate.
  package let rate: FundingRate
}

extension VenueFunding {
  /// The payment; `nil` when it is in something we cannot trade.
  static func read(_ row: Payload) throws(PayloadProblem) -> VenueFunding? {
    let at = try row.time("time")
    return try row.inside("delta") { delta throws(PayloadProblem) in
      guard let coin = try delta.coin() else { return nil }
      return VenueFunding(
        at: at, coin: coin, amount: try delta.money("usdc"), size: try delta.signedSize("szi"),
        rate: try delta.rate("fundingRate"))
    }
  }
}
