import Glibc
package import Trading

/// The clocks of the process.
///
/// Only the roof asks them; everything below takes times as values.
package struct WallClock: Sendable {
  /// The time of day.
  package let now: @Sendable () -> Timestamp
  /// Milliseconds since some moment in the past; never goes back.
  package let monotonicMs: @Sendable () -> Double

  /// Clocks from functions, for tests.
  package init(
    now: @escaping @Sendable () -> Timestamp, monotonicMs: @escaping @Sendable () -> Double
  ) {
    self.now = now
    self.monotonicMs = monotonicMs
  }

  /// The machine's clocks.
  package static let live = WallClock(
    now: {
      let time = read(CLOCK_REALTIME)
      return Timestamp(ms: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    },
    monotonicMs: {
      let time = read(CLOCK_MONOTONIC)
      return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
    })

  /// A clock that shows this instant now and runs on from it at the usual pace.
  package func starting(at instant: Timestamp) -> WallClock {
    let monotonicMs = monotonicMs
    let begin = monotonicMs()
    return WallClock(
      now: { instant + Span(ms: Int64(monotonicMs() - begin)) }, monotonicMs: monotonicMs)
  }

  private static func read(_ clock: clockid_t) -> timespec {
    var time = timespec()
    let result = clock_gettime(clock, &time)
    precondition(result == 0, "expected the system clock to be readable, errno \(errno)")
    return time
  }
}
