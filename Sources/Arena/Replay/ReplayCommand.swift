import Journal
package import Trading

/// `nof0 replay`: does recorded cycles again and compares, byte by byte.
package enum ReplayCommand {
  /// What is to be replayed.
  package struct Request: Sendable, Equatable {
    /// The trader of one record; `nil` = all.
    package var trader: String?
    /// The cycle of one record; `nil` = all.
    package var cycle: CycleNumber?
    /// The run whose records are wanted; `nil` = all.
    package var run: RunNumber?
    /// Rules to decide under instead, as `KEY=VALUE`; empty = as it was.
    package var otherRules: [String]

    /// A request from its parts.
    package init(
      trader: String? = nil, cycle: CycleNumber? = nil, run: RunNumber? = nil,
      otherRules: [String] = []
    ) {
      self.trader = trader
      self.cycle = cycle
      self.run = run
      self.otherRules = otherRules
    }
  }

  /// Replays and prints what came of it.
  package static func execute(
    _ request: Request, _ places: Places, _ output: Output
  ) async -> ExitStatus {
    await Failure.told {
      let choice = try choice(of: request)
      let database = try StateFolder.openForReading(places)
      let folder = JournalFolder(path: places.journal, store: StateStore(database))
      guard request.otherRules.isEmpty else {
        return try await CounterfactualCommand.execute(
          folder, choice, try request.otherRules.map { try OtherRule($0) }, output)
      }
      return try await replay(folder, choice, output)
    }
  }

  private static func choice(of request: Request) throws(RunFailure) -> RecordedCycles.Choice {
    if let run = request.run { return .run(run) }
    switch (request.trader, request.cycle) {
    case (.some(let name), .some(let cycle)):
      guard let trader = TraderID(name) else {
        throw RunFailure(.usage, "--trader: expected a trader's id, was \(name)")
      }
      return .cycle(trader, cycle)
    case (nil, nil): return .all
    case (.some, nil), (nil, .some):
      throw RunFailure(.usage, "expected --trader and --cycle together, or --run, or --all")
    }
  }

  private static func replay(
    _ folder: JournalFolder, _ choice: RecordedCycles.Choice, _ output: Output
  ) async throws -> ExitStatus {
    var tally = ReplayTally()
    do {
      var cycles = try RecordedCycles(folder, choice)
      var inputs = RecordedInputs(folder)
      let stage = try ReplayStage()
      while tally.difference == nil, let recorded = try cycles.next() {
        tally.cycles += 1
        try await compare(recorded, on: stage, &inputs, &tally)
      }
    } catch let fault as TapeFault {
      throw RunFailure(.internalFailure, fault.description)
    }
    guard tally.cycles > 0 else {
      throw RunFailure(.inputOutput, "the journal \(folder.path) has no such record")
    }
    tally.print(output)
    return tally.difference == nil ? .success : .internalFailure
  }

  /// Does one cycle again and compares its records.
  private static func compare(
    _ recorded: RecordedCycle, on stage: ReplayStage, _ shelf: inout RecordedInputs,
    _ tally: inout ReplayTally
  ) async throws {
    let inputs: CycleInputs
    let config: ArenaConfig
    do {
      inputs = try shelf.inputs(of: recorded)
      config = try shelf.config(of: recorded).config()
    } catch let fault as TapeFault {
      throw RunFailure(
        .internalFailure, "cycle \(recorded.cycle), run \(recorded.run): \(fault.description)")
    }
    let again: ReplayStage.Performance
    do {
      again = try await stage.perform(inputs, config)
    } catch {
      tally.difference = ReplayTally.Difference(
        recorded, trader: nil, path: "$", recorded: "a cycle that ended", replayed: "\(error)")
      return
    }
    let evidence = CycleEvidence(
      inputs: recorded.inputs, config: recorded.config, changes: again.changes)
    for (trader, body) in recorded.records {
      tally.records += 1
      let made: [UInt8]
      if again.work.state.traders[trader] == nil {
        made = Array("null".utf8)
      } else {
        made = CycleRecord(of: trader, in: again.work, cycle: again.cycle, evidence).body
      }
      guard made != body else { continue }
      let found = JSONDifference(try JSONReader.value(of: body), try JSONReader.value(of: made))
      tally.difference = ReplayTally.Difference(
        recorded, trader: trader, path: found?.path ?? "$", recorded: found?.first ?? "",
        replayed: found?.second ?? "")
      break
    }
    if let miss = again.misses.first, tally.difference == nil {
      tally.difference = ReplayTally.Difference(
        recorded, trader: nil, path: "$.inputs", recorded: "never asked",
        replayed: "asked: \(miss)")
    }
  }
}

/// What a replay found.
struct ReplayTally {
  var cycles = 0
  var records = 0
  var difference: Difference?

  /// The first difference.
  struct Difference {
    let cycle: CycleNumber
    let run: RunNumber
    let trader: TraderID?
    let path: String
    let recorded: String
    let replayed: String

    init(
      _ cycle: RecordedCycle, trader: TraderID?, path: String, recorded: String,
      replayed: String
    ) {
      self.cycle = cycle.cycle
      run = cycle.run
      self.trader = trader
      self.path = path
      self.recorded = recorded
      self.replayed = replayed
    }
  }

  func print(_ output: Output) {
    switch output.format {
    case .json: StandardStreams.writeOut(String(decoding: json, as: UTF8.self))
    case .text:
      if let difference {
        let whose = difference.trader.map { ", trader \($0)" } ?? ""
        StandardStreams.writeOut(
          "✗ cycle \(difference.cycle), run \(difference.run)\(whose) differs at "
            + "\(difference.path):\n  recorded \(difference.recorded)\n  replayed "
            + "\(difference.replayed)\n")
      } else if !output.isQuiet {
        StandardStreams.writeOut(
          "\(cycles) cycle\(cycles == 1 ? "" : "s"), \(records) "
            + "record\(records == 1 ? "" : "s"): identical.\n")
      }
    }
  }

  private var json: [UInt8] {
    CanonicalJSON.document { json in
      json.field("cycles", cycles)
      if let difference {
        json.object("difference") { json in
          json.field("cycle", difference.cycle)
          json.field("path", difference.path)
          json.field("recorded", difference.recorded)
          json.field("replayed", difference.replayed)
          json.field("run", difference.run)
          if let trader = difference.trader { json.field("trader", trader.name) }
        }
      }
      json.field("identical", difference == nil)
      json.field("records", records)
    }
  }
}
