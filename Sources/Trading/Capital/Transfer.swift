/// What identifies a movement of money at a venue for ever; no clock in it.
package struct TransferID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The id as text, for example `17.sim.alice`.
  package let text: String

  /// The id of a text from a venue or from storage.
  package init(_ text: String) { self.text = text }

  /// The id of the one movement of an account that a cycle plans.
  package init(cycle: CycleNumber, account: AccountID) { text = "\(cycle).\(account)" }

  /// The id of the deposit a simulated account is opened with.
  package static func opening(_ account: AccountID) -> TransferID { TransferID("0.\(account)") }

  /// The text.
  package var description: String { text }

  /// Whether the left id sorts first.
  package static func < (left: TransferID, right: TransferID) -> Bool { left.text < right.text }
}

/// Money that moved into or out of an account at its venue.
package struct AccountTransfer: Sendable, Hashable {
  /// What tells it from others of the account.
  package let id: TransferID
  /// The account.
  package let account: AccountID
  /// When.
  package let at: Timestamp
  /// Positive = into the account, USD; never zero.
  package let amount: USD

  /// A movement from its parts.
  package init(id: TransferID, account: AccountID, at: Timestamp, amount: USD) {
    self.id = id
    self.account = account
    self.at = at
    self.amount = amount
  }
}

extension AccountTransfer {
  /// Whether nothing moved: it stands for a difference that nothing the venue reports explains.
  package var isResidue: Bool { id.text.hasPrefix("residue.") }
}

/// A movement of money that is on record before the venue is told.
package struct PlannedTransfer: Sendable, Hashable {
  /// What the venue is told.
  package let transfer: AccountTransfer
  /// Whose money it is; `nil` = the account's, given to no trader.
  package let trader: TraderID?
  /// Why, in words.
  package let reason: String

  /// A plan from its parts.
  package init(transfer: AccountTransfer, trader: TraderID?, reason: String) {
    self.transfer = transfer
    self.trader = trader
    self.reason = reason
  }
}
