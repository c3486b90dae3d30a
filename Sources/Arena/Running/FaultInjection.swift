import Glibc
import Synchronization

/// Kills the process at a named place, for tests that prove that nothing is lost.
///
/// `NOF0_FAULT=kill@PLACE` or `kill@PLACE:N` (the N-th time the place is reached, from 1). Places:
/// `phase.NAME` (when the phase begins), `write.before`, `write.after` (around each database
/// transaction), `send.before`, `send.after` (around each request that a real venue may execute),
/// `export.file`, `export.flip` (before each), `notify.before`, `notify.after` (around each message
/// about an alert). Refused unless the arena is a
/// rehearsal: see ``ArenaConfig/isRehearsal``.
package final class FaultInjection: Sendable {
  private let place: String
  private let count: Int
  private let reached = Atomic<Int>(0)

  private init(place: String, count: Int) {
    self.place = place
    self.count = count
  }

  /// Reads the value of `NOF0_FAULT`.
  ///
  /// - Returns: `nil` when the variable is absent or empty.
  /// - Throws: A usage failure when the text is not understood.
  package static func parse(_ text: String?) throws(RunFailure) -> FaultInjection? {
    guard let text, !text.isEmpty else { return nil }
    let parts = text.split(separator: "@", maxSplits: 1)
    guard parts.count == 2, parts[0] == "kill" else {
      throw RunFailure(
        .usage, "NOF0_FAULT: expected kill@PLACE or kill@PLACE:N, was \(text)")
    }
    let target = parts[1].split(separator: ":", maxSplits: 1)
    let count = target.count == 2 ? Int(target[1]) : 1
    guard let count, count >= 1 else {
      throw RunFailure(.usage, "NOF0_FAULT: expected a count of at least 1 in \(text)")
    }
    let place = String(target[0])
    guard places.contains(place) else {
      throw RunFailure(
        .usage, "NOF0_FAULT: expected one of \(places.joined(separator: ", ")), was \(place)")
    }
    return FaultInjection(place: place, count: count)
  }

  /// Why it may not be used.
  static let refusal = RunFailure(
    .usage,
    "NOF0_FAULT is refused where a venue is neither simulated nor a stand-in on this machine")

  /// Every place that is told of.
  private static let places =
    Phase.allCases.map { "phase.\($0.rawValue)" }
    + [
      "write.before", "write.after", "send.before", "send.after", "export.file", "export.flip",
      "notify.before", "notify.after",
    ]

  /// Tells that a place is reached; does not return when it is the one.
  package func reach(_ place: String) {
    guard place == self.place else { return }
    if reached.wrappingAdd(1, ordering: .relaxed).newValue == count {
      kill(getpid(), SIGKILL)
    }
  }
}
