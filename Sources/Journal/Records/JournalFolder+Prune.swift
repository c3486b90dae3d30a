import Glibc
package import Trading

/// What was removed from a journal.
package struct JournalPruning: Sendable, Equatable {
  /// Files that were removed.
  package let files: [JournalFile]
  /// Whether files of that age are left, because there were too many for one call.
  package let isUnfinished: Bool

  /// Bytes that were freed.
  package var bytes: Int64 { files.reduce(0) { $0 + Int64($1.bytes) } }
  /// Records that are gone.
  package var records: Int64 {
    files.reduce(0) { $0 + $1.records.upperBound - $1.records.lowerBound + 1 }
  }
}

extension JournalFolder {
  /// Removes whole files of the days before one; the chains go on, and what is left stays proven.
  ///
  /// A call that is cut off leaves notes of files that are gone; the next call removes these.
  ///
  /// - Parameters:
  ///   - day: The first day that stays.
  ///   - limit: How many files are removed at most, the oldest first.
  /// - Returns: What was removed.
  /// - Throws: ``JournalError``.
  @discardableResult
  package func prune(
    before day: CivilDay, limit: Int = .max
  ) throws(JournalError) -> JournalPruning {
    let old = try Dictionary(grouping: files(), by: \.stream).values
      // None may go while one before it in the chain stays.
      .flatMap { chain in chain.prefix { $0.day < day } }
      .sorted { ($0.day, $0.stream, $0.part) < ($1.day, $1.stream, $1.part) }
    let removed = Array(old.prefix(max(0, limit)))
    for file in removed { try JournalDisk.remove(path(of: file)) }
    guard !removed.isEmpty else { return JournalPruning(files: [], isUnfinished: false) }
    try store.database.write("forget files of the journal") { session in
      for file in removed {
        try session.run(
          "DELETE FROM journal_files WHERE stream = ? AND day = ? AND part = ?",
          [file.stream, file.day, file.part])
      }
      try session.run("DELETE FROM journal_blobs WHERE day < ?", [day])
    }
    for folder in Set(removed.map { folder(of: $0.stream, own: $0.folder) }).sorted() {
      // It stays when something is in it, which is as well.
      rmdir(folder)
    }
    return JournalPruning(files: removed, isUnfinished: removed.count < old.count)
  }

  /// Removes the files that are older than `keep`, a bounded number of them.
  ///
  /// - Parameters:
  ///   - now: The present.
  ///   - keep: How long records are kept; `nil` = for ever.
  ///   - limit: How many files are removed at most.
  /// - Returns: What was removed.
  /// - Throws: ``JournalError``.
  @discardableResult
  package func tidy(
    now: Timestamp, keep: Span?, limit: Int = 256
  ) throws(JournalError) -> JournalPruning {
    guard let keep, keep.ms < now.ms else { return JournalPruning(files: [], isUnfinished: false) }
    return try prune(before: CivilDay(now - keep), limit: limit)
  }
}
