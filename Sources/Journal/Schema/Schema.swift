/// One step of the schema: SQL that turns the version before it into `version`.
///
/// A step that was released is never edited; a change is a new step.
struct SchemaStep: Sendable {
  /// Counted from 1; kept as `user_version` of the file.
  let version: Int
  /// What the step adds, in a few words.
  let summary: String
  /// Its statements.
  let sql: String
  /// What fills new tables after the statements, where SQL cannot; `nil` = nothing.
  var fill: (@Sendable (Session) throws -> Void)?
}

/// The tables of the database and how they came to be.
///
/// All tables are STRICT. Decimals are TEXT in canonical form, times INTEGER milliseconds UTC.
enum Schema {
  /// All steps, oldest first.
  static let all: [SchemaStep] = [
    .arena, .books, .record, .simVenue, .models, .manager, .realVenues, .records, .journal,
  ]

  /// The version this nof0 reads and writes.
  static let version = all.count

  /// `nof0` in ASCII, in the file's header.
  static let applicationID: Int64 = 0x6E6F_6630

  /// Takes the steps between two versions, inside the transaction of the session.
  static func migrate(_ session: Session, from: Int, to: Int) throws {
    for step in all where step.version > from && step.version <= to {
      try session.script(step.sql)
      try step.fill?(session)
    }
    try session.script(
      "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(to)")
  }
}
