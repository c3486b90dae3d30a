import Journal
import Logging

/// The command `nof0 export`.
package enum ArenaExport {
  /// Publishes one generation from the state as it is, unless the files tell all of it already.
  package static func execute(
    _ places: Places, _ output: Output,
    environment: [String: String] = ProcessID.environment, clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      let faults = try FaultInjection.parse(environment["NOF0_FAULT"])
      let (config, variables) = try ConfigCommand.loadWithEnvironment(
        places, environment, output, toRun: true)
      try StateFolder.requireDatabase(places)
      let lock = try RunLock.take(path: places.lock, now: clock.now())
      defer { withExtendedLifetime(lock) {} }
      let database = try StateFolder.open(
        places, isDryRun: false, durability: .full, faults: faults)
      let ports = try Composition.ports(
        config: config, database: database, clock: clock, environment: variables, isDry: true,
        exports: GenerationFolder(path: places.out) { faults?.reach($0) },
        log: Logger(label: "nof0") { _ in LineLog(level: .notice) }, faults: faults,
        outside: nil)
      let cycle = Cycle(
        config: config, ports: ports, options: CycleOptions(deadline: config.run.deadline))
      guard let published = try await cycle.republish() else {
        throw RunFailure(
          .inputOutput,
          "there is nothing to export yet: no run has finished. Run `nof0 run` first.")
      }
      if !output.isQuiet {
        let number = published.generation
        StandardStreams.writeOut(
          published.isNew
            ? "wrote generation \(number) to \(places.out)/data\n"
            : "nothing changed since generation \(number) in \(places.out)/data\n")
      }
      return .success
    }
  }
}
