import Arena
import ArgumentParser

/// The entry point: parses the command line, runs the command and exits with our own codes.
@main
struct NOF0Command {
  nonisolated static func main() async {
    ProcessMemory.prepare()
    let code = await Program.run(Array(CommandLine.arguments.dropFirst()))
    ProcessExit.exit(code)
  }
}

/// The command tree.
enum Program {
  /// Runs a command line (without the program's name) and says what to exit with.
  static func run(_ arguments: [String]) async -> ExitStatus {
    do {
      var command = try NOF0.parseAsRoot(arguments)
      if let exiting = command as? any ExitCodeCommand {
        return await exiting.execute()
      }
      try command.run()
      return .success
    } catch {
      let message = NOF0.fullMessage(for: error)
      if NOF0.exitCode(for: error).isSuccess {
        StandardStreams.writeOut(message + "\n")
        return .success
      }
      StandardStreams.writeError(message + "\n")
      return .usage
    }
  }
}

/// A command that says itself what the process exits with.
protocol ExitCodeCommand: ParsableCommand {
  /// Does the work and prints what there is to say.
  func execute() async -> ExitStatus
}

/// The root command, `nof0`.
struct NOF0: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nof0",
    abstract: "An arena where language models trade crypto perpetuals, one cron job at a time.",
    discussion: """
      Each `nof0 run` is one cycle: it loads the state, takes one market snapshot, asks the \
      traders that are due, checks and executes what they decided, records it, writes the JSON \
      files under out/data, and exits. `nof0 help exit-codes` lists the exit codes.
      """,
    subcommands: [
      Run.self, Backtest.self, Replay.self, Status.self, Report.self, Traders.self,
      KillSwitches.self, JournalCommands.self, MarketCommand.self, Export.self, Config.self,
      State.self, ExitCodes.self,
    ])
}

/// `nof0 exit-codes`, also reached as `nof0 help exit-codes`.
struct ExitCodes: ExitCodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "exit-codes", abstract: "List the exit codes.", discussion: list)

  /// One line per code.
  private static let list = ExitStatus.allCases.map { code in
    let number = String(code.rawValue)
    return String(repeating: " ", count: 4 - number.count) + "\(number)  \(code.summary)"
  }.joined(separator: "\n")

  func execute() async -> ExitStatus {
    StandardStreams.writeOut(Self.list + "\n")
    return .success
  }
}
