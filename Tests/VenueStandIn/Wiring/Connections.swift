import Glibc
import Synchronization

/// The sockets of a server: one thread accepts, each connection has a thread of its own.
final class Connections: Sendable {
  private let listener: Int32
  private let answer: @Sendable (HTTPRequestBytes, _ pause: (Duration) -> Void) -> Delivery
  private let shared = Mutex(Shared())

  /// What the threads have in common.
  private struct Shared {
    var isStopping = false
    var open: Set<Int32> = []
    var threads = 0
  }

  /// A thread's work.
  private final class Job {
    let connections: Connections
    let descriptor: Int32
    init(_ connections: Connections, _ descriptor: Int32) {
      self.connections = connections
      self.descriptor = descriptor
    }
  }

  /// - Parameters:
  ///   - listener: A listening socket.
  ///   - answer: Called on a connection's thread for each request; it may pause meanwhile.
  init(
    listener: Int32,
    answer: @escaping @Sendable (HTTPRequestBytes, _ pause: (Duration) -> Void) -> Delivery
  ) {
    self.listener = listener
    self.answer = answer
  }

  /// A listening socket on a port of 127.0.0.1 (0 = a free one); `nil` with `errno` set.
  static func listen(port: Int = 0) -> (descriptor: Int32, port: Int)? {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { return nil }
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && Glibc.listen(descriptor, 512) == 0
          && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard isBound else {
      Glibc.close(descriptor)
      return nil
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  /// Starts the thread that accepts; whether it could.
  func start() -> Bool { spawn(listener) { $0.connections.accept() } }

  /// Ends every connection and waits until their threads are gone.
  func stop() {
    halt()
    while shared.withLock({ $0.threads > 0 }) { usleep(200) }
  }

  /// Ends every connection without waiting; for the threads of the connections themselves.
  func halt() {
    shared.withLock { shared in
      guard !shared.isStopping else { return }
      shared.isStopping = true
      shutdown(listener, Int32(SHUT_RDWR))
      for descriptor in shared.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }

  private func spawn(_ descriptor: Int32, _ work: @escaping (Job) -> Void) -> Bool {
    shared.withLock { $0.threads += 1 }
    let box = Work(job: Job(self, descriptor), run: work)
    let pointer = Unmanaged.passRetained(box).toOpaque()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, &attributes,
      { pointer in
        guard let pointer else { return nil }
        let work = Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue()
        work.run(work.job)
        work.job.connections.leave()
        return nil
      }, pointer)
    if code != 0 {
      Unmanaged<Work>.fromOpaque(pointer).release()
      leave()
    }
    return code == 0
  }

  /// What a thread is started with.
  private final class Work {
    let job: Job
    let run: (Job) -> Void
    init(job: Job, run: @escaping (Job) -> Void) {
      self.job = job
      self.run = run
    }
  }

  private func leave() { shared.withLock { $0.threads -= 1 } }

  private var isStopping: Bool { shared.withLock { $0.isStopping } }

  private func accept() {
    defer { close(listener) }
    while !isStopping {
      let descriptor = Glibc.accept(listener, nil, nil)
      guard descriptor >= 0 else {
        if errno == EINTR || errno == ECONNABORTED { continue }
        // Out of descriptors passes; a closed listener ends in the condition above.
        usleep(1000)
        continue
      }
      // Child processes must not hold connections open.
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      var on: Int32 = 1
      setsockopt(
        descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
      let isWelcome = shared.withLock { shared in
        if !shared.isStopping { shared.open.insert(descriptor) }
        return !shared.isStopping
      }
      guard isWelcome, spawn(descriptor, { $0.connections.serve($0.descriptor) }) else {
        end(descriptor, .reset)
        continue
      }
    }
  }

  private func serve(_ descriptor: Int32) {
    var bytes: [UInt8] = []
    while let request = read(descriptor, &bytes) {
      let delivery = answer(request) { pause(descriptor, $0) }
      pause(descriptor, delivery.delay)
      if !delivery.bytes.isEmpty, !write(delivery.bytes, to: descriptor) {
        end(descriptor, .closed)
        return
      }
      switch delivery.ending {
      case .kept:
        guard request.headers["connection"]?.lowercased() != "close" else {
          end(descriptor, .closed)
          return
        }
      case .closed, .reset:
        end(descriptor, delivery.ending)
        return
      case .silent: awaitDeparture(descriptor)
      }
    }
    end(descriptor, .closed)
  }

  private func read(_ descriptor: Int32, _ bytes: inout [UInt8]) -> HTTPRequestBytes? {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count < HTTPRequestBytes.limit {
      if let (request, count) = HTTPRequestBytes.first(of: bytes) {
        bytes.removeFirst(count)
        return request
      }
      if HTTPRequestBytes.expectsContinue(bytes) {
        guard write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), to: descriptor) else {
          return nil
        }
      }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      bytes.append(contentsOf: buffer[..<count])
    }
    return nil
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Waits so long, or until the server stops.
  private func pause(_ descriptor: Int32, _ span: Duration) {
    let (seconds, attoseconds) = span.components
    var rest = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    while rest > 0, !isStopping {
      usleep(UInt32(min(rest, 20) * 1000))
      rest -= 20
    }
  }

  private func awaitDeparture(_ descriptor: Int32) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while recv(descriptor, &buffer, buffer.count, 0) > 0 {}
  }

  private func end(_ descriptor: Int32, _ ending: Delivery.Ending) {
    shared.withLock { shared in
      shared.open.remove(descriptor)
      if ending == .reset {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
      }
      close(descriptor)
    }
  }
}
