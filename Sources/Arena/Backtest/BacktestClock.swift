import Synchronization
import Trading

/// The clock of a back-test: it shows the time of the cycle that runs.
final class BacktestClock: Sendable {
  private let shown: Mutex<Timestamp>

  /// A clock that shows an instant.
  init(_ start: Timestamp) { shown = Mutex(start) }

  /// Shows another instant.
  func show(_ instant: Timestamp) { shown.withLock { $0 = instant } }

  /// The clocks of the arena: the time of day from the candles, spans from the machine.
  func wall(beside machine: WallClock) -> WallClock {
    WallClock(now: { self.shown.withLock { $0 } }, monotonicMs: machine.monotonicMs)
  }
}
