package import Trading

/// What a Hyperliquid account told in an earlier run and is not asked for in every one.
package struct HyperliquidStanding: Sendable, Hashable {
  /// When it was asked.
  package let checkedAt: Timestamp
  /// The account mode (`userAbstraction`).
  package let mode: String
  /// Whether the signing key is an agent of the account, or the account's own.
  package let role: SignerRole
  /// When the agent's approval ends; `nil` = not known, or never.
  package let approvedUntil: Timestamp?
  /// Fee of orders that take liquidity.
  package let takerFee: Bps
  /// Fee of orders that provide it.
  package let makerFee: Bps

  /// Who signs for an account.
  package enum SignerRole: String, Sendable, CaseIterable {
    /// An approved agent wallet.
    case agent
    /// The account itself.
    case master
    /// Neither: every order would be refused.
    case stranger
    /// No key is at hand, as in a dry run.
    case absent
  }

  /// A standing from its parts.
  package init(
    checkedAt: Timestamp, mode: String, role: SignerRole, approvedUntil: Timestamp?,
    takerFee: Bps, makerFee: Bps
  ) {
    self.checkedAt = checkedAt
    self.mode = mode
    self.role = role
    self.approvedUntil = approvedUntil
    self.takerFee = takerFee
    self.makerFee = makerFee
  }
}

/// What the Hyperliquid provider keeps between runs, and asks of our own records.
package struct HyperliquidMemory: Sendable {
  /// Writes down that numbers below this one may have been used; returns once it is on disk.
  package let keepNonce: @Sendable (Int64) throws -> Void
  /// The leverage last set for a coin; `nil` = never, or no longer certain.
  package let leverage: @Sendable (AccountID, Coin) throws -> Int?
  /// Keeps the leverage set for a coin; `nil` = it is no longer certain.
  package let keepLeverage: @Sendable (AccountID, Coin, Int?) throws -> Void
  /// What the account told when it was last asked; `nil` = never.
  package let standing: @Sendable (AccountID) throws -> HyperliquidStanding?
  /// Keeps what the account told.
  package let keepStanding: @Sendable (AccountID, HyperliquidStanding) throws -> Void
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
    standing: @escaping @Sendable (AccountID) throws -> HyperliquidStanding?,
    keepStanding: @escaping @Sendable (AccountID, HyperliquidStanding) throws -> Void,
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
