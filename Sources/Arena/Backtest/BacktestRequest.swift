package import Trading

/// Where the answers of models and servers come from in a back-test.
package enum BacktestAnswers: String, Sendable, CaseIterable {
  /// From what was answered before, known by the content of the question; nobody is asked.
  case recorded
  /// As `recorded`, and what is not there is asked and kept for the next time.
  case live
  /// From nowhere: such traders hold.
  case none
}

/// Which price fills a decision in a back-test.
package enum BacktestFill: String, Sendable, CaseIterable {
  /// The open of the next bar, which nobody knew when deciding.
  case nextOpen = "next_open"
  /// The last close, which was known when deciding.
  case lastClose = "last_close"
}

/// What runs the cycles of a back-test.
package enum BacktestEngine: String, Sendable, CaseIterable {
  /// The quick one where it can, else the other.
  case auto
  /// The very cycle of `nof0 run`, on a database in memory.
  case cycle
  /// One pass over the candles, for traders with fixed rules.
  case stream
}

/// What `nof0 backtest` was asked to do.
package struct BacktestRequest: Sendable, Equatable {
  /// Where the configuration is, and the state whose answers are used.
  package var places: Places
  /// A folder of recorded candles to use in place of the configured markets; `nil` = those.
  package var directory: String?
  /// The first instant; `nil` = where the prices begin, with history before it.
  package var from: Timestamp?
  /// The last instant; `nil` = where the prices end.
  package var to: Timestamp?
  /// Time between cycles; `nil` = the shortest decision interval.
  package var step: Span?
  /// Ids of the traders that take part; empty = all.
  package var traders: [String]
  /// The only coins to trade; empty = all that the traders may.
  package var symbols: [String]
  /// Where answers of models come from.
  package var answers: BacktestAnswers
  /// Files and state folders with answers, besides the state's own.
  package var answerPaths: [String]
  /// Which price fills a decision.
  package var fill: BacktestFill
  /// Whether what is open at the end is closed at the last price.
  package var closesAtEnd: Bool
  /// Steps that are only history; `nil` = four hours where `from` is not given, else none.
  package var warmUp: Int?
  /// What runs the cycles.
  package var engine: BacktestEngine
  /// The seed of a synthetic market; `nil` = the configured one.
  package var seed: UInt64?
  /// In how many cycles to prove that nothing looks ahead; `nil` = none.
  package var proofs: Int?
  /// Where the report and what else is kept go.
  package var report: BacktestOutlets
  /// How much is said on the way.
  package var output: Output

  /// A request with the defaults of every option.
  package init(places: Places, output: Output) {
    self.places = places
    self.output = output
    traders = []
    symbols = []
    answers = .recorded
    answerPaths = []
    fill = .nextOpen
    closesAtEnd = false
    engine = .auto
    report = BacktestOutlets()
  }
}

extension BacktestRequest {
  /// The first option for which the state of a run is needed; `nil` = none.
  var needsState: String? {
    if proofs != nil { return "--prove" }
    if report.exports != nil { return "--export" }
    return report.state == nil ? nil : "--keep-state"
  }
}

/// Where the results of a back-test go.
package struct BacktestOutlets: Sendable, Equatable {
  /// The form of the report; `nil` = text, or what the name of ``file`` says.
  package var format: ReportFormat?
  /// A file for the report; `nil` = standard output.
  package var file: String?
  /// A file for the picture of the equity curves; `nil` = none.
  package var svg: String?
  /// A folder for the arena's files and dashboard; `nil` = none.
  package var exports: String?
  /// A folder for the state at the end; `nil` = it is forgotten.
  package var state: String?

  /// Nothing but a report on standard output.
  package init() {}
}
