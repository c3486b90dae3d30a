import Arena
import ArgumentParser
import Trading

/// The command `nof0 market`.
struct MarketCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "market",
    abstract: "Look at a market; fill, list and export the store of candles and funding rates.",
    discussion: """
      The store is in the state, apart for each provider of market.yaml. Runs add what they read; \
      import and fetch fill it with the past. What is older than the provider's `retention` is \
      dropped by its next run; what is kept for a name that market.yaml does not have stays.

      Example: nof0 market show --symbols BTC,ETH
      Example: nof0 market import --provider archive candles/hyperliquid
      """,
    subcommands: [
      MarketShowCommand.self, MarketFetchCommand.self, MarketImportCommand.self,
      MarketExportCommand.self, MarketListCommand.self,
    ])
}

/// The command `nof0 market show`.
struct MarketShowCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show prices, funding, open interest and indicators of a market.",
    discussion: """
      Indicators are those that traders are shown: of finished candles only, absent (—) until \
      warmed up. Made-up and recorded markets need no network. The json format has every \
      indicator with its last ten values, oldest first. Saves nothing and takes no lock.

      Example: nof0 market show --provider synthetic --at 2025-07-21T12:00Z
      Example: nof0 market show --symbols BTC --timeframes 15m,1h --format json
      """)

  @Option(help: ArgumentHelp("The provider of market.yaml; else the first trader's."))
  var provider: String?

  @OptionGroup var market: MarketOptions

  @Option(
    help: ArgumentHelp(
      "The UTC instant to look at; else the arena's present.", valueName: "time"))
  var at: Timestamp?

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus {
    await MarketShow.execute(
      places.value, output.value,
      MarketSelection(
        provider: provider, symbols: market.symbols, timeframes: market.timeframes), at: at)
  }
}

/// The command `nof0 market fetch`.
struct MarketFetchCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Ask the venue for the candles and funding rates that the store lacks.",
    discussion: """
      Each piece is saved before the next is asked for: a fetch that was cut off goes on where it \
      was when it is started again. It keeps below the venue's limit of requests and leaves room \
      for runs, which may go on meanwhile: the lock is only held while a piece is saved. The venue \
      keeps about 5000 candles of each time frame; older ones come from files (import). Gaps that \
      remain are told.

      Example: nof0 market fetch --provider hyperliquid --symbols BTC,ETH --timeframes 1m,5m \
      --from 2026-11-01
      """)

  @Option(help: ArgumentHelp("The provider of market.yaml; else the first trader's."))
  var provider: String?

  @OptionGroup var market: MarketOptions
  @OptionGroup var stretch: StretchOptions

  @Flag(help: "Leave funding rates out.")
  var noFunding = false

  @Flag(help: "Ask for everything again; what the venue says replaces what is kept.")
  var replace = false

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus {
    await MarketFetch.execute(
      places.value, output.value,
      MarketSelection(
        provider: provider, symbols: market.symbols, timeframes: market.timeframes,
        from: stretch.from, to: stretch.to), withFunding: !noFunding, replacing: replace)
  }
}

/// The command `nof0 market list`.
struct MarketListCommand: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List what the store has: first, last, count, gaps.",
    discussion: """
      Reads the state without locking it. Times of candles are when they begin.

      Example: nof0 market list --provider archive --gaps
      """)

  @Option(help: ArgumentHelp("Only this provider's."))
  var provider: String?

  @OptionGroup var market: MarketOptions

  @Flag(help: "Name each gap.")
  var gaps = false

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus {
    await MarketList.execute(
      places.value, output.value,
      MarketSelection(
        provider: provider, symbols: market.symbols, timeframes: market.timeframes),
      showingGaps: gaps)
  }
}
