import Foundation
import Glibc
import Synchronization

/// A static file server on the loopback, with a few files in memory.
///
/// A file may have several versions: each request gets the next one, the last one for ever.
final class DashboardSite: Sendable {
  /// A failed system call.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The files and who asked for them; the threads hold it without holding the server.
  private final class Shelf: Sendable {
    struct Content {
      var versions: [String: [[UInt8]]]
      var asked: [String] = []
    }

    let content: Mutex<Content>

    init(_ versions: [String: [[UInt8]]]) { content = Mutex(Content(versions: versions)) }

    /// The next version of a file; `nil` = there is no such file.
    func take(_ path: String) -> [UInt8]? {
      content.withLock { content in
        content.asked.append(path)
        guard var versions = content.versions[path], let next = versions.first else {
          return nil
        }
        if versions.count > 1 {
          versions.removeFirst()
          content.versions[path] = versions
        }
        return next
      }
    }
  }

  /// Where it listens, without a slash at the end.
  let address: String
  private let listener: Int32
  private let shelf: Shelf

  /// Begins to serve.
  ///
  /// - Parameter files: Versions by path, without a slash at the beginning.
  /// - Throws: `Failure` when there is no port to be had.
  init(_ files: [String: [[UInt8]]]) throws {
    let shelf = Shelf(files)
    self.shelf = shelf
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isOpen = withUnsafeMutablePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        listener >= 0 && bind(listener, address, size) == 0 && listen(listener, 64) == 0
          && getsockname(listener, address, &size) == 0
      }
    }
    guard isOpen else { throw Failure(description: "cannot listen: errno \(errno)") }
    address = "http://127.0.0.1:\(UInt16(bigEndian: place.sin_port))"
    Thread.detachNewThread {
      while true {
        let visitor = accept(listener, nil, nil)
        guard visitor >= 0 else { return }
        Thread.detachNewThread { Self.serve(visitor, shelf.take) }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// Paths that were asked for, in their order.
  var asked: [String] { shelf.content.withLock { $0.asked } }

  private static func serve(_ visitor: Int32, _ answer: (String) -> [UInt8]?) {
    defer { close(visitor) }
    var head: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !head.ends(with: Array("\r\n\r\n".utf8)) {
      let count = recv(visitor, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      head += buffer[..<count]
    }
    let words = String(decoding: head, as: UTF8.self).split(separator: " ", maxSplits: 2)
    guard words.count == 3 else { return }
    var path = words[1].prefix { $0 != "?" }.dropFirst()
    if path.isEmpty || path.hasSuffix("/") { path += "index.html" }
    let body = answer(String(path))
    let type = path.hasSuffix(".json") ? "application/json" : "text/html; charset=utf-8"
    let reply =
      "HTTP/1.1 \(body == nil ? "404 Not Found" : "200 OK")\r\nContent-Type: \(type)\r\n"
      + "Content-Length: \(body?.count ?? 0)\r\nConnection: close\r\n\r\n"
    let bytes = Array(reply.utf8) + (body ?? [])
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(visitor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}

extension [UInt8] {
  fileprivate func ends(with tail: [UInt8]) -> Bool { suffix(tail.count) == tail[...] }
}
