package import Trading

/// Why the database could not be opened, read or written.
///
/// Whatever the case, nothing was changed by the step that failed.
package enum JournalError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A newer nof0 wrote the file.
  case newerSchema(path: String, found: Int, supported: Int)
  /// An older nof0 wrote the file, and it was opened for reading only.
  case olderSchema(path: String, found: Int, supported: Int)
  /// The file is damaged, or no database at all.
  case corrupt(path: String, detail: String)
  /// A database of some other program.
  case foreign(path: String)
  /// No room is left on the disk.
  case diskFull(path: String)
  /// The file or its file system may not be written.
  case readOnly(path: String)
  /// Another process holds the write lock.
  case busy(path: String)
  /// The file could not be opened; `why` is half a sentence.
  case cannotOpen(path: String, why: String)
  /// A fill is on record already.
  case fillBookedTwice(account: AccountID, id: Int64)
  /// A funding payment is on record already.
  case fundingBookedTwice(account: AccountID, coin: Coin, at: Timestamp)
  /// An order with the same id but other contents is on record already.
  case orderChanged(ClientOrderID)
  /// A position would end without a trade that tells how.
  case positionVanished(PositionNumber, trader: TraderID)
  /// A movement of money is on record already and cannot be planned.
  case transferPlannedTwice(account: AccountID, id: TransferID)
  /// A movement of money is booked already.
  case transferBookedTwice(account: AccountID, id: TransferID)
  /// The venue moved another amount than was planned.
  case transferChanged(account: AccountID, id: TransferID, planned: USD, moved: USD)
  /// A kill switch is on record with other contents, or was reset and would hold again.
  case killSwitchChanged(Int64)
  /// A file of the journal could not be written; `operation` is a verb, `cause` half a sentence.
  case journalNotWritten(path: String, operation: String, cause: String)
  /// A file of the journal could not be read.
  case journalNotRead(path: String, cause: String)
  /// A file of the journal does not hold what was written to it.
  case journalDamaged(path: String, detail: String)
  /// Anything else; the detail is SQLite's message or what was expected.
  case failed(operation: String, detail: String)

  /// What happened, that nothing was lost, and what to do next.
  package var description: String {
    switch self {
    case .newerSchema(let path, let found, let supported):
      "\(path) was written by a newer nof0 (schema \(found), this one knows up to \(supported)). "
        + "It was left as it was; update nof0 or use another --state."
    case .olderSchema(let path, let found, let supported):
      "\(path) has schema \(found), expected \(supported). It was left as it was; "
        + "the next `nof0 run` brings it up to date."
    case .corrupt(let path, let detail):
      "\(path) is damaged: \(detail). It was left as it was; restore a backup or move it away."
    case .foreign(let path):
      "\(path) is an SQLite database, but not one of nof0. It was left as it was; "
        + "use another --state or move it away."
    case .diskFull(let path):
      "The disk that holds \(path) is full. The state is as it was before this step; "
        + "free some space and run again."
    case .readOnly(let path):
      "\(path) may not be written. It was left as it was; "
        + "check its owner, its permissions and whether the disk is mounted read-only."
    case .busy(let path):
      "Another process is writing \(path). Nothing was changed; try again when it is done."
    case .cannotOpen(let path, let why):
      "\(path) could not be opened: \(why)."
    case .journalNotWritten(let path, let operation, let cause):
      "The journal could not \(operation) \(path): \(cause). The trades are on record in the "
        + "state, and the journal goes on behind its last record; free space or correct the "
        + "permissions, then run `nof0 journal verify`."
    case .journalNotRead(let path, let cause):
      "The journal file \(path) could not be read: \(cause). Nothing was changed; "
        + "`nof0 journal verify` lists all that is amiss."
    case .journalDamaged(let path, let detail):
      "The journal file \(path) is damaged: \(detail). Nothing was changed; restore the file "
        + "from a backup, `nof0 journal verify` lists all that is amiss."
    case .fillBookedTwice, .fundingBookedTwice, .orderChanged, .positionVanished,
      .transferPlannedTwice, .transferBookedTwice, .transferChanged, .killSwitchChanged:
      refusal + " The step was undone; the state is as it was before it."
    case .failed(let operation, let detail):
      "The database could not \(operation): \(detail). Nothing of this step was saved."
    }
  }

  /// The refusals of our own rules, in words.
  private var refusal: String {
    switch self {
    case .fillBookedTwice(let account, let id):
      "Fill \(id) of account \(account) is booked already, expected a fill that is not."
    case .fundingBookedTwice(let account, let coin, let at):
      "The funding of account \(account) in \(coin) for \(at) is booked already, "
        + "expected a payment that is not."
    case .orderChanged(let id):
      "Order \(id) is on record with other contents, expected only its outcome to change."
    case .positionVanished(let number, let trader):
      "Position \(number) of \(trader) is open on record, "
        + "expected it in the ledger or among the trades."
    case .transferPlannedTwice(let account, let id):
      "Transfer \(id) of account \(account) is on record already, expected a plan that is not."
    case .transferBookedTwice(let account, let id):
      "Transfer \(id) of account \(account) is booked already, expected one that is not."
    case .transferChanged(let account, let id, let planned, let moved):
      "Transfer \(id) of account \(account): expected the planned \(planned) USD to be moved, "
        + "the venue moved \(moved) USD."
    case .killSwitchChanged(let number):
      "Kill switch \(number) is on record with other contents, expected only its reset to change."
    case .newerSchema, .olderSchema, .corrupt, .foreign, .diskFull, .readOnly, .busy, .cannotOpen,
      .failed, .journalNotWritten, .journalNotRead, .journalDamaged:
      ""
    }
  }
}
