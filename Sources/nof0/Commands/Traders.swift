import Arena
import ArgumentParser
import Trading

/// The command `nof0 traders`.
struct Traders: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "traders",
    abstract: "List the traders, look at one, and steer them.",
    discussion: """
      stopped → running (start), running → paused (pause), paused → running (resume), running or \
      paused → stopped (stop), any → isolated (isolate), isolated → stopped (release). Steering \
      takes the run lock: while a run goes on it exits with 75 and nothing is done.

      Example: nof0 traders pause ema-cross --for 2h --reason "news"
      """,
    subcommands: [
      TraderList.self, TraderShow.self, TraderStart.self, TraderPause.self, TraderResume.self,
      TraderStop.self, TraderIsolate.self, TraderRelease.self, TraderClose.self,
      TraderRemove.self,
    ])
}

/// The trader a command is about, and why.
struct TraderOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The trader, as `traders list` shows it.", valueName: "id"))
  var id: String

  @Option(help: ArgumentHelp("Why; kept on record.", valueName: "text"))
  var reason = ""

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  /// The same as the arena wants it; `isLive` for real orders.
  func order(isLive: Bool) -> TraderOrder {
    TraderOrder(
      places: places.value, output: output.value, trader: id, reason: reason, isLive: isLive)
  }

  /// The same for a command that sends no orders.
  var order: TraderOrder { order(isLive: false) }
}

/// The command `nof0 traders list`.
struct TraderList: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "One line a trader: status, era, equity, capital, positions, next turn.",
    discussion: """
      Reads the state without locking it, so it works while a run goes on.

      Example: nof0 traders list --format json
      """)

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus { await TraderSight.list(places.value, output.value) }
}

/// The command `nof0 traders show`.
struct TraderShow: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Everything about one trader: eras, capital, positions, events, refusals, limits.",
    discussion: """
      Reads the state without locking it, so it works while a run goes on.

      Example: nof0 traders show ema-cross
      """)

  @Argument(help: ArgumentHelp("The trader, as `traders list` shows it.", valueName: "id"))
  var id: String

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus {
    await TraderSight.show(id, places.value, output.value)
  }
}

/// The command `nof0 traders start`.
struct TraderStart: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Let a stopped trader decide again.",
    discussion: "Example: nof0 traders start ema-cross")

  @OptionGroup var trader: TraderOptions

  func execute() async -> ExitStatus { await TraderSteering.move(.start, trader.order) }
}

/// The command `nof0 traders pause`.
struct TraderPause: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Keep a running trader from deciding; its positions stay protected.",
    discussion: """
      Without an end it lasts until `traders resume`. Times are the arena's: on a simulated market \
      the time of the last run counts, not the clock's.

      Examples:
        nof0 traders pause ema-cross --for 2h --reason "exchange maintenance"
        nof0 traders pause ema-cross --until 2025-07-21T18:00Z
      """)

  @OptionGroup var trader: TraderOptions

  @Option(
    help: ArgumentHelp("When it goes on by itself, e.g. 2025-07-21T18:00Z.", valueName: "time"))
  var until: Timestamp?

  @Option(
    name: .customLong("for"), help: ArgumentHelp("How long it lasts, e.g. 2h.", valueName: "time"))
  var span: Span?

  func validate() throws {
    if until != nil, span != nil {
      throw ValidationError("--until and --for: expected one of them, were both")
    }
    if let span, span <= .zero { throw ValidationError("--for: expected more than 0s") }
  }

  func execute() async -> ExitStatus {
    let end = until.map(PauseEnd.at) ?? span.map(PauseEnd.after) ?? .open
    return await TraderSteering.move(.pause, trader.order, pause: end)
  }
}

/// The command `nof0 traders resume`.
struct TraderResume: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "End a pause.",
    discussion: "Example: nof0 traders resume ema-cross")

  @OptionGroup var trader: TraderOptions

  func execute() async -> ExitStatus { await TraderSteering.move(.resume, trader.order) }
}

/// The command `nof0 traders stop`.
struct TraderStop: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop",
    abstract: "Keep a trader from deciding until it is started.",
    discussion: "Example: nof0 traders stop ema-cross")

  @OptionGroup var trader: TraderOptions

  func execute() async -> ExitStatus { await TraderSteering.move(.stop, trader.order) }
}

/// The command `nof0 traders isolate`.
struct TraderIsolate: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "isolate",
    abstract: "Take a trader out: it opens nothing and gives back its free capital.",
    discussion: "Example: nof0 traders isolate ema-cross --reason \"trades against its mandate\"")

  @OptionGroup var trader: TraderOptions

  func execute() async -> ExitStatus { await TraderSteering.move(.isolate, trader.order) }
}

/// The command `nof0 traders release`.
struct TraderRelease: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "release",
    abstract: "End an isolation; the trader is stopped then.",
    discussion: "Example: nof0 traders release ema-cross")

  @OptionGroup var trader: TraderOptions

  func execute() async -> ExitStatus { await TraderSteering.move(.release, trader.order) }
}

/// The command `nof0 traders close`.
struct TraderClose: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "close",
    abstract: "Close all positions of a trader now.",
    discussion: """
      Runs one cycle in which no trader is asked. Its status stays; a running trader may open \
      again at its next turn. Exits with 74 when something could not be closed.

      Example: nof0 traders close ema-cross --reason "weekend"
      """)

  @OptionGroup var trader: TraderOptions
  @OptionGroup var live: LiveOption

  func execute() async -> ExitStatus {
    await TraderSteering.close(trader.order(isLive: live.live))
  }
}

/// The command `nof0 traders remove`.
struct TraderRemove: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Take a trader out of the arena for good; its history stays.",
    discussion: """
      Refuses while it holds a position or has an order whose outcome is unknown, unless --flatten \
      closes these first. Its capital goes back. Delete it from manager.yaml afterwards; its id is \
      not used again.

      Example: nof0 traders remove ema-cross --flatten
      """)

  @OptionGroup var trader: TraderOptions
  @OptionGroup var live: LiveOption

  @Flag(help: "Close its positions first.")
  var flatten = false

  func execute() async -> ExitStatus {
    await TraderSteering.remove(trader.order(isLive: live.live), flattens: flatten)
  }
}
