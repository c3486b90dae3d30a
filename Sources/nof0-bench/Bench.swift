import Glibc

/// Measures what the README states; run with `swift run -c release nof0-bench`.
///
/// The first argument names the `nof0` binary to time (`.build/release/nof0`), the second the
/// folder of the shipped configuration (`config`). `nof0-bench models BINARY CONFIG [TRADERS…]`
/// measures arenas of language models instead, `nof0-bench backtest BINARY CONFIG` back-tests,
/// `nof0-bench leaderboard [--arenas N]` how often the leaderboard errs, `nof0-bench year` writes a
/// year of history (see ``YearBench``), `nof0-bench history BINARY DIR` times runs on top of it.
/// Times mean something on an idle machine only.
@main
struct Bench {
  static func main() async {
    var arguments = CommandLine.arguments.dropFirst()
    if arguments.first == ModelProcess.word {
      return ModelProcess.serve(delayMs: arguments.dropFirst().first.flatMap { Int($0) } ?? 500)
    }
    if arguments.first == "year" {
      if await !YearBench.run(arguments.dropFirst()) { exit(1) }
      return
    }
    if arguments.first == "history" {
      if !HistoryBench.run(arguments.dropFirst()) { exit(1) }
      return
    }
    if arguments.first == "leaderboard" {
      guard LeaderboardBench.run(Array(arguments.dropFirst())) else {
        print("expected leaderboard [--arenas N] [--days N] [--effort N], was \(arguments)")
        exit(64)
      }
      return
    }
    let isOfBacktests = arguments.first == "backtest"
    let isOfModels = arguments.first == "models"
    if isOfModels || isOfBacktests { arguments.removeFirst() }
    let binary = arguments.first ?? ".build/release/nof0"
    let config = arguments.dropFirst().first ?? "config"
    if isOfBacktests {
      if !BacktestBench.run(binary: binary, config: config) { giveUp(binary) }
      return
    }
    if isOfModels {
      let counts = arguments.dropFirst(2).compactMap { Int($0) }
      let asked = counts.isEmpty ? [10, 100, 1000] : counts
      if !ModelBench.run(binary: binary, config: config, traders: asked) { giveUp(binary) }
      return
    }
    // First, while this process is small: a child's greatest memory counts what it is made from.
    if !CycleBench.run(binary: binary, config: config) { giveUp(binary) }
    IndicatorBench.run()
    CatchUpBench.run()
  }

  private static func giveUp(_ binary: String) -> Never {
    print("could not time \(binary); build it with swift build -c release")
    exit(1)
  }
}

/// Prints a row: what, how much, which unit.
func report(_ what: String, _ value: Double, _ unit: String) {
  let padding = String(repeating: " ", count: max(1, 44 - what.count))
  let rounded = value >= 100 ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
  print("\(what)\(padding)\(rounded) \(unit)")
}
