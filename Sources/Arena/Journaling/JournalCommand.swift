import Journal
import Trading

/// The commands `nof0 journal verify` and `prune`.
package enum JournalCommand {
  /// Proves every record, or says which is not as it was written.
  ///
  /// Exit code 70 with one line per finding; 75 when the only ones may be of a run that goes on.
  package static func verify(
    _ request: JournalRequest, clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      let journal = try open(request)
      let found = try journal.verify()
      let files = try journal.files()
      let records = files.reduce(0) { $0 + $1.records.upperBound - $1.records.lowerBound + 1 }
      switch request.output.format {
      case .json: printJSON(found, files: files.count, records: records)
      case .text:
        for finding in found {
          StandardStreams.writeOut("✗ \(Readable.harmlessLine(finding.description))\n")
        }
        if found.isEmpty, !request.output.isQuiet {
          StandardStreams.writeOut(
            files.isEmpty
              ? "The journal holds no records.\n"
              : "The journal is whole: \(records) records in \(files.count) files, each as it was "
                + "written.\n")
        }
      }
      guard !found.isEmpty else { return .success }
      let isLoose = found.allSatisfy { $0.kind == .torn || $0.kind == .foreign }
      if isLoose { try refuseDuringRun(request.places, clock) }
      return .internalFailure
    }
  }

  /// A run that goes on has files that are longer than the state knows.
  private static func refuseDuringRun(_ places: Places, _ clock: WallClock) throws(RunFailure) {
    do {
      _ = try RunLock.take(path: places.lock, now: clock.now())
    } catch  where error.code == .locked {
      throw RunFailure(
        .locked,
        "a run is going on, and what was found may be what it is writing; verify again when it "
          + "is done")
    } catch {
      // Where the lock cannot be used no run goes on; what was found is told already.
    }
  }

  private static func printJSON(_ found: [JournalFinding], files: Int, records: Int64) {
    let bytes = CanonicalJSON.document { json in
      json.field("files", files)
      json.array("findings", found) { json, finding in
        json.object { json in
          if let cycle = finding.cycle { json.field("cycle", cycle) }
          json.field("detail", finding.detail)
          json.field("file", finding.path)
          json.field("kind", finding.kind.rawValue)
          if let seq = finding.seq { json.field("record", seq) }
          json.field("trader", finding.stream)
        }
      }
      json.field("ok", found.isEmpty)
      json.field("records", records)
    }
    StandardStreams.writeOut(String(decoding: bytes, as: UTF8.self))
  }

  /// Removes the files of old days.
  ///
  /// Exit code 75 while a run is going on, 74 when there is no state.
  package static func prune(
    _ request: JournalRequest, keeping age: JournalAge, clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      try StateFolder.requireDatabase(request.places)
      let lock = try RunLock.take(path: request.places.lock, now: clock.now())
      defer { withExtendedLifetime(lock) {} }
      let database = try StateFolder.open(
        request.places, isDryRun: false, durability: .full, faults: nil)
      let journal = JournalFolder(path: request.places.journal, store: StateStore(database))
      let pruned = try firstDay(of: journal, age).map { try journal.prune(before: $0) }
      let left = try journal.files().count
      tell(pruned, left: left, request.output)
      try database.close()
      return .success
    }
  }

  /// The first day that stays; `nil` when there is nothing to remove.
  private static func firstDay(of journal: JournalFolder, _ age: JournalAge) throws -> CivilDay? {
    switch age {
    case .from(let day): return day
    case .span(let span):
      // The arena's time, not the clock's: a simulated market may be years away.
      guard let newest = try journal.files().map(\.day).max() else { return nil }
      return CivilDay(newest.start + .day - span)
    }
  }

  private static func tell(_ pruned: JournalPruning?, left: Int, _ output: Output) {
    switch output.format {
    case .json:
      let bytes = CanonicalJSON.document { json in
        json.field("bytes", pruned?.bytes ?? 0)
        json.array("files", pruned?.files ?? []) { json, file in
          json.value("\(file.stream)/\(file.name)")
        }
        json.field("files_left", left)
        json.field("records", pruned?.records ?? 0)
      }
      StandardStreams.writeOut(String(decoding: bytes, as: UTF8.self))
    case .text:
      guard !output.isQuiet else { return }
      let files = pruned?.files.count ?? 0
      StandardStreams.writeOut(
        files == 0
          ? "Nothing of that age is in the journal; \(left) files stay.\n"
          : "Removed \(files) files with \(pruned?.records ?? 0) records, "
            + "\(Readable.bytes(pruned?.bytes ?? 0)); \(left) files stay.\n")
    }
  }

  /// The journal of a state, for commands that only look.
  static func open(_ request: JournalRequest) throws(RunFailure) -> JournalFolder {
    let database = try StateFolder.openForReading(request.places)
    return JournalFolder(path: request.places.journal, store: StateStore(database))
  }
}

extension Readable {
  /// A size: `312 B`, `48.2 kB`, `3.9 MB`.
  static func bytes(_ count: Int64) -> String {
    guard count >= 1000 else { return "\(count) B" }
    var tenths = count / 100
    for unit in ["kB", "MB"] {
      if tenths < 10_000 { return "\(tenths / 10).\(tenths % 10) \(unit)" }
      tenths /= 1000
    }
    return "\(tenths / 10).\(tenths % 10) GB"
  }
}
