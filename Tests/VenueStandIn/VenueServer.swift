import Glibc
import Synchronization
package import Trading

/// A stand-in for Hyperliquid on 127.0.0.1, written from the protocol's facts alone.
///
/// It verifies signatures and wire formats, keeps real books, and fails as told. Everything may be
/// called from any thread at any time. What it cannot know of the real venue is in its properties.
package final class VenueServer: Sendable {
  let state: Mutex<VenueState>
  private let running = Mutex<Running?>(nil)

  private struct Running {
    let port: Int
    let connections: Connections
  }

  /// A venue that is not started yet.
  ///
  /// - Parameters:
  ///   - seed: Prices, funding and sizes follow from it.
  ///   - coins: The universe in the order of asset ids.
  ///   - start: The venue's time at the start.
  ///   - isMainnet: Which network's signatures it accepts.
  ///   - isFrozen: Whether its time stands still until it is set; otherwise it runs.
  package init(
    seed: UInt64, coins: [VenueCoin] = VenueCoin.standard, start: Timestamp,
    isMainnet: Bool = false, isFrozen: Bool = false
  ) {
    state = Mutex(
      VenueState(
        seed: seed, coins: coins, start: start, isMainnet: isMainnet, isFrozen: isFrozen))
  }

  deinit {
    // The last to let go may be a connection's thread, which cannot wait for itself.
    running.withLock { $0 }?.connections.halt()
  }

  /// Starts serving on a free port; the port of the first start when it is running already.
  @discardableResult package func start() throws(VenueStartFailure) -> Int {
    let outcome: Result<Int, VenueStartFailure> = running.withLock { running in
      if let running { return .success(running.port) }
      guard let (listener, port) = Connections.listen() else {
        return .failure(VenueStartFailure(operation: "listen on 127.0.0.1", code: errno))
      }
      // Not the server itself: its deinit stops the threads that would keep it.
      let desk = FrontDesk(self)
      let connections = Connections(listener: listener) { desk.answer($0, pause: $1) }
      guard connections.start() else {
        close(listener)
        return .failure(VenueStartFailure(operation: "start a thread", code: errno))
      }
      running = Running(port: port, connections: connections)
      return .success(port)
    }
    return try outcome.get()
  }

  /// Ends all connections and stops serving; books and logs stay.
  ///
  /// It waits until the last request under way is done.
  package func stop() {
    let stopped = running.withLock { running in
      defer { running = nil }
      return running
    }
    stopped?.connections.stop()
  }

  /// `http://127.0.0.1:PORT`; it must be running.
  package var baseURL: String {
    guard let port = running.withLock({ $0?.port }) else {
      preconditionFailure("expected a running venue, was a stopped one")
    }
    return "http://127.0.0.1:\(port)"
  }
}

/// Why a venue could not start.
package struct VenueStartFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was tried.
  package let operation: String
  /// The code of the system.
  package let code: Int32

  /// The failure in words.
  package var description: String {
    "expected to \(operation), was \(String(cString: strerror(code)))"
  }
}
