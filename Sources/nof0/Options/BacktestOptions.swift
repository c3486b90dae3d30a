import Arena
import ArgumentParser
import Trading

/// What a back-test reads.
struct BacktestPlaceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The folder with the six YAML files.", valueName: "dir"))
  var config = "config"

  @Option(
    help: ArgumentHelp(
      "A folder with SYMBOL-INTERVAL.csv(.gz) and SYMBOL-funding-1h.csv(.gz), in place of the "
        + "configured markets.", valueName: "dir"))
  var data: String?

  @Option(
    help: ArgumentHelp("The state whose recorded answers are used.", valueName: "dir"))
  var state = "state"

  @Option(
    help: ArgumentHelp(
      "More answers of models: a state folder, a database, a file of --llm live, or a cassette of "
        + "`run --record`; may be given several times.", valueName: "path"))
  var answers: [String] = []
}

/// What of the past, and who.
struct BacktestScopeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The first instant, e.g. 2025-07-21T12:00Z; by default where the prices begin.",
      valueName: "time"))
  var from: Timestamp?

  @Option(
    help: ArgumentHelp("The last instant; by default the last price.", valueName: "time"))
  var to: Timestamp?

  @Option(
    help: ArgumentHelp(
      "Time between cycles; the shortest decision interval by default.", valueName: "time"))
  var step: Span?

  @Option(
    help: ArgumentHelp(
      "Bars that are only history: with N, the first decision is at the close of bar N, counted "
        + "from 0 (from --from where it is given). Without it and --from: four hours.",
      valueName: "n"))
  var warmUp: Int?

  @Option(
    name: [.customLong("trader"), .customLong("only")],
    help: ArgumentHelp("Only this trader; may be given several times.", valueName: "id"))
  var traders: [String] = []

  @Option(
    help: ArgumentHelp("Only these coins, with commas between them.", valueName: "list"))
  var symbols = ""

  @Option(
    help: ArgumentHelp("The seed of a synthetic market, in place of the configured one."))
  var seed: UInt64?

  func validate() throws {
    if let step, step <= .zero { throw ValidationError("--step: expected more than 0s") }
    if let warmUp, warmUp < 0 {
      throw ValidationError("--warm-up: expected at least 0, was \(warmUp)")
    }
    if let from, let to, to < from {
      throw ValidationError("--to: expected a time after --from, was \(to)")
    }
  }

  /// Puts the options into a request.
  func fill(_ request: inout BacktestRequest) {
    request.from = from
    request.to = to
    request.step = step
    request.warmUp = warmUp
    request.traders = traders
    request.symbols = symbols.split(separator: ",").map { String($0.trimmed) }
    request.seed = seed
  }
}

/// How a back-test is run.
struct BacktestRuleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Answers of models: recorded (from the state and --answers), live (asks what is not there, "
        + "within the budgets, and keeps it in STATE/backtest-answers.jsonl), none (they hold)."))
  var llm: BacktestAnswers = .recorded

  @Option(
    help: ArgumentHelp(
      "The price decisions are filled at: next_open (of the next bar) or last_close."))
  var fill: BacktestFill = .nextOpen

  @Flag(help: "Close what is open at the end at the last price, with the venue's fee.")
  var closeAtEnd = false

  @Option(
    help: ArgumentHelp(
      "auto (the quick one where it can), cycle (the very cycle of `run`), stream (one pass over "
        + "the candles, traders with fixed rules only)."))
  var engine: BacktestEngine = .auto

  @Option(
    help: ArgumentHelp(
      "Prove at this many cycles that nothing looks ahead: the cycle is run again on prices that "
        + "end at its time, and must ask and decide the same.", valueName: "n"))
  var prove: Int?

  func validate() throws {
    if let prove, prove < 1 { throw ValidationError("--prove: expected at least 1, was \(prove)") }
    if prove != nil, engine == .stream {
      throw ValidationError("--prove: expected --engine cycle or auto, was stream")
    }
  }

  /// Puts the options into a request.
  func fill(_ request: inout BacktestRequest) {
    request.answers = llm
    request.fill = fill
    request.closesAtEnd = closeAtEnd
    request.engine = engine
    request.proofs = prove
  }
}

/// Where the results of a back-test go.
struct BacktestOutletOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "text for people, json for programs, markdown for documents; by default what the name of "
        + "--output says, else text."))
  var format: ReportFormat?

  @Option(
    help: ArgumentHelp("A file for the report, in place of standard output.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("A file for the picture of the equity curves.", valueName: "file"))
  var svg: String?

  @Option(
    help: ArgumentHelp(
      "A folder for the arena's JSON files and dashboard, as if it had been live.",
      valueName: "dir"))
  var export: String?

  @Option(
    help: ArgumentHelp(
      "A folder for the state at the end, for `nof0 status --state DIR` and the like.",
      valueName: "dir"))
  var keepState: String?

  @Option(
    help: "The least level of log lines on stderr: trace debug info notice warning error critical.")
  var logLevel = "error"

  @Flag(help: "Show no progress.")
  var quiet = false

  func validate() throws {
    guard Output.logLevels.contains(logLevel) else {
      throw ValidationError(
        "--log-level: expected one of \(Output.logLevels.joined(separator: ", ")), "
          + "was \(logLevel)")
    }
  }

  /// Puts the options into a request.
  func fill(_ request: inout BacktestRequest) {
    request.report.format = format
    request.report.file = output
    request.report.svg = svg
    request.report.exports = export
    request.report.state = keepState
  }
}

extension Substring {
  /// Without spaces at both ends.
  fileprivate var trimmed: Substring {
    let start = drop { $0 == " " }
    guard let last = start.lastIndex(where: { $0 != " " }) else { return "" }
    return start[...last]
  }
}
