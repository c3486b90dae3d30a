import Synchronization
import Wire

/// A clock that goes on only when somebody sleeps.
final class StoppedClock: Sendable {
  private let state = Mutex((now: Int64(0), naps: [Int64]()))

  var now: Int64 { state.withLock { $0.now } }
  var naps: [Int64] { state.withLock { $0.naps } }

  func sleep(_ span: Duration) async throws {
    try Task.checkCancellation()
    let ms = Int64(span / .milliseconds(1))
    state.withLock {
      $0.now += ms
      $0.naps.append(ms)
    }
  }

  func limit() -> RateLimit {
    RateLimit(now: { [self] in now }, sleep: { [self] in try await sleep($0) })
  }
}

/// Counts what runs at once.
final class Crowd: Sendable {
  private let count = Mutex((now: 0, most: 0, all: 0))

  var most: Int { count.withLock { $0.most } }
  var all: Int { count.withLock { $0.all } }

  func enter() {
    count.withLock {
      $0.now += 1
      $0.all += 1
      $0.most = max($0.most, $0.now)
    }
  }

  func leave() { count.withLock { $0.now -= 1 } }
}

/// What many tasks write down in order.
final class Notes<Note: Sendable>: Sendable {
  private let notes = Mutex<[Note]>([])

  var all: [Note] { notes.withLock { $0 } }
  func add(_ note: Note) { notes.withLock { $0.append(note) } }
}

/// Holds work until it is let go.
final class Hold: Sendable {
  private let (stream, release) = AsyncStream.makeStream(of: Void.self)

  func wait() async { for await _ in stream { return } }
  func letGo() { release.finish() }
}
