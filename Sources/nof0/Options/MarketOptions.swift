import Arena
import ArgumentParser
import Trading

/// Which coins, time frames and times of a market a command is about.
struct MarketOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only these coins, with commas between.", valueName: "coins"))
  var symbols: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only these time frames, with commas between: 1m 3m 5m 15m 30m 1h 2h 4h 8h 12h 1d.",
      valueName: "frames"))
  var timeframes: [String] = []
}

/// A stretch of time.
struct StretchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Nothing before this UTC date or instant.", valueName: "time"))
  var from: Timestamp?

  @Option(help: ArgumentHelp("Nothing from this UTC date or instant on.", valueName: "time"))
  var to: Timestamp?
}
