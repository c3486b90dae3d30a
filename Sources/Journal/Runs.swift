package import Trading

/// How a run ended, to be written with its last changes.
package struct RunFinish: Sendable, Equatable {
  /// The wall clock at the end.
  package var wallEnd: Timestamp
  /// Its phases in order.
  package var phases: [PhaseTiming]
  /// Why it failed, in words; `nil` when it did not.
  package var error: String?
  /// How it failed, in fixed words that anybody may read; `nil` when it did not.
  package var failure: String?

  /// An end from its parts.
  package init(
    wallEnd: Timestamp, phases: [PhaseTiming], error: String?, failure: String? = nil
  ) {
    self.wallEnd = wallEnd
    self.phases = phases
    self.error = error
    self.failure = failure
  }
}

extension StateStore {
  /// Runs whose phases are kept; older runs keep their row only.
  static let runsWithPhases: Int64 = 1000

  /// Writes down that a run began.
  ///
  /// - Parameters:
  ///   - at: The time of its cycle.
  ///   - wallStart: The wall clock.
  ///   - pid: The process.
  /// - Returns: The number of the run.
  /// - Throws: ``JournalError``.
  package func beginRun(
    at: Timestamp, wallStart: Timestamp, pid: Int32
  ) throws(JournalError) -> RunNumber {
    try database.write("write the run down") { session in
      let last = try session.first("SELECT max(run) FROM runs") { try $0.next(RunNumber?.self) }
      let run = ((last ?? nil) ?? 0) + 1
      try session.run(
        """
        INSERT INTO runs (run, at_ms, started_at_ms, pid, status) VALUES (?, ?, ?, ?, 'running')
        """, [run, at, wallStart, pid])
      return run
    }
  }

  /// Writes down that a run ended.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - cycle: The cycle it planned or repeated; `nil` = none.
  ///   - wallEnd: The wall clock.
  ///   - phases: Its phases in order.
  ///   - error: Why it failed, in words; `nil` when it did not.
  ///   - failure: How it failed, in fixed words that anybody may read.
  /// - Throws: ``JournalError``.
  package func finishRun(
    _ run: RunNumber, cycle: CycleNumber?, wallEnd: Timestamp, phases: [PhaseTiming],
    error: String?, failure: String? = nil
  ) throws(JournalError) {
    try database.write("end the run") { session in
      try session.finish(
        run, cycle: cycle,
        RunFinish(wallEnd: wallEnd, phases: phases, error: error, failure: failure))
    }
  }
}

extension Session {
  /// Ends a run within the present transaction.
  ///
  /// Ending it again replaces phases and outcome.
  func finish(_ run: RunNumber, cycle: CycleNumber?, _ finish: RunFinish) throws {
    try self.run(
      """
      UPDATE runs SET cycle = ?, finished_at_ms = ?, status = ?, error = ?, failure = ?
      WHERE run = ?
      """,
      [
        cycle, finish.wallEnd, finish.error == nil ? "finished" : "failed", finish.error,
        finish.failure, run,
      ])
    guard changes == 1 else {
      throw JournalError.failed(
        operation: "end the run", detail: "expected run \(run) on record, was none")
    }
    try self.run(
      "DELETE FROM run_phases WHERE run IN (?, ?)", [run, run - StateStore.runsWithPhases])
    for (ordinal, phase) in finish.phases.enumerated() {
      try self.run(
        "INSERT INTO run_phases (run, ordinal, phase, took_ms) VALUES (?, ?, ?, ?)",
        [run, ordinal, phase.phase, phase.tookMs])
    }
  }
}
