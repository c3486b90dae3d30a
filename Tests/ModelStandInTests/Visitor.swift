import Glibc
import ModelStandIn
import Testing

/// A client of the plainest kind: one socket, blocking, no library.
final class Visitor {
  /// What came back.
  struct Answer {
    let status: Int
    let headers: [String]
    let body: [UInt8]
    /// Whether the body came as long as its head had said.
    let isWhole: Bool

    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? {
      let start = name.lowercased() + ": "
      return headers.first { $0.lowercased().hasPrefix(start) }
        .map { String($0.dropFirst(start.count)) }
    }
  }

  private var descriptor: Int32

  init(_ server: ModelServer) throws {
    let port = try #require(server.port)
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(code == 0, "expected to connect, was errno \(errno)")
    // A test that waits for what never comes ends at last.
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { leave() }

  /// Closes the connection.
  func leave() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
  }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// Sends a request with a body of a stated length.
  func post(_ path: String, _ body: String, headers: [String] = []) {
    let lines = ["POST \(path) HTTP/1.1", "Host: stand-in", "Content-Length: \(body.utf8.count)"]
    send((lines + headers).joined(separator: "\r\n") + "\r\n\r\n" + body)
  }

  /// Bytes until the connection ends; `nil` behind them when it was reset.
  func readToEnd() -> (bytes: [UInt8], isReset: Bool) {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return (all, count < 0 && errno == ECONNRESET) }
      all += buffer[..<count]
    }
  }

  /// The next head alone, with the empty line behind it, read byte by byte.
  func answerHead() throws -> String {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
      let count = recv(descriptor, &byte, 1, 0)
      try #require(count == 1, "expected a head")
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The next answer.
  func answer() throws -> Answer {
    var bytes: [UInt8] = []
    var headEnd: Int?
    while headEnd == nil {
      let hasMore = more(&bytes)
      try #require(hasMore, "expected a head, was \(String(decoding: bytes, as: UTF8.self))")
      headEnd = bytes.indices.first { bytes[$0...].starts(with: [13, 10, 13, 10]) }
    }
    let end = try #require(headEnd)
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
    let status = try #require(lines.first?.split(separator: " ").dropFirst().first)
    let headers = lines.dropFirst().map(String.init)
    var body = Array(bytes[(end + 4)...])
    let head = Answer(status: Int(status) ?? 0, headers: headers, body: [], isWhole: false)
    if let length = head.header("content-length").flatMap({ Int($0) }) {
      while body.count < length, more(&body) {}
      return Answer(
        status: head.status, headers: headers, body: body, isWhole: body.count == length)
    }
    if head.header("transfer-encoding") == "chunked" {
      while !body.suffix(5).elementsEqual("0\r\n\r\n".utf8), more(&body) {}
      let joined = try joined(body)
      return Answer(status: head.status, headers: headers, body: joined, isWhole: true)
    }
    while more(&body) {}
    return Answer(status: head.status, headers: headers, body: body, isWhole: true)
  }

  /// The content of chunks.
  private func joined(_ chunks: [UInt8]) throws -> [UInt8] {
    var content: [UInt8] = []
    var rest = chunks[...]
    while true {
      let line = String(decoding: rest.prefix { $0 != 13 }, as: UTF8.self)
      let count = try #require(Int(line, radix: 16), "expected a chunk, was \(line)")
      rest = rest.dropFirst(line.utf8.count + 2)
      guard count > 0 else { return content }
      content += rest.prefix(count)
      rest = rest.dropFirst(count + 2)
    }
  }

  private func more(_ bytes: inout [UInt8]) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return false }
    bytes += buffer[..<count]
    return true
  }
}

/// Runs a server for the time of a test.
func withServer(_ script: ModelScript, _ work: (ModelServer) throws -> Void) throws {
  let server = ModelServer(script)
  try server.start()
  defer { server.stop() }
  try work(server)
}

/// A chat request with a user message.
func chat(_ model: String, _ text: String = "BTC current_price = 50000", tools: String = "")
  -> String
{
  #"{"model":"\#(model)","messages":[{"role":"system","content":"trade ETH price 1"},"#
    + #"{"role":"user","content":"\#(text)"}]\#(tools)}"#
}
