package import Trading

/// What the venue charges an account for perpetuals (`userFees`).
package struct VenueFees: Sendable, Hashable {
  /// For taking liquidity.
  package let taker: Bps
  /// For providing it; negative for a rebate.
  package let maker: Bps
}

extension VenueFees {
  init(_ payload: Payload) throws(PayloadProblem) {
    self.init(taker: try payload.fee("userCrossRate"), maker: try payload.fee("userAddRate"))
  }
}
