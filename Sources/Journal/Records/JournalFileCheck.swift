import Trading

/// Proves one file of a journal.
struct JournalFileCheck {
  let file: JournalFile
  let path: String
  private(set) var findings: [JournalFinding] = []

  private struct Entry {
    let seq: Int64
    let cycle: Int64
    let previous: RecordHash
    let hash: RecordHash
  }

  private var entries: [Entry] = []
  private var isDamaged = false

  init(file: JournalFile, path: String) {
    self.file = file
    self.path = path
  }

  /// Reads the file and compares.
  mutating func run() throws(JournalError) {
    guard let bytes = try JournalDisk.contents(of: path) else {
      let (first, last) = (file.records.lowerBound, file.records.upperBound)
      return tell(
        .missing, first, file.cycles.lowerBound,
        "there is no such file, expected records \(first) to \(last)")
    }
    readMembers(of: bytes)
    compareNumbers()
    compareChain()
    if bytes.count > file.bytes {
      tell(
        .torn, nil, nil,
        "\(bytes.count - file.bytes) bytes behind the last record; the next run cuts them")
    }
    if bytes.count < file.bytes {
      tell(.missing, nil, nil, "expected \(file.bytes) bytes, were \(bytes.count)")
    }
  }

  private mutating func readMembers(of bytes: [UInt8]) {
    let end = min(file.bytes, bytes.count)
    var offset = 0
    var expected = file.records.lowerBound
    while offset < end {
      guard let member = JournalMember(in: bytes, at: offset), member.end <= end else {
        let next = JournalMember(in: bytes, from: offset + 1)
        let until = min(next?.offset ?? end, end)
        isDamaged = true
        tell(
          .damaged, expected, nil,
          "bytes \(offset) to \(until - 1) are not those that were written")
        offset = until
        expected = next?.seq ?? expected
        continue
      }
      read(member, of: bytes)
      expected = member.seq + 1
      offset = member.end
    }
  }

  private mutating func read(_ member: JournalMember, of bytes: [UInt8]) {
    guard let lines = member.lines(in: bytes), let line = lines.last,
      let envelope = JournalEnvelope(line: line), envelope.seq == member.seq,
      envelope.cycle == member.cycle, envelope.stream == file.stream
    else {
      isDamaged = true
      return tell(
        .edited, member.seq, member.cycle, "it is not a record of \(file.stream)")
    }
    entries.append(
      Entry(
        seq: envelope.seq, cycle: envelope.cycle, previous: envelope.previous,
        hash: RecordHash(of: line)))
    if file.stream == JournalFolder.shared {
      compareInputs(lines.dropLast(), with: envelope)
    } else if lines.count > 1 {
      tell(
        .edited, envelope.seq, envelope.cycle, "expected one line, were \(lines.count)")
    }
  }

  /// Each input is what its name says, and those that the record lists are there.
  private mutating func compareInputs(
    _ lines: ArraySlice<ArraySlice<UInt8>>, with record: JournalEnvelope
  ) {
    var found: [RecordHash] = []
    for line in lines {
      guard let blob = BlobLine(line: line) else {
        tell(.edited, record.seq, record.cycle, "one of its lines is not an input")
        continue
      }
      if RecordHash(of: blob.body) != blob.hash {
        tell(
          .edited, record.seq, record.cycle,
          "the input \(blob.hash) (\(blob.kind)) is not the one that was written")
      }
      found.append(blob.hash)
    }
    // The chain proves that the list can be read; what cannot is told of as edited.
    let list = try? JSONReader.value(of: Array(record.body))["blobs"]?.elements
    let expected = (list ?? []).compactMap { $0.text.flatMap { RecordHash(hex: $0.utf8) } }
    for hash in expected where !found.contains(hash) {
      tell(.missing, record.seq, record.cycle, "the input \(hash) is gone")
    }
    for hash in found where !expected.contains(hash) {
      tell(.edited, record.seq, record.cycle, "the input \(hash) was put in")
    }
  }

  private mutating func compareNumbers() {
    for (entry, next) in zip(entries, entries.dropFirst()) where next.seq <= entry.seq {
      tell(
        .reordered, next.seq, next.cycle,
        next.seq == entry.seq ? "it stands there twice" : "it stands behind record \(entry.seq)")
    }
    let found = Set(entries.map(\.seq))
    for entry in entries where !file.records.contains(entry.seq) {
      tell(
        .reordered, entry.seq, entry.cycle,
        "expected records \(file.records.lowerBound) to \(file.records.upperBound) here")
    }
    // What is damaged is told of already.
    guard !isDamaged else { return }
    var first: Int64?
    for seq in file.records {
      if !found.contains(seq) {
        first = first ?? seq
        if seq == file.records.upperBound { tellGone(first ?? seq, seq) }
      } else if let begin = first {
        tellGone(begin, seq - 1)
        first = nil
      }
    }
  }

  private mutating func tellGone(_ first: Int64, _ last: Int64) {
    tell(
      .missing, first, nil,
      first == last ? "the record is gone" : "the records \(first) to \(last) are gone")
  }

  /// Each record carries the digest of the one before it, and the state has that of the last one.
  private mutating func compareChain() {
    var unique: [Int64: Entry] = [:]
    for entry in entries { unique[entry.seq] = entry }
    // Links from the record before the first one to what the state has behind the last one.
    var broken: [Int64] = []
    for seq in file.records {
      guard let entry = unique[seq] else { continue }
      let before = seq == file.records.lowerBound ? file.before : unique[seq - 1]?.hash
      if let before, before != entry.previous { broken.append(seq - 1) }
      if seq == file.records.upperBound, entry.hash != file.last { broken.append(seq) }
    }
    var told: Int64?
    for (index, link) in broken.enumerated() where link != told {
      // A record whose links on both sides are broken is the one that was changed.
      let isBoth = index + 1 < broken.count && broken[index + 1] == link + 1
      let seq = isBoth || link < file.records.lowerBound ? link + 1 : link
      told = isBoth ? link + 1 : nil
      tell(
        .edited, seq, unique[seq]?.cycle,
        "its digest is not the one that the chain expects")
    }
  }

  private mutating func tell(
    _ kind: JournalFinding.Kind, _ seq: Int64?, _ cycle: Int64?, _ detail: String
  ) {
    findings.append(
      JournalFinding(
        kind: kind, stream: file.stream, path: path, seq: seq, cycle: cycle, detail: detail))
  }
}
