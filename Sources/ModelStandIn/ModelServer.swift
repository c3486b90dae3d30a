import Glibc
import Synchronization

/// A server on 127.0.0.1 that answers like language models, as well or as badly as a script says.
///
/// It speaks HTTP/1.1 from one thread of its own, holds thousands of connections, and keeps count.
/// Every property may be read from any thread at any time.
package final class ModelServer: Sendable {
  private let log: RequestLog
  private let running = Mutex<Running?>(nil)

  private struct Running {
    let port: Int
    let thread: pthread_t
    /// Closing it stops the thread.
    let stopper: Int32
  }

  /// A server that is not started yet.
  package init(_ script: ModelScript = ModelScript()) {
    log = RequestLog(script: script)
  }

  deinit { stop() }

  /// Starts serving on a free port.
  ///
  /// The limit of open files of this process is raised to 4096 if it is below.
  ///
  /// - Returns: The port; that of the first start when it is running already.
  @discardableResult package func start() throws(StandInFailure) -> Int {
    let outcome: Result<Int, StandInFailure> = running.withLock { running in
      if let running { return .success(running.port) }
      do throws(StandInFailure) {
        let started = try Self.launch(log)
        running = started
        return .success(started.port)
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  /// Resets all connections and stops serving; what was counted stays.
  package func stop() {
    let stopped = running.withLock { running in
      defer { running = nil }
      return running
    }
    guard let stopped else { return }
    close(stopped.stopper)
    pthread_join(stopped.thread, nil)
  }

  private static func launch(_ log: RequestLog) throws(StandInFailure) -> Running {
    Socket.admitDescriptors(4096)
    guard let (listener, port) = Socket.listen() else {
      throw StandInFailure(operation: "listen on 127.0.0.1", code: errno)
    }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      let code = errno
      close(listener)
      throw StandInFailure(operation: "make a pipe", code: code)
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let loop = EventLoop(log: log, listener: listener, stopSignal: ends[0])
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<EventLoop>.fromOpaque(pointer).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(loop).toOpaque())
    guard code == 0 else { throw StandInFailure(operation: "start a thread", code: code) }
    return Running(port: port, thread: thread, stopper: ends[1])
  }
}

extension ModelServer {
  /// The port; `nil` = it is not running.
  package var port: Int? { running.withLock { $0?.port } }

  /// `http://127.0.0.1:PORT`, without a slash at the end; with a part, that part's address.
  ///
  /// It must be running.
  package func address(of part: String? = nil) -> String {
    guard let port else { preconditionFailure("expected a running server, was a stopped one") }
    let host = "http://127.0.0.1:\(port)"
    return part.map { "\(host)/as/\($0)" } ?? host
  }

  /// Follows another script from its first turns on; requests under way keep their turns.
  package func play(_ script: ModelScript) { log.play(script) }

  /// All requests in the order of arrival; empty with ``ModelScript/Reading/names``.
  package var requests: [ReceivedRequest] { log.with { $0.requests } }

  /// What all requests add up to.
  package var total: RequestTotals { log.with { $0.total } }

  /// What the requests of each part add up to, by part.
  package var totals: [String: RequestTotals] { log.with { $0.totals } }

  /// What the requests of a part add up to.
  package func totals(of part: String) -> RequestTotals {
    log.with { $0.totals[part] ?? RequestTotals() }
  }

  /// Connections accepted, those that were reset at once included.
  package var connections: Int { log.with { $0.connections } }

  /// The most connections that were open at the same time.
  package var mostConnections: Int { log.with { $0.mostConnections } }

  /// Waits until what all requests add up to fulfils a condition.
  ///
  /// It blocks the calling thread; what it waits for happens on the server's own.
  ///
  /// - Returns: Whether it was fulfilled within the limit.
  package func waits(
    atMost limit: Duration = .seconds(10), for condition: (RequestTotals) -> Bool
  ) -> Bool {
    let end = log.elapsed + limit
    while !condition(total) {
      guard log.elapsed < end else { return false }
      usleep(500)
    }
    return true
  }
}

/// Why a server could not start.
package struct StandInFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was tried.
  package let operation: String
  /// The code of the system.
  package let code: Int32

  /// The failure in words.
  package var description: String {
    "expected to \(operation), was \(String(cString: strerror(code)))"
  }
}
