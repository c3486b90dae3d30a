import Glibc

/// How long a child process took from start to exit, and what it needed.
struct ProcessTiming {
  /// Wall time in ms.
  let wallMs: Double
  /// CPU time, user and system, in ms.
  let cpuMs: Double
  /// Greatest resident size, MB.
  let residentMB: Double

  /// Runs a program with its output thrown away and waits for it.
  ///
  /// - Returns: `nil` when it could not be started or did not exit with 0.
  static func measure(_ path: String, _ arguments: [String]) -> ProcessTiming? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var child = pid_t()
    let start = Clock.nowMs
    guard posix_spawn(&child, path, &actions, nil, words, environ) == 0 else { return nil }
    var status: Int32 = 0
    var usage = rusage()
    guard wait4(child, &status, 0, &usage) == child, status == 0 else { return nil }
    let wall = Clock.nowMs - start
    return ProcessTiming(
      wallMs: wall, cpuMs: ms(usage.ru_utime) + ms(usage.ru_stime),
      residentMB: Double(usage.ru_maxrss) / 1024)
  }

  private static func ms(_ time: timeval) -> Double {
    Double(time.tv_sec) * 1000 + Double(time.tv_usec) / 1000
  }
}

/// The monotonic clock.
enum Clock {
  /// Milliseconds since some moment in the past.
  static var nowMs: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
  }
}

/// What a row of measurements says.
struct Summary {
  /// The least of them.
  let least: Double
  /// The middle one.
  let median: Double
  /// The greatest of them.
  let greatest: Double

  /// A summary; `nil` of nothing.
  init?(_ values: [Double]) {
    let sorted = values.sorted()
    guard let first = sorted.first, let last = sorted.last else { return nil }
    least = first
    median = sorted[sorted.count / 2]
    greatest = last
  }
}
