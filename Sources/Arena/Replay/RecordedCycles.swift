import Journal
import Trading

/// A cycle as the journal has it: the records of its traders.
struct RecordedCycle {
  let cycle: CycleNumber
  let at: Timestamp
  let run: RunNumber
  let inputs: RecordHash
  let config: RecordHash
  var records: [(trader: TraderID, body: [UInt8])]
}

/// The cycles of a journal, oldest first.
struct RecordedCycles {
  private var streams: [Stream] = []

  /// What is wanted of a journal.
  enum Choice: Sendable, Equatable {
    case all
    case run(RunNumber)
    case cycle(TraderID, CycleNumber)
  }

  private struct Stream {
    let trader: TraderID
    var reading: JournalReading
    var next: JournalRecord?
  }

  private let choice: Choice

  init(_ folder: JournalFolder, _ choice: Choice) throws(JournalError) {
    self.choice = choice
    var traders = Set(try folder.files().compactMap { TraderID($0.stream) }).sorted()
    var cycles: ClosedRange<CycleNumber>?
    if case .cycle(let trader, let cycle) = choice {
      traders = traders.filter { $0 == trader }
      cycles = cycle...cycle
    }
    for trader in traders {
      var reading = try folder.records(of: trader, cycles: cycles)
      let first = try reading.next()
      streams.append(Stream(trader: trader, reading: reading, next: first))
    }
  }

  /// The next cycle with the records wanted; `nil` behind the last one.
  mutating func next() throws -> RecordedCycle? {
    while let first = streams.compactMap(\.next).min(by: { $0.cycle < $1.cycle }) {
      var found = try Self.cycle(of: first)
      for index in streams.indices {
        guard let record = streams[index].next, record.cycle == found.cycle,
          try Self.cycle(of: record).inputs == found.inputs
        else { continue }
        found.records.append((streams[index].trader, record.body))
        streams[index].next = try streams[index].reading.next()
      }
      if case .run(let run) = choice, found.run != run { continue }
      return found
    }
    return nil
  }

  private static func cycle(of record: JournalRecord) throws -> RecordedCycle {
    let body = try JSONReader.value(of: record.body)
    guard let run = body["run"]?.whole,
      let inputs = body["inputs"]?.text.flatMap({ RecordHash(hex: $0.utf8) }),
      let config = body["config"]?.text.flatMap({ RecordHash(hex: $0.utf8) })
    else {
      throw TapeFault(
        description: "\(record.path), record \(record.seq) of cycle \(record.cycle): expected "
          + "run, inputs and config")
    }
    return RecordedCycle(
      cycle: record.cycle, at: record.at, run: RunNumber(run), inputs: inputs, config: config,
      records: [])
  }
}

/// The inputs of recorded cycles.
struct RecordedInputs {
  private let folder: JournalFolder
  private var shelf: (day: CivilDay, shelf: JournalBlobShelf)?
  private var bases: [RecordHash: [[UInt8]]] = [:]
  private var configs: [RecordHash: ConfigSource] = [:]

  init(_ folder: JournalFolder) { self.folder = folder }

  /// What a cycle was told; every byte is proven by its digest.
  mutating func inputs(of cycle: RecordedCycle) throws -> CycleInputs {
    let lines = try lines(cycle.inputs, on: CivilDay(cycle.at))
    // The next cycle is mostly written against this one.
    bases = [cycle.inputs: lines]
    return try CycleInputs(lines: lines)
  }

  /// What the configuration of a cycle was made from.
  mutating func config(of cycle: RecordedCycle) throws -> ConfigSource {
    if let known = configs[cycle.config] { return known }
    let source = try ConfigSource(body: try blob(cycle.config, on: CivilDay(cycle.at)).body)
    configs[cycle.config] = source
    return source
  }

  private mutating func lines(_ hash: RecordHash, on day: CivilDay) throws -> [[UInt8]] {
    if let known = bases[hash] { return known }
    let body = try blob(hash, on: day).body
    return try InputsDelta.decode(body) { base in try lines(base, on: day) }
  }

  private mutating func blob(
    _ hash: RecordHash, on day: CivilDay
  ) throws(JournalError) -> JournalBlob {
    if shelf?.day != day { shelf = (day, try folder.blobs(of: day)) }
    guard var open = shelf?.shelf else { preconditionFailure("expected the shelf of \(day)") }
    shelf = nil
    defer { shelf = (day, open) }
    return try open.blob(hash)
  }
}
