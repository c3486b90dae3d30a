import Glibc

/// Non-blocking TCP sockets on 127.0.0.1.
enum Socket {
  /// What came of reading or writing.
  enum Progress {
    /// So many bytes.
    case moved(Int)
    /// Nothing now; ask again when poll says so.
    case later
    /// The other side is gone.
    case gone
  }

  /// A listening socket on a free port; `nil` with `errno` set when there is none.
  static func listen() -> (descriptor: Int32, port: Int)? {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { return nil }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && Glibc.listen(descriptor, 4096) == 0
          && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard isBound else {
      Glibc.close(descriptor)
      return nil
    }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  /// The next connection; `nil` when nobody waits.
  static func accept(from listener: Int32) -> Int32? {
    let descriptor = Glibc.accept(listener, nil, nil)
    guard descriptor >= 0 else { return nil }
    // Child processes must not hold connections open.
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    var on: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    return descriptor
  }

  static func read(_ descriptor: Int32, into buffer: inout [UInt8]) -> Progress {
    progress(of: recv(descriptor, &buffer, buffer.count, 0))
  }

  static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Progress {
    bytes.withUnsafeBytes {
      progress(of: send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)))
    }
  }

  static func close(_ descriptor: Int32, _ ending: Ending) {
    if ending == .reset {
      var now = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    }
    Glibc.close(descriptor)
  }

  /// Admits at least so many open files, as far as the system lets us.
  static func admitDescriptors(_ count: UInt) {
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur < count else { return }
    limit.rlim_cur = min(count, limit.rlim_max)
    setrlimit(kind, &limit)
  }

  private static func progress(of count: Int) -> Progress {
    if count > 0 { return .moved(count) }
    if count < 0, errno == EAGAIN || errno == EINTR { return .later }
    return .gone
  }
}
