/// A request as it came over the wire.
struct HTTPRequestBytes {
  let method: String
  let path: String
  /// Names in lower case.
  let headers: [String: String]
  let body: [UInt8]

  /// The greatest request that is read, bytes.
  static let limit = 4 << 20

  /// The first whole request of some bytes, and how many it took; `nil` = more must come.
  static func first(of bytes: [UInt8]) -> (request: HTTPRequestBytes, count: Int)? {
    guard let headEnd = end(ofHead: bytes) else { return nil }
    let head = String(decoding: bytes[..<(headEnd - 4)], as: UTF8.self)
    let lines = head.split(separator: "\r\n", omittingEmptySubsequences: true)
    let words = lines.first?.split(separator: " ") ?? []
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      headers[line[..<colon].lowercased()] = String(value)
    }
    let count = headers["content-length"].flatMap { Int($0) } ?? 0
    guard bytes.count >= headEnd + count else { return nil }
    let request = HTTPRequestBytes(
      method: words.first.map(String.init) ?? "",
      path: words.count > 1 ? String(words[1]) : "", headers: headers,
      body: Array(bytes[headEnd..<(headEnd + count)]))
    return (request, headEnd + count)
  }

  /// Whether the client waits for leave to send its body.
  static func expectsContinue(_ bytes: [UInt8]) -> Bool {
    guard let headEnd = end(ofHead: bytes), headEnd == bytes.count else { return false }
    return String(decoding: bytes, as: UTF8.self).lowercased().contains("expect: 100-continue")
  }

  private static func end(ofHead bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    for index in 3..<bytes.count
    where bytes[index] == 10 && bytes[index - 1] == 13 && bytes[index - 2] == 10
      && bytes[index - 3] == 13
    {
      return index + 1
    }
    return nil
  }
}
