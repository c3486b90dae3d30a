/// A request as it came.
struct HTTPQuestion {
  let method: String
  /// The path without query.
  let path: String
  /// Header lines in order.
  let headers: [ReceivedHeader]
  var body: [UInt8] = []

  /// The value of the first header of that name, whatever its case.
  func header(_ name: String) -> String? {
    let name = name.lowercased()
    return headers.first { $0.name.lowercased() == name }?.value
  }

  /// Whether the client may send another request on the connection.
  var keepsAlive: Bool { header("connection")?.lowercased() != "close" }

  /// The part named by header or path, and the rest of the path.
  var part: (name: String?, path: String) {
    let inPath = path.hasPrefix("/as/") ? path.dropFirst(4).prefix { $0 != "/" } : nil
    let rest = inPath.map { String(path.dropFirst(4 + $0.count)) }
    return (header("x-stand-in") ?? inPath.map(String.init), rest ?? path)
  }
}

/// Takes requests from a stream of bytes.
struct RequestParser {
  /// What came out of the bytes so far.
  enum Progress {
    /// More bytes are needed.
    case incomplete
    /// The head is read for the first time; the body may follow.
    case head(HTTPQuestion)
    /// A whole request; bytes behind it are kept for the next one.
    case request(HTTPQuestion)
    /// This is not HTTP, or it is too long.
    case refused(Refusal)
  }

  private static let maxHeadBytes = 64 << 10
  private static let maxBodyBytes = 64 << 20

  private var buffer: [UInt8] = []
  /// Bytes of the buffer already searched for the end of a head.
  private var searched = 0
  private var current: HTTPQuestion?
  private var length: BodyLength = .known(0)

  private enum BodyLength {
    case known(Int)
    case chunked
  }

  /// Takes bytes that arrived.
  mutating func take(_ bytes: some Sequence<UInt8>) { buffer.append(contentsOf: bytes) }

  /// What can be said now; to be asked again after everything but `incomplete` and `refused`.
  mutating func next() -> Progress {
    guard let current else { return readHead() }
    switch length {
    case .known(let count):
      guard buffer.count >= count else { return .incomplete }
      return finish(current, body: Array(buffer[..<count]), end: count)
    case .chunked:
      return readChunks(of: current)
    }
  }

  private mutating func finish(
    _ request: HTTPQuestion, body: [UInt8], end: Int
  ) -> Progress {
    buffer.removeSubrange(..<end)
    current = nil
    searched = 0
    var whole = request
    whole.body = body
    return .request(whole)
  }

  private mutating func readHead() -> Progress {
    guard let end = headEnd() else {
      guard buffer.count <= Self.maxHeadBytes else {
        return .refused(Refusal(status: 431, message: "the head is too long"))
      }
      return .incomplete
    }
    let text = String(decoding: buffer[..<end], as: UTF8.self)
    let lines = text.split(separator: "\r\n")
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
      return .refused(Refusal(status: 400, message: "expected a request line"))
    }
    let headers = lines.dropFirst().map { line in
      let name = line.prefix { $0 != ":" }
      let value = line.dropFirst(name.count + 1).drop { $0 == " " || $0 == "\t" }
      return ReceivedHeader(name: String(name), value: String(value))
    }
    let request = HTTPQuestion(
      method: String(words[0]), path: String(words[1].prefix { $0 != "?" }), headers: headers)
    if request.header("transfer-encoding")?.lowercased() == "chunked" {
      length = .chunked
    } else {
      let stated = request.header("content-length") ?? "0"
      guard let count = Int(stated), (0...Self.maxBodyBytes).contains(count) else {
        return .refused(Refusal(status: 413, message: "Content-Length was \(stated)"))
      }
      length = .known(count)
      buffer.reserveCapacity(end + 4 + count)
    }
    buffer.removeSubrange(..<(end + 4))
    searched = 0
    current = request
    return .head(request)
  }

  /// Where the empty line begins.
  private mutating func headEnd() -> Int? {
    let mark: [UInt8] = [13, 10, 13, 10]
    var index = searched
    while index + 4 <= buffer.count {
      if buffer[index] == 13, buffer[index..<(index + 4)].elementsEqual(mark) { return index }
      index += 1
    }
    searched = index
    return nil
  }

  private mutating func readChunks(of request: HTTPQuestion) -> Progress {
    var body: [UInt8] = []
    var index = 0
    while let lineEnd = lineEnd(from: index) {
      let line = String(decoding: buffer[index..<lineEnd], as: UTF8.self)
      guard let count = Int(line.prefix { $0 != ";" }, radix: 16), count >= 0,
        body.count + count <= Self.maxBodyBytes
      else { return .refused(Refusal(status: 400, message: "expected a chunk, was \(line)")) }
      let start = lineEnd + 2
      guard buffer.count >= start + count + 2 else { return .incomplete }
      if count == 0 { return finish(request, body: body, end: start + 2) }
      body += buffer[start..<(start + count)]
      index = start + count + 2
    }
    return .incomplete
  }

  private func lineEnd(from start: Int) -> Int? {
    var index = start
    while index + 1 < buffer.count {
      if buffer[index] == 13, buffer[index + 1] == 10 { return index }
      index += 1
    }
    return nil
  }
}
