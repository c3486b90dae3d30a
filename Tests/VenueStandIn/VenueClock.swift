import Glibc
import Trading

/// The venue's time: set by the test, then running with the computer's or standing still.
struct VenueClock: Sendable {
  private var base: Timestamp
  private var isFrozen: Bool
  private var since: Int64
  /// What the `Date` header is ahead of the venue's time.
  var dateSkew = Span.zero

  init(start: Timestamp, isFrozen: Bool) {
    base = start
    self.isFrozen = isFrozen
    since = Self.monotonic()
  }

  /// The venue's time.
  var now: Timestamp { isFrozen ? base : base + Span(ms: Self.monotonic() - since) }

  /// Sets the time.
  mutating func set(_ time: Timestamp) {
    base = time
    since = Self.monotonic()
  }

  /// Lets it run or stand still from now on.
  mutating func freeze(_ isFrozen: Bool) {
    set(now)
    self.isFrozen = isFrozen
  }

  private static func monotonic() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
