/// What an account at a real venue told in an earlier run and is not asked for in every one.
package struct VenueStanding: Sendable, Hashable {
  /// When it was asked.
  package let checkedAt: Timestamp
  /// The account mode, in the venue's word.
  package let mode: String
  /// Whether the signing key is an agent of the account, or the account's own.
  package let role: SignerRole
  /// The address of the signing key; empty = there was none.
  package let signer: String
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
    checkedAt: Timestamp, mode: String, role: SignerRole, signer: String, approvedUntil: Timestamp?,
    takerFee: Bps, makerFee: Bps
  ) {
    self.checkedAt = checkedAt
    self.mode = mode
    self.role = role
    self.signer = signer
    self.approvedUntil = approvedUntil
    self.takerFee = takerFee
    self.makerFee = makerFee
  }
}
