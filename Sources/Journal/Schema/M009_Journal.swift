extension SchemaStep {
  /// Where the chains of journal records end, and which files hold them.
  ///
  /// `stream` is a trader or `_shared`. A file holds the records `first_seq` to `last_seq`;
  /// `before` is the digest of the record before the first, `last` that of the last one, and
  /// `bytes` what of the file counts. `folder` is empty where the file lies in the journal's own
  /// folder. Rows of `journal_blobs` are only needed while their day lasts.
  static let journal = SchemaStep(
    version: 9, summary: "the journal's files and heads",
    sql: """
      CREATE TABLE journal_heads (
        stream TEXT PRIMARY KEY,
        seq INTEGER NOT NULL CHECK (seq > 0),
        cycle INTEGER NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE journal_files (
        stream TEXT NOT NULL,
        day INTEGER NOT NULL,
        part INTEGER NOT NULL CHECK (part > 0),
        folder TEXT NOT NULL,
        bytes INTEGER NOT NULL CHECK (bytes > 0),
        first_seq INTEGER NOT NULL CHECK (first_seq > 0),
        last_seq INTEGER NOT NULL CHECK (last_seq >= first_seq),
        first_cycle INTEGER NOT NULL,
        last_cycle INTEGER NOT NULL,
        before BLOB NOT NULL CHECK (length(before) = 32),
        last BLOB NOT NULL CHECK (length(last) = 32),
        PRIMARY KEY (stream, day, part)
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX journal_files_in_order ON journal_files (stream, first_seq);

      CREATE TABLE journal_blobs (
        day INTEGER NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        PRIMARY KEY (day, hash)
      ) STRICT, WITHOUT ROWID;
      """)
}
