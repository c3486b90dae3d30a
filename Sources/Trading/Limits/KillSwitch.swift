/// A limit, or a person, that stopped entries until it is reset; it stays on record for ever.
package struct KillSwitch: Sendable, Hashable {
  /// Its number in the arena, counted from 1.
  package let number: Int64
  /// The account it is about.
  package let account: AccountID
  /// The one trader of the account it is about; `nil` = all of them.
  package let trader: TraderID?
  /// The id of the limit that was passed, for example `global_daily_loss`, or ``manualCause``.
  package let cause: String
  /// What was measured, in the unit of the limit; `nil` when a person fired it.
  package let measured: Factor?
  /// The limit, in the same unit; `nil` when a person fired it.
  package let threshold: Factor?
  /// What it did to open positions.
  package let action: BreachAction
  /// How it is reset.
  package let reset: KillSwitchReset
  /// When it fired.
  package let firedAt: Timestamp
  /// What happened, in words.
  package let reason: String
  /// When it was reset; `nil` = it still holds.
  package var resetAt: Timestamp?
  /// Who or what reset it, in words; empty while it holds.
  package var resetBy: String

  /// The cause of a kill switch that a person fired.
  package static let manualCause = "manual"

  /// A kill switch from its parts.
  package init(
    number: Int64, account: AccountID, trader: TraderID? = nil, cause: String, measured: Factor?,
    threshold: Factor?, action: BreachAction, reset: KillSwitchReset, firedAt: Timestamp,
    reason: String, resetAt: Timestamp? = nil, resetBy: String = ""
  ) {
    self.number = number
    self.account = account
    self.trader = trader
    self.cause = cause
    self.measured = measured
    self.threshold = threshold
    self.action = action
    self.reset = reset
    self.firedAt = firedAt
    self.reason = reason
    self.resetAt = resetAt
    self.resetBy = resetBy
  }

  /// Whether it still holds.
  package var isActive: Bool { resetAt == nil }

  /// Whether it stops the entries of a trader on an account.
  package func stops(_ trader: TraderID, on account: AccountID) -> Bool {
    isActive && self.account == account && (self.trader.map { $0 == trader } ?? true)
  }
}
