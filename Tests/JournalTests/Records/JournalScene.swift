import Foundation
import Journal
import Testing
import Trading

/// A journal in a folder of its own, and what was put into it.
final class JournalScene {
  let folder: Folder
  let journal: JournalFolder
  let store: StateStore
  /// What was put in, by trader.
  private(set) var lines: [TraderID: [JournalLine]] = [:]
  /// The inputs of each cycle.
  private(set) var blobs: [CycleNumber: [JournalBlob]] = [:]
  /// What each append said.
  private(set) var receipts: [JournalReceipt] = []
  private(set) var cycle: CycleNumber = 0
  private var generator: SeededGenerator

  /// 2026-11-21 00:00 UTC.
  static let start = Timestamp(ms: 20_778 * 86_400_000)
  static let day = CivilDay(start)

  init(seed: UInt64 = 1, own: [TraderID: String] = [:]) throws {
    folder = try Folder()
    store = StateStore(
      try JournalDatabase.open(
        path: folder.file(), mode: .readWrite(durability: .processCrash)))
    journal = JournalFolder(
      path: folder.file("journal"), store: store, own: own, isDurable: false)
    generator = SeededGenerator(seed: seed)
  }

  static func trader(_ name: String) -> TraderID {
    guard let trader = TraderID(name) else { preconditionFailure("expected a name, was \(name)") }
    return trader
  }

  /// The path of the file of a chain.
  func path(_ stream: String, day: CivilDay = day, part: Int = 1) -> String {
    let name = part == 1 ? "\(day)" : "\(day).\(part)"
    return folder.file("journal/\(stream)/\(name).jsonl.gz")
  }

  /// Adds cycles, each three minutes after the one before.
  func play(
    _ cycles: Int, traders: [String] = ["anna", "bob"], at start: Timestamp = start
  ) throws {
    for _ in 0..<cycles {
      try add(traders.map(Self.trader), at: start + .minutes(3) * cycle)
    }
  }

  /// Adds one cycle.
  @discardableResult
  func add(_ traders: [TraderID], at: Timestamp) throws -> JournalReceipt {
    cycle += 1
    // Some inputs come again in every cycle.
    let inputs = [
      JournalBlob(kind: "config", body: body(of: 7)),
      JournalBlob(kind: "market", body: body(of: 100 + Int(cycle))),
    ]
    let some = traders.map { trader in
      JournalLine(trader: trader, cycle: cycle, at: at, body: randomBody(trader))
    }
    let receipt = try journal.append(some, blobs: inputs, cycle: cycle, at: at)
    for line in some { lines[line.trader, default: []].append(line) }
    blobs[cycle] = inputs
    receipts.append(receipt)
    return receipt
  }

  /// Writes a cycle as a run that is killed before it tells the state: files without heads.
  func addKilled(_ traders: [String], at: Timestamp) throws {
    let saved = try JournalDatabase.copyInMemory(of: folder.file())
    let killed = JournalFolder(
      path: journal.path, store: StateStore(saved), own: journal.own, isDurable: false)
    let some = traders.map {
      JournalLine(
        trader: Self.trader($0), cycle: cycle + 1, at: at, body: randomBody(Self.trader($0)))
    }
    try killed.append(
      some, blobs: [JournalBlob(kind: "market", body: body(of: 99))], cycle: cycle + 1, at: at)
  }

  func read(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  func change(_ path: String, _ change: (inout [UInt8]) throws -> Void) throws {
    var bytes = try read(path)
    try change(&bytes)
    try write(bytes, to: path)
  }

  /// The bodies of all records of a trader as they are read back.
  func bodies(of trader: String) throws -> [[UInt8]] {
    var reading = try journal.records(of: Self.trader(trader))
    var bodies: [[UInt8]] = []
    while let record = try reading.next() { bodies.append(record.body) }
    return bodies
  }

  private func body(of number: Int) -> [UInt8] {
    CanonicalJSON.fragment { json in
      json.array("prices", 0..<20) { json, step in json.value(Int64(number * 1000 + step)) }
    }
  }

  private func randomBody(_ trader: TraderID) -> [UInt8] {
    let count = 5 + generator.below(40)
    let words = (0..<count).map { _ in "w\(generator.below(1 << 30))" }
    return CanonicalJSON.fragment { json in
      json.field("trader", trader.name)
      json.field("words", words.joined(separator: " "))
    }
  }
}
