import Exchanges
import Journal
import Trading

/// When the cycles of a run are.
struct RunTimes: Sendable {
  /// The time of the first cycle.
  let start: Timestamp
  /// The time between cycles.
  let step: Span

  /// How far a clock may lie behind the last run before it is not believed.
  static let clockTolerance = Span.minutes(1)

  /// Chooses the times: `--at`; else, for recorded prices or many cycles, one step after the last
  /// cycle (or the market's first instant); else now.
  init(_ request: RunRequest, config: ArenaConfig, ports: CyclePorts) throws {
    let shortest = config.traders.map(\.decisionInterval).min() ?? .minutes(3)
    step = request.step ?? shortest
    let memory = try ports.store.lastTimes()
    let isRecorded = ports.markets.values.contains { $0.isSimulated && !$0.isSynthetic }
    if let at = request.at {
      start = at
    } else if isRecorded || request.cycles != nil {
      let first = ports.markets.values.compactMap(\.firstCycleAt).max()?.ceiled(to: step)
      if let unfinished = memory.unfinished {
        start = unfinished
      } else if let last = memory.finished {
        start = (last + Span(ms: 1)).ceiled(to: step)
      } else {
        start = first ?? ports.clock.now()
      }
    } else {
      start = max(ports.clock.now(), memory.finished.map { $0 } ?? ports.clock.now())
      if let last = memory.finished, ports.clock.now() < last - Self.clockTolerance {
        throw Self.wentBack(to: ports.clock.now(), last: last, advice: "Correct the clock")
      }
    }
    if let last = memory.finished, start < last {
      throw Self.wentBack(to: start, last: last, advice: "Choose a later --at")
    }
  }

  private static func wentBack(
    to now: Timestamp, last: Timestamp, advice: String
  ) -> RunFailure {
    RunFailure(
      .inputOutput, phase: .open,
      "the time of this cycle, \(now), is before the last finished one, \(last); nothing was "
        + "done. \(advice), or use another --state.")
  }
}

extension Timestamp {
  /// The earliest multiple of `span` since 1970 that is not before this instant.
  fileprivate func ceiled(to span: Span) -> Timestamp {
    let floor = floored(to: span)
    return floor == self ? self : floor + span
  }
}
