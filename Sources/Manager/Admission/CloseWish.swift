package import Trading

/// A close as it is wished for; the rules of ``AdmissionTable/close`` fold over it.
package struct CloseWish: Sendable, Equatable {
  /// The decision as given.
  package let decision: Decision
  /// The coin.
  package let coin: Coin
  /// The position to reduce; `nil` when there is none, which no approved wish has.
  package let position: Exposure?
  /// Coins to close, on the lot grid.
  package internal(set) var size: Quantity

  /// Whether nothing of the position is left.
  package var closesAll: Bool { position.map { $0.size <= size } ?? false }
}

/// A new stop or target as it is wished for; the rules of ``AdmissionTable/protection`` fold over
/// it.
package struct ProtectionWish: Sendable, Equatable {
  /// The decision as given.
  package let decision: Decision
  /// The coin.
  package let coin: Coin
  /// The position to protect; `nil` when there is none, which no approved wish has.
  package let position: Exposure?
  /// The whole new plan: what the decision left out is what the position had.
  package let plan: ExitPlan
}
