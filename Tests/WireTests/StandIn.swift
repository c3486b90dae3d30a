import Foundation
import Glibc
import Synchronization

/// A small HTTP server on loopback that does what a test tells it, each connection on its thread.
final class StandIn: Sendable {
  /// What happens with one request, one step after the other.
  enum Step: Sendable {
    /// Sends bytes as they are.
    case send([UInt8])
    /// Closes the connection.
    case close
    /// Closes it with a reset.
    case reset
    /// Sends one byte at a time for as long as somebody takes them.
    case trickle
    /// Sends nothing until the other side hangs up.
    case hang
    /// Waits until as many requests have come.
    case awaitRequests(Int)
  }

  /// What came in.
  struct Arrival: Sendable {
    /// Its number on this server, from 0.
    let number: Int
    /// Its number on its connection, from 0.
    let onConnection: Int
    let head: String
    let body: [UInt8]

    func has(_ line: String) -> Bool {
      head.lowercased().contains("\r\n" + line.lowercased())
    }
  }

  enum Event: Sendable, Equatable {
    case requested
    case hungUp
  }

  let port: UInt16

  private let listener: Int32
  private let events: AsyncStream<Event>
  private let happened: AsyncStream<Event>.Continuation
  private let log = Mutex(Log())
  private let script: @Sendable (Arrival) -> [Step]

  private struct Log {
    var arrivals: [Arrival] = []
    var connections = 0
  }

  init(_ script: @escaping @Sendable (Arrival) -> [Step]) throws {
    self.script = script
    (events, happened) = AsyncStream.makeStream()
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let file = listener
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(file, $0, length) == 0 && listen(file, 1024) == 0
          && getsockname(file, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isBound else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    Thread.detachNewThread { [self] in accept() }
  }

  /// The address of a path on this server.
  func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

  var arrivals: [Arrival] { log.withLock { $0.arrivals } }

  /// What happens next; waits for it.
  func nextEvent() async -> Event? {
    var iterator = events.makeAsyncIterator()
    return await iterator.next()
  }

  var connections: Int { log.withLock { $0.connections } }

  /// Ends the listening; connections end with their peers.
  func stop() {
    // The thread that listens closes it: its number must not name another server's meanwhile.
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func accept() {
    defer { Glibc.close(listener) }
    while true {
      let peer = Glibc.accept(listener, nil, nil)
      guard peer >= 0 else { return }
      log.withLock { $0.connections += 1 }
      Thread.detachNewThread { [self] in serve(peer) }
    }
  }

  private func serve(_ peer: Int32) {
    defer { Glibc.close(peer) }
    var pending: [UInt8] = []
    var count = 0
    while let (head, body) = readRequest(peer, &pending) {
      let arrival = log.withLock { log in
        let arrival = Arrival(
          number: log.arrivals.count, onConnection: count, head: head, body: body)
        log.arrivals.append(arrival)
        return arrival
      }
      count += 1
      happened.yield(.requested)
      for step in script(arrival) where !perform(step, peer) { return }
    }
    happened.yield(.hungUp)
  }

  /// `false` when the connection is over.
  private func perform(_ step: Step, _ peer: Int32) -> Bool {
    switch step {
    case .send(let bytes): return write(bytes, peer)
    case .close: return false
    case .reset:
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(peer, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      return false
    case .trickle:
      while write([0x2E], peer) { usleep(5000) }
      happened.yield(.hungUp)
      return false
    case .hang:
      var byte: UInt8 = 0
      while recv(peer, &byte, 1, 0) > 0 {}
      happened.yield(.hungUp)
      return false
    case .awaitRequests(let count):
      while log.withLock({ $0.arrivals.count }) < count { usleep(1000) }
      return true
    }
  }

  private func write(_ bytes: [UInt8], _ peer: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  private func readRequest(_ peer: Int32, _ pending: inout [UInt8]) -> (String, [UInt8])? {
    var buffer = [UInt8](repeating: 0, count: 16384)
    while true {
      if let end = pending.firstRange(of: Array("\r\n\r\n".utf8)) {
        let head = String(decoding: pending[..<end.upperBound], as: UTF8.self)
        let length =
          head.lowercased().split(separator: "\r\n")
          .first { $0.hasPrefix("content-length:") }
          .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        if pending.count >= end.upperBound + length {
          let body = Array(pending[end.upperBound..<end.upperBound + length])
          pending.removeFirst(end.upperBound + length)
          return (head, body)
        }
      }
      let count = recv(peer, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      pending += buffer[..<count]
    }
  }
}

/// An answer with its length told.
func answer(
  _ status: String = "200 OK", _ headers: [String] = [], body: [UInt8] = []
) -> StandIn.Step {
  let lines = ["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.count)", "", ""]
  return .send(Array(lines.joined(separator: "\r\n").utf8) + body)
}

/// Bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

extension StandIn {
  /// Lets a test use a server, and ends it.
  static func serving<Value>(
    _ script: @escaping @Sendable (Arrival) -> [Step],
    use: (StandIn) async throws -> Value
  ) async throws -> Value {
    let server = try StandIn(script)
    defer { server.stop() }
    return try await use(server)
  }
}

/// Counts from 1.
final class Counter: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}
