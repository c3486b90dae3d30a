import Glibc

/// What a cassette holds: one exchange a line.
struct CassetteFile {
  /// The exchanges in order of their end.
  let exchanges: [CassetteExchange]
  /// Bytes up to the end of the last whole line.
  let wholeBytes: Int
  /// What was left out and why.
  let diagnostics: [String]

  /// Reads a cassette; a last line that was not finished is left out.
  init(_ bytes: [UInt8], path: String) throws(WireError) {
    var exchanges: [CassetteExchange] = []
    var start = 0
    var line = 1
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      guard let exchange = CassetteLine.exchange(of: Array(bytes[start..<end])) else {
        throw .cassette(
          "\(path):\(line): expected an exchange as `Recorder` writes it; record anew")
      }
      exchanges.append(exchange)
      start = end + 1
      line += 1
    }
    self.exchanges = exchanges
    wholeBytes = start
    diagnostics =
      start == bytes.count
      ? []
      : [
        "\(path):\(line): the last line was not finished, as after a crash; its "
          + "\(bytes.count - start) bytes are left out"
      ]
  }

  /// The bytes of an open file from its beginning.
  static func contents(of file: Int32, path: String) throws(WireError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = pread(file, &buffer, buffer.count, off_t(bytes.count))
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw problem("be read", path)
      }
      bytes += buffer[..<count]
    }
  }

  /// What the last system call says.
  static func problem(_ what: String, _ path: String) -> WireError {
    .cassette("\(path) cannot \(what): \(String(cString: strerror(errno)))")
  }
}
