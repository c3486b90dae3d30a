import Glibc

/// The monotonic clock.
enum Instant {
  /// Nanoseconds since some moment in the past.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// A span in nanoseconds, at most about 292 years.
  static func nanoseconds(_ span: Duration) -> Int64 {
    let (seconds, attoseconds) = span.components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}

/// Alarms in the order of their times.
struct AlarmHeap {
  /// When to do something about a connection.
  struct Alarm {
    /// Nanoseconds of ``Instant/now``.
    let time: Int64
    let connection: Connection
    /// The wait of the connection it is for; another one means that the alarm is void.
    let wait: Int
  }

  private var alarms: [Alarm] = []

  /// The next one; `nil` when there is none.
  var first: Alarm? { alarms.first }

  mutating func insert(_ alarm: Alarm) {
    alarms.append(alarm)
    var index = alarms.count - 1
    while index > 0 {
      let parent = (index - 1) / 2
      guard alarms[index].time < alarms[parent].time else { return }
      alarms.swapAt(index, parent)
      index = parent
    }
  }

  mutating func removeFirst() {
    let last = alarms.removeLast()
    guard !alarms.isEmpty else { return }
    alarms[0] = last
    var index = 0
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < alarms.count && alarms[child].time < alarms[least].time {
        least = child
      }
      guard least != index else { return }
      alarms.swapAt(index, least)
      index = least
    }
  }
}
