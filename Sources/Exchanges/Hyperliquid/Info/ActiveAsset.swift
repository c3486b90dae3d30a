package import Trading

/// An account's leverage in a coin, with or without a position (`activeAssetData`).
package struct ActiveAsset: Sendable, Hashable {
  /// The leverage.
  package let leverage: Int
  /// Whether a position has margin of its own.
  package let isIsolated: Bool
  /// The mark; `nil` = not told.
  package let mark: Price?
}

extension ActiveAsset {
  init(_ payload: Payload) throws(PayloadProblem) {
    let leverage = try payload.inside("leverage") { row throws(PayloadProblem) in
      try Leverage(row)
    }
    self.init(
      leverage: leverage.value, isIsolated: leverage.isIsolated,
      mark: try payload.optionalPrice("markPx"))
  }
}
