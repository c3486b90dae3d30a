package import Trading

/// The journal: one record per trader and cycle, chained by digests, in gzip files by UTC day.
///
/// `TRADER/YYYY-MM-DD.jsonl.gz` holds the records of a trader, `_shared/YYYY-MM-DD.jsonl.gz` the
/// inputs they name by digest. Each append adds one gzip member to a file, which proves itself
/// (``JournalMember``); each line carries the digest of the line before it; the heads of the chains
/// and the length of each file are in the state. What lies behind that length was never committed
/// and is cut by the next append. A file that is damaged or gone is left alone: the day goes on in
/// a file `YYYY-MM-DD.2.jsonl.gz` beside it, and ``verify()`` goes on telling of the damage.
package struct JournalFolder: Sendable {
  /// The folder, without a slash at the end.
  package let path: String
  /// The folders of traders that have one of their own.
  package let own: [TraderID: String]
  /// Whether an append waits for the disk.
  package let isDurable: Bool
  let store: StateStore

  /// A journal.
  ///
  /// - Parameters:
  ///   - path: Its folder; made when the first record is written.
  ///   - store: The state that holds its heads.
  ///   - own: Folders that take the place of `path/TRADER`.
  ///   - isDurable: Whether an append waits for the disk, so that it survives a loss of power.
  package init(
    path: String, store: StateStore, own: [TraderID: String] = [:], isDurable: Bool = true
  ) {
    self.path = path
    self.store = store
    self.own = own
    self.isDurable = isDurable
  }

  /// The name of the chain that holds what traders share; no trader can be called so.
  package static let shared = "_shared"

  /// The end of each chain that has a record, by chain.
  package func heads() throws(JournalError) -> [String: JournalHead] {
    try store.journalHeads()
  }

  /// The files on record, chain by chain in the order of their records.
  ///
  /// - Parameter trader: Only its files; `nil` = all chains.
  /// - Returns: The files.
  /// - Throws: ``JournalError``.
  package func files(of trader: TraderID? = nil) throws(JournalError) -> [JournalFile] {
    try store.database.read("read the journal's files") {
      try $0.journalFiles(of: trader?.name)
    }
  }

  /// Bytes of all files on record.
  package func size() throws(JournalError) -> Int64 {
    try files().reduce(0) { $0 + Int64($1.bytes) }
  }

  /// The folder of its own that a chain has; empty for none.
  func ownFolder(of stream: String) -> String {
    TraderID(stream).flatMap { own[$0] } ?? ""
  }

  /// The folder of a chain, given its own folder or nothing.
  func folder(of stream: String, own: String) -> String {
    own.isEmpty ? "\(path)/\(stream)" : own
  }

  /// Where a file is.
  package func path(of file: JournalFile) -> String {
    "\(folder(of: file.stream, own: file.folder))/\(file.name)"
  }
}
