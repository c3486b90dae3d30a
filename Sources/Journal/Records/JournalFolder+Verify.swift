import Trading

extension JournalFolder {
  /// Everything amiss in the journal, chain by chain; empty = every record is as it was written.
  ///
  /// Reads every file; nothing is changed.
  package func verify() throws(JournalError) -> [JournalFinding] {
    let (heads, files) = try store.database.read("read the journal's files") { session in
      (try session.journalHeads(), try session.journalFiles(of: nil))
    }
    var findings: [JournalFinding] = []
    let byStream = Dictionary(grouping: files, by: \.stream)
    for stream in Set(heads.keys).union(byStream.keys).sorted() {
      let chain = byStream[stream] ?? []
      findings += Self.contradictions(of: stream, heads[stream], chain, path: path)
      for file in chain {
        var check = JournalFileCheck(file: file, path: path(of: file))
        try check.run()
        findings += check.findings
      }
    }
    return findings + (try strangers(beside: files))
  }

  /// Where the state's own notes do not fit together.
  private static func contradictions(
    of stream: String, _ head: JournalHead?, _ files: [JournalFile], path: String
  ) -> [JournalFinding] {
    func finding(_ seq: Int64?, _ detail: String) -> JournalFinding {
      JournalFinding(
        kind: .head, stream: stream, path: path, seq: seq, cycle: nil, detail: detail)
    }
    var found: [JournalFinding] = []
    for (file, next) in zip(files, files.dropFirst()) {
      if next.records.lowerBound != file.records.upperBound + 1 || next.before != file.last {
        found.append(
          finding(
            file.records.upperBound,
            "the state's note of \(next.name) of \(stream) does not follow that of \(file.name)"))
      }
    }
    guard let head else {
      return found + [finding(nil, "the state has no head of the chain of \(stream)")]
    }
    if let last = files.last, last.records.upperBound != head.seq || last.last != head.hash {
      found.append(
        finding(
          head.seq,
          "the state's head of \(stream) is not the last record of \(last.name)"))
    }
    return found
  }

  /// Files in the folders of the journal that are not on record.
  private func strangers(
    beside files: [JournalFile]
  ) throws(JournalError) -> [JournalFinding] {
    var known = Set(files.map { path(of: $0) })
    var folders = Set(files.map { folder(of: $0.stream, own: $0.folder) })
    for name in try JournalDisk.names(in: path) {
      let place = "\(path)/\(name)"
      if JournalDisk.isFolder(place) { folders.insert(place) } else { folders.insert(path) }
    }
    for folder in folders { known.insert(folder) }
    var found: [JournalFinding] = []
    for folder in folders.sorted() {
      for name in try JournalDisk.names(in: folder) where !known.contains("\(folder)/\(name)") {
        found.append(
          JournalFinding(
            kind: .foreign, stream: String(folder.split(separator: "/").last ?? ""),
            path: "\(folder)/\(name)", seq: nil, cycle: nil,
            detail: "the state knows nothing of this file; move it away, unless a run that was "
              + "cut off left it (the next run removes it)"))
      }
    }
    return found
  }
}
