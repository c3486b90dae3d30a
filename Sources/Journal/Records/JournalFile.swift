import GRDB
package import Trading

/// One file of a journal, as the state has it on record.
package struct JournalFile: Sendable, Equatable {
  /// The trader, or ``JournalFolder/shared``.
  package let stream: String
  /// The UTC day of its cycles.
  package let day: CivilDay
  /// 1, or more where a damaged file of that day was left alone.
  package let part: Int
  /// The folder of its own; empty = the journal's.
  package let folder: String
  /// How much of the file counts.
  package var bytes: Int
  /// The numbers of its records, first and last.
  package var records: ClosedRange<Int64>
  /// The cycles of its records, first and last.
  package var cycles: ClosedRange<CycleNumber>
  /// The digest of the record before its first.
  package let before: RecordHash
  /// The digest of its last record.
  package var last: RecordHash

  /// Its name: `2026-11-21.jsonl.gz`, with the part before the endings from the second on.
  package var name: String { Self.name(day: day, part: part) }

  static func name(day: CivilDay, part: Int) -> String {
    part == 1 ? "\(day).jsonl.gz" : "\(day).\(part).jsonl.gz"
  }
}

extension JournalFile {
  static let columns = Columns(
    "journal_files",
    """
    stream day part folder bytes first_seq last_seq first_cycle last_cycle before last
    """)
  static let upsert = columns.upsert(key: "stream", "day", "part")

  init(_ row: inout RowReader) throws {
    stream = try row.next()
    day = try row.next()
    part = try row.next()
    folder = try row.next()
    bytes = try row.next()
    let (firstSeq, lastSeq) = (try row.next(Int64.self), try row.next(Int64.self))
    let (firstCycle, lastCycle) = (try row.next(Int64.self), try row.next(Int64.self))
    guard firstSeq <= lastSeq else {
      throw DamagedRow(column: "last_seq", expected: "number from \(firstSeq)", was: "\(lastSeq)")
    }
    records = firstSeq...lastSeq
    // Cycles count up, but a state that was put back may have seen some of them twice.
    cycles = min(firstCycle, lastCycle)...max(firstCycle, lastCycle)
    before = try row.next()
    last = try row.next()
  }

  var values: [any Column] {
    [
      stream, day, part, folder, bytes, records.lowerBound, records.upperBound,
      cycles.lowerBound, cycles.upperBound, before, last,
    ]
  }
}

extension RecordHash: Column {
  var stored: DatabaseValue { bytes.stored }

  init?(stored: DatabaseValue) {
    guard let bytes = [UInt8](stored: stored) else { return nil }
    self.init(stored: bytes)
  }
}

extension StateStore {
  /// The end of each chain of the journal that has a record, by chain: a trader, or
  /// ``JournalFolder/shared``.
  package func journalHeads() throws(JournalError) -> [String: JournalHead] {
    try database.read("read the journal's heads") { try $0.journalHeads() }
  }
}

extension Session {
  /// The end of each chain, by chain.
  func journalHeads() throws -> [String: JournalHead] {
    let heads = try rows("SELECT stream, seq, cycle, hash FROM journal_heads") { row in
      (
        try row.next(String.self),
        JournalHead(seq: try row.next(), cycle: try row.next(), hash: try row.next())
      )
    }
    return Dictionary(heads) { first, _ in first }
  }

  /// The files on record of one chain or of all, in the order of their records.
  func journalFiles(of stream: String?) throws -> [JournalFile] {
    try rows(
      JournalFile.columns.select(
        "WHERE stream = coalesce(?, stream) ORDER BY stream, first_seq"), [stream]
    ) { try JournalFile(&$0) }
  }

  /// The file that holds the last record of a chain; `nil` where there is none.
  func lastJournalFile(of stream: String) throws -> JournalFile? {
    try first(
      JournalFile.columns.select("WHERE stream = ? ORDER BY first_seq DESC LIMIT 1"), [stream]
    ) { try JournalFile(&$0) }
  }
}
