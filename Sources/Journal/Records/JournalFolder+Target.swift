import Trading

extension JournalFolder {
  /// Opens the file that takes the next record of a chain, and puts right what a run that was cut
  /// off left there.
  func draft(
    behind end: StreamEnd, day: CivilDay, _ notices: inout [String]
  ) throws(JournalError) -> FileDraft {
    let own = ownFolder(of: end.stream)
    let folder = folder(of: end.stream, own: own)
    guard let file = end.file, file.day == day, file.folder == own else {
      try cutTail(behind: end.file, &notices)
      return try freshDraft(behind: end, day: day, own: own, &notices)
    }
    let path = "\(folder)/\(file.name)"
    let target = try JournalAppendage(path: path, start: file.bytes, isNew: false)
    let length = try target?.length() ?? 0
    if let target, length >= file.bytes {
      if length > file.bytes { try cutTail(behind: file, &notices) }
      return FileDraft(
        behind: end, day: day, part: file.part, folder: own, target: target, isContinued: true)
    }
    notices.append(
      "\(path): expected \(file.bytes) bytes, "
        + (target == nil ? "there is no such file" : "were \(length)")
        + "; records \(file.records.lowerBound) to \(file.records.upperBound) may be lost, the "
        + "journal goes on in a new file; restore it from a backup, see `nof0 journal verify`")
    var draft = try freshDraft(behind: end, day: day, own: own, &notices)
    draft.isAfterDamage = true
    return draft
  }

  /// Drops what lies behind the last record of a file.
  private func cutTail(
    behind file: JournalFile?, _ notices: inout [String]
  ) throws(JournalError) {
    guard let file else { return }
    let path = path(of: file)
    guard let target = try JournalAppendage(path: path, start: file.bytes, isNew: false) else {
      return
    }
    let excess = try target.length() - file.bytes
    guard excess > 0 else { return }
    try target.cut()
    notices.append(
      "\(path): cut \(excess) bytes behind the last record, left by a run that was cut off")
  }

  /// Begins a new file behind the last record.
  private func freshDraft(
    behind end: StreamEnd, day: CivilDay, own: String, _ notices: inout [String]
  ) throws(JournalError) -> FileDraft {
    let folder = folder(of: end.stream, own: own)
    try JournalDisk.makeFolder(folder)
    let recorded = try store.database.read("read the journal's files") {
      try $0.journalFiles(of: end.stream)
    }
    var taken = Set(recorded.filter { $0.day == day || $0.folder == own }.map(\.name))
    for name in try JournalDisk.names(in: folder) where !taken.contains(name) {
      let path = "\(folder)/\(name)"
      if Self.isOurs(name), try isAbandoned(path, behind: end.head) {
        try JournalDisk.remove(path)
        notices.append("\(path): removed; it was left by a run that was cut off")
      } else {
        taken.insert(name)
      }
    }
    var part = 1
    while taken.contains(JournalFile.name(day: day, part: part)) { part += 1 }
    let path = "\(folder)/\(JournalFile.name(day: day, part: part))"
    guard let target = try JournalAppendage(path: path, start: 0, isNew: true) else {
      throw .journalNotWritten(path: path, operation: "make", cause: "there is no such file")
    }
    return FileDraft(
      behind: end, day: day, part: part, folder: own, target: target, isContinued: false)
  }

  /// Whether a file holds only what a run wrote behind the head and never committed.
  private func isAbandoned(
    _ path: String, behind head: JournalHead?
  ) throws(JournalError) -> Bool {
    guard let bytes = try JournalDisk.contents(of: path) else { return false }
    if let member = JournalMember(in: bytes, at: 0) {
      let line = member.lines(in: bytes)?.last.flatMap { JournalEnvelope(line: $0) }
      return line.map { $0.previous == head?.hash ?? .none } ?? false
    }
    // Torn within its first member, or lengthened by the disk and never filled.
    let start = bytes.prefix(JournalMember.magic.count)
    return JournalMember.magic.starts(with: start) || bytes.allSatisfy { $0 == 0 }
  }

  /// Whether a name is that of a file of a journal.
  private static func isOurs(_ name: String) -> Bool {
    name.hasSuffix(".jsonl.gz") && Timestamp(String(name.prefix(10))) != nil
      && name.dropFirst(10).first == "."
  }
}
