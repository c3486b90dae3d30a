import Arena
import ArgumentParser
import Trading

extension BreachAction: ExpressibleByArgument {}

/// The command `nof0 kill-switches`.
struct KillSwitches: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kill-switches",
    abstract: "List, reset and fire kill switches.",
    discussion: """
      A kill switch stops the entries of an account, or of one trader of it, until it is reset. \
      Closes always go through.

      Example: nof0 kill-switches fire --account sim.ema-cross --reason "news"
      """,
    subcommands: [KillSwitchList.self, KillSwitchReset.self, KillSwitchFire.self])
}

/// The command `nof0 kill-switches list`.
struct KillSwitchList: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the newest kill switches: why they fired, and until when they hold.",
    discussion: """
      Reads the state without locking it.

      Example: nof0 kill-switches list --active
      """)

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Only those that hold.")
  var active = false

  func execute() async -> ExitStatus {
    await KillSwitchSteering.list(places.value, output.value, onlyActive: active)
  }
}

/// The command `nof0 kill-switches reset`.
struct KillSwitchReset: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "End a kill switch; the loss it measured is measured anew.",
    discussion: """
      Loss of the day, or drawdown, whichever fired it, counts from the account's present value \
      on; otherwise it would fire again at once. Other switches leave both as they are.

      Example: nof0 kill-switches reset 3 --reason "feed was wrong"
      """)

  @Argument(help: ArgumentHelp("Its number, as `list` shows it.", valueName: "number"))
  var number: Int64

  @Option(help: ArgumentHelp("Why; kept on record.", valueName: "text"))
  var reason = ""

  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func execute() async -> ExitStatus {
    await KillSwitchSteering.reset(number, reason: reason, places.value, output.value)
  }
}

/// The command `nof0 kill-switches fire`.
struct KillSwitchFire: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "fire",
    abstract: "Stop the entries of an account now, and end its positions if wanted.",
    discussion: """
      block leaves positions as they are; flatten_losers ends those at a loss, flatten all of \
      them, at once. It holds until a person resets it.

      Example: nof0 kill-switches fire --account sim.ema-cross --action flatten --reason "news"
      """)

  @Option(help: ArgumentHelp("The account; `traders show` names it.", valueName: "account"))
  var account: String

  @Option(help: ArgumentHelp("Only this trader of the account.", valueName: "id"))
  var trader: String?

  @Option(help: "What it does to positions: block flatten_losers flatten.")
  var action: BreachAction = .block

  @Option(help: ArgumentHelp("Why; kept on record.", valueName: "text"))
  var reason: String

  @OptionGroup var live: LiveOption
  @OptionGroup var places: PlaceOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if reason.allSatisfy(\.isWhitespace) {
      throw ValidationError("--reason: expected words, was nothing")
    }
  }

  func execute() async -> ExitStatus {
    await KillSwitchSteering.fire(
      KillSwitchOrder(
        account: account, trader: trader, action: action, reason: reason, isLive: live.live),
      places.value, output.value)
  }
}
