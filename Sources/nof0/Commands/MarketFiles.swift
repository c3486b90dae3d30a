import Arena
import ArgumentParser

/// The command `nof0 market import`.
struct MarketImportCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Add candles and funding rates from CSV files to the store.",
    discussion: """
      Files are named SYMBOL-INTERVAL.csv (timestamp_ms,open,high,low,close,volume; the time a \
      candle begins) or SYMBOL-funding-1h.csv (timestamp_ms,funding_rate; a fraction per hour), \
      plain or gzip (.csv.gz). Of a directory all such files are taken. Each file is imported \
      whole or not at all. What is there already is left alone; a file that says something else \
      of the same time is refused unless --replace. Gaps are told. Takes the run lock: while a run \
      goes on it exits with 75 and nothing is done.

      Example: nof0 market import --provider archive candles/BTC-1m.csv.gz
      Example: nof0 market import --provider archive --symbols BTC --from 2025-07-01 candles
      """)

  @Option(
    help: ArgumentHelp(
      "Whose market it is: a provider of market.yaml, or any other name."))
  var provider: String

  @OptionGroup var market: MarketOptions
  @OptionGroup var stretch: StretchOptions

  @Flag(help: "Let the files replace what differs in the store.")
  var replace = false

  @Argument(help: ArgumentHelp("Files and directories.", valueName: "file"))
  var paths: [String]

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus {
    await MarketImport.execute(
      places.value, output.value,
      MarketSelection(
        provider: provider, symbols: market.symbols, timeframes: market.timeframes,
        from: stretch.from, to: stretch.to), paths: paths, replacing: replace)
  }
}

/// The command `nof0 market export`.
struct MarketExportCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the store of a provider as CSV files that type: recorded reads.",
    discussion: """
      Writes SYMBOL-INTERVAL.csv.gz and SYMBOL-funding-1h.csv.gz, the same bytes each time. \
      Without --timeframes candles are written as they are kept. A time frame that is asked for is \
      completed from shorter ones, exactly and only where all of them are there: import 1m, export \
      15m. Gaps are told. Reads the state without locking it.

      Example: nof0 market export --provider archive --dir candles
      Example: nof0 market export --provider hyperliquid --symbols BTC --timeframes 5m,15m \
      --from 2026-11-01 --dir candles
      """)

  @Option(help: ArgumentHelp("Whose market it is, as `nof0 market list` tells."))
  var provider: String

  @Option(help: ArgumentHelp("Where to; created if it is not there.", valueName: "dir"))
  var dir: String

  @OptionGroup var market: MarketOptions
  @OptionGroup var stretch: StretchOptions

  @Flag(help: "Write plain .csv files.")
  var plain = false

  @Flag(help: "Write files anew that are there already.")
  var replace = false

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus {
    await MarketExport.execute(
      places.value, output.value,
      MarketSelection(
        provider: provider, symbols: market.symbols, timeframes: market.timeframes,
        from: stretch.from, to: stretch.to), directory: dir, isPacked: !plain, replacing: replace)
  }
}
