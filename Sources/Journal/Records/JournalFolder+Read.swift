package import Trading

extension JournalFolder {
  /// A trader's records, oldest first.
  ///
  /// - Parameters:
  ///   - trader: Whose.
  ///   - cycles: Only those of these cycles; `nil` = all that are kept.
  /// - Returns: The records, read file by file as they are asked for.
  /// - Throws: ``JournalError``.
  package func records(
    of trader: TraderID, cycles: ClosedRange<CycleNumber>? = nil
  ) throws(JournalError) -> JournalReading {
    let files = try files(of: trader).filter { file in
      cycles.map { file.cycles.overlaps($0) } ?? true
    }
    return JournalReading(folder: self, files: files, cycles: cycles)
  }

  /// A trader's record of one cycle; `nil` when there is none.
  ///
  /// - Throws: ``JournalError/journalDamaged(path:detail:)`` when the record, or what proves it, is
  ///   not what was written.
  package func record(
    of trader: TraderID, cycle: CycleNumber
  ) throws(JournalError) -> JournalRecord? {
    var reading = try records(of: trader, cycles: cycle...cycle)
    return try reading.next()
  }

  /// The inputs of one day by digest.
  package func blobs(of day: CivilDay) throws(JournalError) -> JournalBlobShelf {
    let files = try store.database.read("read the journal's files") {
      try $0.journalFiles(of: Self.shared)
    }
    return JournalBlobShelf(
      paths: files.filter { $0.day == day }.map { path(of: $0) }, day: day,
      folder: self.folder(of: Self.shared, own: ""))
  }

  /// An input by its digest; for several use ``blobs(of:)``.
  ///
  /// - Throws: ``JournalError/journalDamaged(path:detail:)`` when it is not there as written.
  package func blob(_ hash: RecordHash, day: CivilDay) throws(JournalError) -> JournalBlob {
    var shelf = try blobs(of: day)
    return try shelf.blob(hash)
  }
}

/// Records of one trader, read as they are asked for; each is proven by the one behind it.
package struct JournalReading {
  private let folder: JournalFolder
  private var files: ArraySlice<JournalFile>
  private let cycles: ClosedRange<CycleNumber>?
  private var open: OpenFile?

  /// The file that is being read.
  private struct OpenFile {
    let file: JournalFile
    let path: String
    let bytes: [UInt8]
    var offset = 0
    var seq: Int64
    var previous: RecordHash
  }

  init(folder: JournalFolder, files: [JournalFile], cycles: ClosedRange<CycleNumber>?) {
    self.folder = folder
    self.files = files[...]
    self.cycles = cycles
  }

  /// The next record; `nil` behind the last one.
  ///
  /// - Throws: ``JournalError/journalDamaged(path:detail:)`` naming the file and the record.
  package mutating func next() throws(JournalError) -> JournalRecord? {
    while true {
      if open == nil {
        guard let file = files.popFirst() else { return nil }
        open = try Self.open(file, in: folder)
      }
      guard var present = open else { return nil }
      let record = try Self.read(&present, wanting: cycles)
      open = present.offset < present.file.bytes ? present : nil
      if let record { return record }
    }
  }

  private static func open(
    _ file: JournalFile, in folder: JournalFolder
  ) throws(JournalError) -> OpenFile {
    let path = folder.path(of: file)
    guard let bytes = try JournalDisk.contents(of: path) else {
      throw .journalDamaged(
        path: path,
        detail: "there is no such file, expected records \(file.records.lowerBound) to "
          + "\(file.records.upperBound)")
    }
    guard bytes.count >= file.bytes else {
      throw .journalDamaged(
        path: path, detail: "expected \(file.bytes) bytes, were \(bytes.count)")
    }
    return OpenFile(
      file: file, path: path, bytes: bytes, seq: file.records.lowerBound,
      previous: file.before)
  }

  /// Reads one member and says what it holds when it is wanted.
  private static func read(
    _ open: inout OpenFile, wanting cycles: ClosedRange<CycleNumber>?
  ) throws(JournalError) -> JournalRecord? {
    let member = try member(at: open.offset, expecting: open.seq, in: open)
    open.offset = member.end
    open.seq += 1
    guard cycles?.contains(member.cycle) ?? true else { return nil }
    let (envelope, line) = try envelope(of: member, in: open)
    let hash = RecordHash(of: line)
    let proof: RecordHash
    if member.end >= open.file.bytes {
      proof = open.file.last
    } else {
      let successor = try Self.member(at: member.end, expecting: member.seq + 1, in: open)
      proof = try Self.envelope(of: successor, in: open).0.previous
    }
    guard proof == hash else {
      throw .journalDamaged(
        path: open.path,
        detail: "record \(member.seq) (cycle \(member.cycle)) is not the one that was written: "
          + "what follows it expects the digest \(proof), was \(hash)")
    }
    return JournalRecord(
      stream: envelope.stream, seq: envelope.seq, cycle: envelope.cycle, at: envelope.at,
      previous: envelope.previous, hash: hash, body: Array(envelope.body), path: open.path)
  }

  private static func member(
    at offset: Int, expecting seq: Int64, in open: OpenFile
  ) throws(JournalError) -> JournalMember {
    guard let member = JournalMember(in: open.bytes, at: offset), member.end <= open.file.bytes
    else {
      throw .journalDamaged(
        path: open.path, detail: "record \(seq) cannot be read, its bytes were changed")
    }
    guard member.seq == seq else {
      throw .journalDamaged(
        path: open.path, detail: "expected record \(seq), was record \(member.seq)")
    }
    return member
  }

  private static func envelope(
    of member: JournalMember, in open: OpenFile
  ) throws(JournalError) -> (JournalEnvelope, ArraySlice<UInt8>) {
    guard let line = member.lines(in: open.bytes)?.last,
      let envelope = JournalEnvelope(line: line), envelope.seq == member.seq,
      envelope.cycle == member.cycle, envelope.stream == open.file.stream
    else {
      throw .journalDamaged(
        path: open.path,
        detail: "record \(member.seq) (cycle \(member.cycle)) is not a record of "
          + open.file.stream)
    }
    return (envelope, line)
  }
}
