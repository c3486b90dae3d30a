/// What became of a run.
package enum RunStatus: String, Sendable, CaseIterable {
  /// It began; it is at work, or was killed.
  case running
  /// It ended as it should.
  case finished
  /// It was killed, and a later run settled what it left open.
  case abandoned
  /// It ended with an error.
  case failed
}

/// A run as it is on record.
package struct RunRecord: Sendable, Equatable {
  /// Its number.
  package let run: RunNumber
  /// The cycle it planned or repeated; `nil` = none, or not ended.
  package let cycle: CycleNumber?
  /// The time of its cycle.
  package let at: Timestamp
  /// The wall clock when it began.
  package let startedAt: Timestamp
  /// The wall clock when it ended; `nil` = it did not.
  package let finishedAt: Timestamp?
  /// The process.
  package let pid: Int32
  /// What became of it.
  package let status: RunStatus
  /// Why it failed, in words that may name local files; `nil` when it did not.
  package let error: String?
  /// How it failed, in fixed words that anybody may read; `nil` when it did not, and for old runs.
  package let failure: String?
  /// Its phases in order; empty for old runs.
  package let phases: [PhaseTiming]

  /// A record from its parts.
  package init(
    run: RunNumber, cycle: CycleNumber?, at: Timestamp, startedAt: Timestamp,
    finishedAt: Timestamp?, pid: Int32, status: RunStatus, error: String?, failure: String? = nil,
    phases: [PhaseTiming]
  ) {
    self.run = run
    self.cycle = cycle
    self.at = at
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.pid = pid
    self.status = status
    self.error = error
    self.failure = failure
    self.phases = phases
  }
}

/// A phase of a run and how long it took.
package struct PhaseTiming: Sendable, Hashable {
  /// The phase's name, for example `reconcile`.
  package let phase: String
  /// How long it took, in ms of wall time with their fraction.
  package let tookMs: Double

  /// A timing from its parts.
  package init(phase: String, tookMs: Double) {
    self.phase = phase
    self.tookMs = tookMs
  }
}
