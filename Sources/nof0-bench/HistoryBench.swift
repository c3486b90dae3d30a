import Glibc
import Journal
import Trading

/// Measures what a run of an arena with a long history costs beyond a run of an empty one.
///
/// `nof0-bench history BINARY DIR [RUNS]`, with the folder that `nof0-bench year` wrote: its arena
/// and a new one of the same configuration run in turn at the same instants. The first runs are not
/// timed: after them both make the same trades.
enum HistoryBench {
  private static let untimed = 10

  static let usage = """
    expected nof0-bench history BINARY DIR [RUNS], with DIR written by nof0-bench year and RUNS \
    above 0
    """

  /// Returns `false` when nothing could be timed, after saying why.
  static func run(_ words: some Sequence<String>) -> Bool {
    let words = Array(words)
    let runs = words.count > 2 ? Int(words[2]) ?? 0 : 60
    guard words.count >= 2, runs > 0 else {
      print(usage)
      return false
    }
    let (binary, folder) = (words[0], words[1])
    do {
      let last = try lastRun(of: folder) ?? YearArena.begin
      let arenas = [folder + "/empty-\(getpid())", folder]
      guard mkdir(arenas[0], 0o755) == 0 else {
        print("expected to make the folder \(arenas[0]), it is there or cannot be")
        return false
      }
      var timings: [[ProcessTiming]] = [[], []]
      for index in 1...(untimed + runs) {
        let at = last + .minutes(3) * Int64(index)
        for (place, state) in arenas.enumerated() {
          let command = [
            "run", "--at", "\(at)", "--quiet", "--config", folder + "/config", "--state", state,
            "--out", state + "/out",
          ]
          guard let timing = ProcessTiming.measure(binary, command) else {
            print("expected \(binary) \(command.joined(separator: " ")) to exit with 0")
            return false
          }
          if index > untimed { timings[place].append(timing) }
        }
      }
      tell(timings[0], timings[1])
      return true
    } catch {
      print("could not read the history: \(error)")
      return false
    }
  }

  /// The time of the newest run; `nil` = there was none.
  private static func lastRun(of folder: String) throws -> Timestamp? {
    let database = try JournalDatabase.open(path: folder + "/nof0.sqlite", mode: .readOnly)
    let last = try StateStore(database).lastRun()?.at
    try database.close()
    return last
  }

  private static func tell(_ empty: [ProcessTiming], _ full: [ProcessTiming]) {
    for (name, value) in [
      ("wall", { (timing: ProcessTiming) in timing.wallMs }), ("CPU", { $0.cpuMs }),
    ] {
      guard let little = Summary(empty.map(value)), let much = Summary(full.map(value)),
        let more = Summary(zip(empty, full).map { value($1) - value($0) })
      else { return }
      report("a run of an empty arena: median \(name)", little.median, "ms")
      report("of one with its history: median \(name)", much.median, "ms")
      report("beyond at the same instant: median \(name)", more.median, "ms")
    }
  }
}
