/// The phases of a run, in order.
///
/// The names appear in logs, errors, records and code.
package enum Phase: String, Sendable, CaseIterable {
  /// Load and check the configuration.
  case configure
  /// Take the lock.
  case lock
  /// Open the database and write the run row.
  case open
  /// Settle what an earlier run left open.
  case recover
  /// One market snapshot for all traders, and the accounts.
  case snapshot
  /// Fills to lots to positions to equity.
  case reconcile
  /// Limits, and who is due.
  case supervise
  /// Ask the due traders.
  case decide
  /// Judge each decision.
  case admit
  /// Reductions, opens, protection.
  case execute
  /// Write it all down.
  case record
  /// Bring the metrics up to date.
  case measure
  /// One new generation of files.
  case export
  /// Alerts.
  case notify
}
