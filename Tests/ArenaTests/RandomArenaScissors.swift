import Foundation
import Synchronization

/// Keeps a copy of the state as it is at some write: what a process that is killed there leaves.
final class Scissors: Sendable {
  private struct Cut {
    var writesLeft: Int?
    var source = ""
    var target = ""
    var isDone = false
    var failure: (any Error)?
  }
  private let cut = Mutex(Cut())

  /// Copies the files at the n-th moment around a write from now.
  func aim(after count: Int, from source: String, to target: String) {
    cut.withLock { $0 = Cut(writesLeft: count, source: source, target: target) }
  }

  /// Tells that a write begins or has ended.
  func reach() {
    cut.withLock { cut in
      guard let left = cut.writesLeft else { return }
      cut.writesLeft = left > 1 ? left - 1 : nil
      guard left == 1 else { return }
      do {
        for suffix in ["", "-wal"]
        where FileManager.default.fileExists(atPath: cut.source + suffix) {
          try FileManager.default.copyItem(
            atPath: cut.source + suffix, toPath: cut.target + suffix)
        }
        cut.isDone = true
      } catch {
        cut.failure = error
      }
    }
  }

  /// Whether the copy was made since it was last asked.
  func haveCut() throws -> Bool {
    let done = cut.withLock { cut in
      defer { cut = Cut() }
      return cut
    }
    if let failure = done.failure { throw failure }
    return done.isDone
  }
}

/// How often things happened in arenas.
struct RandomArenaCounts {
  var cycles = 0
  var kills = 0
  /// New entries, and orders sent again by a later run.
  var entries = 0
  var again = 0
  /// Kill switches that fired and that were reset.
  var fired = 0
  var over = 0
  /// Cycles with something held outside of nof0.
  var outside = 0
  /// Times a trader's money changed by a flow.
  var flows = 0
  /// Σ over the cycles of open positions.
  var positions = 0

  static func += (left: inout RandomArenaCounts, right: RandomArenaCounts) {
    left.cycles += right.cycles
    left.kills += right.kills
    left.entries += right.entries
    left.again += right.again
    left.fired += right.fired
    left.over += right.over
    left.outside += right.outside
    left.flows += right.flows
    left.positions += right.positions
  }
}
