package import Trading

/// What the Hyperliquid provider keeps between runs, and asks of our own records.
package struct HyperliquidMemory: Sendable {
  /// Writes down that numbers below this one may have been used; returns once it is on disk.
  package let keepNonce: @Sendable (Int64) throws -> Void
  /// The leverage last set for a coin; `nil` = never, or no longer certain.
  package let leverage: @Sendable (AccountID, Coin) throws -> Int?
  /// Keeps the leverage set for a coin; `nil` = it is no longer certain.
  package let keepLeverage: @Sendable (AccountID, Coin, Int?) throws -> Void
  /// What the account told when it was last asked; `nil` = never.
  package let standing: @Sendable (AccountID) throws -> VenueStanding?
  /// Keeps what the account told.
  package let keepStanding: @Sendable (AccountID, VenueStanding) throws -> Void
  /// Our orders that rested when the account's orders were last read; `nil` = never read, or
  /// something was sent since.
  package let resting: @Sendable (AccountID) throws -> [ClientOrderID]?
  /// Keeps our orders that rest; `nil` = not certain any more.
  package let keepResting: @Sendable (AccountID, [ClientOrderID]?) throws -> Void
  /// What an order of ours is for; `nil` = no order of ours has that id.
  package let purpose: @Sendable (ClientOrderID) throws -> OrderPurpose?

  /// A memory from its parts.
  package init(
    keepNonce: @escaping @Sendable (Int64) throws -> Void,
    leverage: @escaping @Sendable (AccountID, Coin) throws -> Int?,
    keepLeverage: @escaping @Sendable (AccountID, Coin, Int?) throws -> Void,
    standing: @escaping @Sendable (AccountID) throws -> VenueStanding?,
    keepStanding: @escaping @Sendable (AccountID, VenueStanding) throws -> Void,
    resting: @escaping @Sendable (AccountID) throws -> [ClientOrderID]?,
    keepResting: @escaping @Sendable (AccountID, [ClientOrderID]?) throws -> Void,
    purpose: @escaping @Sendable (ClientOrderID) throws -> OrderPurpose?
  ) {
    self.keepNonce = keepNonce
    self.leverage = leverage
    self.keepLeverage = keepLeverage
    self.standing = standing
    self.keepStanding = keepStanding
    self.resting = resting
    self.keepResting = keepResting
    self.purpose = purpose
  }
}
