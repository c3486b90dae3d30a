import Journal
import Trading

/// The command `nof0 journal list`.
package enum JournalListing {
  /// Prints the files, or one line a record when a trader and a day are named.
  package static func execute(
    _ request: JournalRequest, environment: [String: String] = ProcessID.environment
  ) async -> ExitStatus {
    await Failure.told {
      let journal = try JournalCommand.open(request)
      let trader = try JournalNames.trader(request.trader, in: journal)
      let files = try journal.files(of: trader).filter { file in
        request.day.map { $0 == file.day } ?? true
      }
      let records =
        trader == nil || request.day == nil ? nil : try Self.records(of: files, in: journal)
      switch request.output.format {
      case .json: printJSON(files, records, try journal.heads())
      case .text:
        guard !request.output.isQuiet else { return .success }
        let style = TextStyle.ofStandardOutput(environment)
        StandardStreams.writeOut(
          records.map { text(of: $0, style) } ?? text(of: files, in: journal, style))
      }
      return .success
    }
  }

  private static func records(
    of files: [JournalFile], in journal: JournalFolder
  ) throws -> [JournalRecord] {
    var records: [JournalRecord] = []
    for file in files {
      guard let trader = TraderID(file.stream) else { continue }
      var reading = try journal.records(of: trader, cycles: file.cycles)
      // Parts of one day may tell of the same cycles.
      while let record = try reading.next() {
        if record.path == journal.path(of: file) { records.append(record) }
      }
    }
    return records
  }

  private static func text(
    of files: [JournalFile], in journal: JournalFolder, _ style: TextStyle
  ) -> String {
    guard !files.isEmpty else {
      return "The journal holds no records of that; `nof0 run` adds one a trader and cycle.\n"
    }
    var table = TextTable(columns: [
      .init("trader", .left), .init("day", .left), .init("records", .right),
      .init("cycles", .right), .init("size", .right, drop: 1), .init("file", .left, drop: 2),
    ])
    for file in files {
      let count = file.records.upperBound - file.records.lowerBound + 1
      table.add([
        file.stream, "\(file.day)", "\(count)",
        "\(file.cycles.lowerBound)–\(file.cycles.upperBound)", Readable.bytes(Int64(file.bytes)),
        journal.path(of: file),
      ])
    }
    let size = files.reduce(0) { $0 + Int64($1.bytes) }
    return table.render(style)
      + "\n\(files.count) files, \(Readable.bytes(size)); inputs shared by traders are in "
      + "\(JournalFolder.shared).\n"
  }

  private static func text(of records: [JournalRecord], _ style: TextStyle) -> String {
    guard !records.isEmpty else { return "The journal holds no records of that.\n" }
    var table = TextTable(columns: [
      .init("record", .right), .init("cycle", .right), .init("at", .left),
      .init("bytes", .right, drop: 1), .init("digest", .left, drop: 2),
    ])
    for record in records {
      table.add([
        "\(record.seq)", "\(record.cycle)", "\(record.at)", "\(record.body.count)",
        String(record.hash.hex.prefix(16)),
      ])
    }
    return table.render(style)
  }

  private static func printJSON(
    _ files: [JournalFile], _ records: [JournalRecord]?, _ heads: [String: JournalHead]
  ) {
    let bytes = CanonicalJSON.document { json in
      json.array("files", files) { json, file in
        json.object { json in
          json.field("bytes", file.bytes)
          json.field("day", "\(file.day)")
          json.field("file", file.name)
          json.field("first_cycle", file.cycles.lowerBound)
          json.field("first_record", file.records.lowerBound)
          json.field("last_cycle", file.cycles.upperBound)
          json.field("last_record", file.records.upperBound)
          json.field("trader", file.stream)
        }
      }
      json.object("heads") { json in
        for (stream, head) in heads.sorted(by: {
          $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }) {
          json.object(stream) { json in
            json.field("cycle", head.cycle)
            json.field("seq", head.seq)
            json.field("sha256", head.hash.hex)
          }
        }
      }
      guard let records else { return }
      json.array("records", records) { json, record in
        json.object { json in
          json.field("at_ms", record.at.ms)
          json.field("bytes", record.body.count)
          json.field("cycle", record.cycle)
          json.field("seq", record.seq)
          json.field("sha256", record.hash.hex)
        }
      }
    }
    StandardStreams.writeOut(String(decoding: bytes, as: UTF8.self))
  }
}

/// The traders that a journal knows.
enum JournalNames {
  /// The trader of that name; `nil` when none is asked for.
  ///
  /// - Throws: Exit code 64 naming those there are.
  static func trader(_ name: String?, in journal: JournalFolder) throws -> TraderID? {
    guard let name else { return nil }
    let known = try journal.heads().keys.filter { $0 != JournalFolder.shared }.sorted()
    guard known.contains(name), let trader = TraderID(name) else {
      throw RunFailure(
        .usage,
        "--trader: the journal has no record of \(Readable.harmlessLine(name)); "
          + (known.isEmpty
            ? "it is empty" : "there are: \(known.joined(separator: ", "))"))
    }
    return trader
  }
}
