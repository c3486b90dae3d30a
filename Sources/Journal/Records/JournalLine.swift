package import Trading

/// What one trader's record of one cycle says, before it takes its place in the chain.
package struct JournalLine: Sendable, Equatable {
  /// Whose record it is.
  package let trader: TraderID
  /// The cycle it tells of.
  package let cycle: CycleNumber
  /// The instant of that cycle.
  package let at: Timestamp
  /// Canonical JSON of one value on one line, as ``CanonicalJSON/fragment(capacity:_:)`` makes it.
  package let body: [UInt8]

  /// A record from its parts.
  package init(trader: TraderID, cycle: CycleNumber, at: Timestamp, body: [UInt8]) {
    self.trader = trader
    self.cycle = cycle
    self.at = at
    self.body = body
  }
}

/// An input of a cycle that is kept once a day, however many records name it.
package struct JournalBlob: Sendable, Equatable {
  /// What it is, in a word: letters, digits and underscores.
  package let kind: String
  /// Canonical JSON of one value on one line.
  package let body: [UInt8]
  /// The digest of ``body``, by which records name it.
  package let hash: RecordHash

  /// An input from its parts; computes its digest.
  package init(kind: String, body: [UInt8]) {
    self.kind = kind
    self.body = body
    hash = RecordHash(of: body)
  }
}

/// Where a chain of records ends.
package struct JournalHead: Sendable, Hashable {
  /// The number of the last record, from 1.
  package let seq: Int64
  /// The cycle it tells of.
  package let cycle: CycleNumber
  /// The digest of its line.
  package let hash: RecordHash

  /// A head from its parts.
  package init(seq: Int64, cycle: CycleNumber, hash: RecordHash) {
    self.seq = seq
    self.cycle = cycle
    self.hash = hash
  }
}

/// What came of adding records.
package struct JournalReceipt: Sendable, Equatable {
  /// The new heads by chain: a trader's id, or ``JournalFolder/shared``.
  package let heads: [String: JournalHead]
  /// Bytes written to files.
  package let bytes: Int
  /// What was found amiss and put right on the way, in sentences for people.
  package let notices: [String]
}

/// One record as it was read back; its place in the chain is proven.
package struct JournalRecord: Sendable, Equatable {
  /// The trader, or ``JournalFolder/shared``.
  package let stream: String
  /// Its number in the chain, from 1.
  package let seq: Int64
  /// The cycle it tells of.
  package let cycle: CycleNumber
  /// The instant of that cycle.
  package let at: Timestamp
  /// The digest of the line before it; zeros for the first.
  package let previous: RecordHash
  /// The digest of its own line.
  package let hash: RecordHash
  /// Canonical JSON of what it says.
  package let body: [UInt8]
  /// The file it stands in.
  package let path: String
}
