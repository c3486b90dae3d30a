import Trading

/// Where a chain ends.
struct StreamEnd {
  let stream: String
  let head: JournalHead?
  /// The file that holds the last record; `nil` before the first and after all were pruned.
  let file: JournalFile?
}

/// What an append adds to one file.
struct FileDraft {
  let stream: String
  let day: CivilDay
  let part: Int
  let folder: String
  let target: JournalAppendage
  /// Whether the file holds no record of this day yet.
  let isNewDay: Bool
  /// Whether a damaged file of this day is left behind.
  var isAfterDamage = false

  /// The end of the chain with what is added.
  private(set) var head: JournalHead?
  /// The file with what is added; `nil` before its first record.
  private(set) var file: JournalFile?
  /// What is added.
  private(set) var bytes: [UInt8] = []

  init(
    behind end: StreamEnd, day: CivilDay, part: Int, folder: String, target: JournalAppendage,
    isContinued: Bool
  ) {
    stream = end.stream
    self.day = day
    self.part = part
    self.folder = folder
    self.target = target
    head = end.head
    file = isContinued ? end.file : nil
    isNewDay = end.file?.day != day
  }

  /// Adds a trader's record as a member of its own.
  mutating func add(_ line: JournalLine, _ packer: inout MemberPacker) throws(JournalError) {
    try add(
      cycle: line.cycle, at: line.at, body: line.body[...], behind: [], &packer)
  }

  /// Adds inputs, and the record that lists them, as one member.
  mutating func add(
    _ blobs: [JournalBlob], cycle: CycleNumber, at: Timestamp, _ packer: inout MemberPacker
  ) throws(JournalError) {
    var lines: [UInt8] = []
    for blob in blobs {
      try Self.requireOneLine(blob.body[...], stream: stream)
      lines += BlobLine.line(of: blob) + [UInt8(ascii: "\n")]
    }
    let body = CanonicalJSON.fragment { json in
      json.array("blobs", blobs) { json, blob in json.value(blob.hash.hex) }
    }
    try add(cycle: cycle, at: at, body: body[...], behind: lines, &packer)
  }

  private mutating func add(
    cycle: CycleNumber, at: Timestamp, body: ArraySlice<UInt8>, behind lines: [UInt8],
    _ packer: inout MemberPacker
  ) throws(JournalError) {
    try Self.requireOneLine(body, stream: stream)
    let before = head?.hash ?? .none
    let seq = (head?.seq ?? 0) + 1
    let line = JournalEnvelope(
      at: at, cycle: cycle, previous: before, seq: seq, stream: stream, body: body
    ).line
    let hash = RecordHash(of: line)
    bytes += try packer.member(
      seq: seq, cycle: cycle, lines: lines + line + [UInt8(ascii: "\n")])
    head = JournalHead(seq: seq, cycle: cycle, hash: hash)
    if var known = file {
      known.records = known.records.lowerBound...seq
      known.cycles = min(known.cycles.lowerBound, cycle)...max(known.cycles.upperBound, cycle)
      known.last = hash
      known.bytes = target.start + bytes.count
      file = known
    } else {
      file = JournalFile(
        stream: stream, day: day, part: part, folder: folder,
        bytes: target.start + bytes.count, records: seq...seq, cycles: cycle...cycle,
        before: before, last: hash)
    }
  }

  /// A line feed within would make two lines of one.
  private static func requireOneLine(
    _ body: ArraySlice<UInt8>, stream: String
  ) throws(JournalError) {
    guard !body.isEmpty, !body.contains(UInt8(ascii: "\n")) else {
      throw .failed(
        operation: "keep a record of \(stream)",
        detail: "expected JSON on one line, was \(body.isEmpty ? "nothing" : "more than one")")
    }
  }
}
