import Trading

/// The inputs of one day, found by digest.
///
/// The files are read once; the members that were unpacked last stay unpacked.
package struct JournalBlobShelf {
  private let paths: [String]
  private let day: CivilDay
  private let folder: String
  private var files: [[UInt8]]?
  /// Members that are not unpacked yet: file and offset, newest last.
  private var waiting: [(file: Int, offset: Int)] = []
  private var bodies: [RecordHash: JournalBlob] = [:]

  init(paths: [String], day: CivilDay, folder: String) {
    self.paths = paths
    self.day = day
    self.folder = folder
  }

  /// An input by its digest.
  ///
  /// - Throws: ``JournalError/journalDamaged(path:detail:)`` naming the file when the input is not
  ///   there as it was written.
  package mutating func blob(_ hash: RecordHash) throws(JournalError) -> JournalBlob {
    if let known = bodies[hash] { return known }
    if files == nil { try load() }
    // From the newest on: what a record names was mostly written with it or shortly before.
    while let (file, offset) = waiting.popLast() {
      try unpack(file, offset)
      if let found = bodies[hash] { return found }
    }
    throw .journalDamaged(
      path: paths.last ?? "\(folder)/\(JournalFile.name(day: day, part: 1))",
      detail: "the input \(hash) of \(day) is not there as it was written")
  }

  private mutating func load() throws(JournalError) {
    var files: [[UInt8]] = []
    for path in paths {
      let bytes = try JournalDisk.contents(of: path) ?? []
      var offset = 0
      while let member = JournalMember(in: bytes, from: offset) {
        waiting.append((files.count, member.offset))
        offset = member.end
      }
      files.append(bytes)
    }
    self.files = files
  }

  private mutating func unpack(_ file: Int, _ offset: Int) throws(JournalError) {
    guard let bytes = files?[file], let member = JournalMember(in: bytes, at: offset),
      let lines = member.lines(in: bytes)
    else {
      throw .journalDamaged(
        path: paths[file], detail: "the inputs at byte \(offset) cannot be unpacked")
    }
    for line in lines.dropLast() {
      guard let blob = BlobLine(line: line) else { continue }
      let read = JournalBlob(kind: blob.kind, body: Array(blob.body))
      // What is not what its name says is as good as gone.
      if read.hash == blob.hash { bodies[blob.hash] = read }
    }
  }
}
