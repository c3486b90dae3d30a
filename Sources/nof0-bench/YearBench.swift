import Arena
import Glibc
import Journal
import Trading

/// Writes the state of an arena that has a long history, to measure what a run costs then.
///
/// `nof0-bench year --days 365 --traders 10 --state DIR`: the database is written directly, the
/// same for the same seed; its books are whole. `DIR/config` is a configuration to go on with.
enum YearBench {
  /// What is asked for; `nil` for a word that is not understood.
  struct Request {
    var days = 365
    var traders = 10
    var decisions = 4
    var trades = 10
    var seed: UInt64 = 1
    var state = ""
    var config = "config"

    init?(_ words: some Sequence<String>) {
      var words = Array(words)[...]
      while let name = words.popFirst() {
        guard let value = words.popFirst() else { return nil }
        switch (name, Int(value)) {
        case ("--days", let number?): days = number
        case ("--traders", let number?): traders = number
        case ("--decisions", let number?): decisions = number
        case ("--trades", let number?): trades = number
        case ("--seed", let number?): seed = UInt64(clamping: number)
        case ("--state", _): state = value
        case ("--config", _): config = value
        default: return nil
        }
      }
      let isWithin = days > 0 && traders > 0 && decisions > 0 && trades >= 0
      guard !state.isEmpty, isWithin else { return nil }
    }
  }

  static let usage = """
    expected nof0-bench year --state DIR [--days 365] [--traders 10] [--decisions 4 a turn] \
    [--trades 10 a day and trader] [--seed 1] [--config config]
    """

  /// Writes the state; `false` when that fails, after saying why.
  static func run(_ words: some Sequence<String>) async -> Bool {
    guard let request = Request(words) else {
      print(usage)
      return false
    }
    let start = Clock.nowMs
    do {
      try write(request)
    } catch {
      print("could not write the year: \(error)")
      return false
    }
    report("history of \(request.days) days written", (Clock.nowMs - start) / 1000, "s")
    let rebuild = Clock.nowMs
    let places = Places(
      config: request.state + "/config", state: request.state, out: request.state + "/out")
    guard
      await StateRebuild.execute(places, Output(format: .text, logLevel: "error", isQuiet: true))
        == .success
    else {
      return false
    }
    report("figures made from it", (Clock.nowMs - rebuild) / 1000, "s")
    let end = YearArena.begin + .day * Int64(request.days)
    print(
      """
      time runs on top of it with: nof0-bench history BINARY \(request.state)
      go on with: nof0 run --at \(end) --config \(request.state)/config \
      --state \(request.state) --out \(request.state)/out
      """)
    return true
  }

  private static func write(_ request: Request) throws {
    guard mkdir(request.state, 0o755) == 0 else {
      throw YearFailure("expected to make the folder \(request.state), it is there or cannot be")
    }
    guard
      BenchFiles.write(
        CycleBench.files(request.config, traders: request.traders),
        to: request.state + "/config")
    else { throw YearFailure("expected a configuration in \(request.config) to copy") }
    let path = request.state + "/nof0.sqlite"
    let store = StateStore(
      try JournalDatabase.open(path: path, mode: .readWrite(durability: .processCrash)))
    try store.prepare(
      arenaID: "0123456789abcdef0123456789abcdef", name: "a year", createdAt: YearArena.begin)
    let turns = try YearTurns(path: path, request)
    try turns.writeRuns()
    var arena = try YearArena(request)
    for day in 0..<request.days { try arena.live(day, in: store) }
    try turns.writeTurns()
    try store.database.close()
  }
}

/// The year cannot be written.
struct YearFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
