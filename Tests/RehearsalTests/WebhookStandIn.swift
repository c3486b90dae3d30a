import Foundation
import Glibc
import Synchronization

/// A small HTTP server on loopback for messages about alerts, each connection on its thread.
final class WebhookStandIn: Sendable {
  /// What happens with one message.
  enum Answer: Sendable {
    /// A status with header lines and a body.
    case status(Int, headers: [String] = [], body: String = "ok")
    /// Nothing, until the other side hangs up.
    case hang
    /// The connection ends.
    case drop
  }

  /// A message that came.
  struct Message: Sendable {
    let path: String
    let head: String
    let body: String

    /// A field of the JSON object that it is.
    func field(_ name: String) -> Any? {
      let object = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
      return object?[name]
    }

    func text(_ name: String) -> String { field(name) as? String ?? "" }
  }

  let port: UInt16
  private let listener: Int32
  private let contents: Mutex<Contents>

  private struct Contents {
    var messages: [Message] = []
    var answer: @Sendable (Message) -> Answer
  }

  init(_ answer: @escaping @Sendable (Message) -> Answer = { _ in .status(200) }) throws {
    contents = Mutex(Contents(answer: answer))
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let file = listener
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(file, $0, length) == 0 && listen(file, 64) == 0
          && getsockname(file, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isBound else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    Thread.detachNewThread { [weak self] in
      while let connection = Self.accept(file) {
        guard let server = self else { break }
        Thread.detachNewThread { server.serve(connection) }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// Everything that came, in order.
  var messages: [Message] { contents.withLock { $0.messages } }

  /// What came to a path, in order.
  func messages(to path: String) -> [Message] { messages.filter { $0.path == path } }

  /// Answers otherwise from now on.
  func answer(_ answer: @escaping @Sendable (Message) -> Answer) {
    contents.withLock { $0.answer = answer }
  }

  func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  private static func accept(_ listener: Int32) -> Int32? {
    let connection = Glibc.accept(listener, nil, nil)
    return connection >= 0 ? connection : nil
  }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    guard let message = Self.read(connection) else { return }
    let answer = contents.withLock { contents in
      contents.messages.append(message)
      return contents.answer
    }(message)
    switch answer {
    case .drop: return
    case .hang:
      var byte: UInt8 = 0
      while recv(connection, &byte, 1, 0) > 0 {}
    case .status(let status, let headers, let body):
      let lines =
        ["HTTP/1.1 \(status) X", "Content-Length: \(body.utf8.count)", "Connection: close"]
        + headers + ["", body]
      let bytes = Array(lines.joined(separator: "\r\n").utf8)
      _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
  }

  private static func read(_ connection: Int32) -> Message? {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      received += buffer[..<count]
      let text = String(decoding: received, as: UTF8.self)
      guard let end = text.firstRange(of: "\r\n\r\n") else { continue }
      let head = String(text[..<end.lowerBound])
      let body = String(text[end.upperBound...])
      let line = head.split(separator: "\r\n").first {
        $0.lowercased().hasPrefix("content-length:")
      }
      let length = line.flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
      guard body.utf8.count >= length else { continue }
      let path = head.split(separator: " ").dropFirst().first.map(String.init) ?? ""
      return Message(path: path, head: head, body: body)
    }
  }
}
