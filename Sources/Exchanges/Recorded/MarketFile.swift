import CZlib
import Glibc

/// Reads a whole file, plain or gzip, into memory.
enum MarketFile {
  /// The most bytes that a file may hold once unpacked: half a gigabyte.
  static let maxBytes = 512 * 1024 * 1024

  /// The first bytes of the file, at most `limit`; the file must unpack without error as far as
  /// it is read.
  static func contents(
    of path: String, limit: Int = maxBytes
  ) throws(MarketDataError) -> [UInt8] {
    guard let file = gzopen(path, "rb") else {
      throw .unreadable(path: path, cause: String(cString: strerror(errno)))
    }
    defer { gzclose(file) }
    gzbuffer(file, UInt32(min(limit, 128 * 1024)))
    var bytes: [UInt8] = []
    var filled = 0
    while filled < limit {
      let room = min(max(256 * 1024, filled), limit - filled)
      bytes.append(contentsOf: repeatElement(0, count: filled + room - bytes.count))
      let count = bytes.withUnsafeMutableBytes { buffer in
        gzread(file, buffer.baseAddress.map { $0 + filled }, UInt32(room))
      }
      if count < 0 { throw .unreadable(path: path, cause: cause(file)) }
      if count == 0 { break }
      filled += Int(count)
    }
    if path.hasSuffix(".gz"), filled > 0, gzdirect(file) == 1 {
      throw .unreadable(path: path, cause: "expected gzip data, as the name ends in .gz")
    }
    var status = Z_OK
    _ = gzerror(file, &status)
    if status == Z_BUF_ERROR, filled < limit {
      throw .unreadable(path: path, cause: "expected more data, the gzip stream ends too early")
    }
    if filled == maxBytes {
      throw .unreadable(path: path, cause: "expected less than \(maxBytes) bytes when unpacked")
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  /// The names in a directory, sorted.
  static func names(in directory: String) throws(MarketDataError) -> [String] {
    guard let stream = opendir(directory) else {
      throw .unreadable(path: directory, cause: String(cString: strerror(errno)))
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      names.append(name)
    }
    return names.sorted()
  }

  private static func cause(_ file: gzFile) -> String {
    var status = Z_OK
    let text = gzerror(file, &status).map { String(cString: $0) } ?? ""
    switch status {
    case Z_BUF_ERROR: return "expected more data, the gzip stream ends too early"
    case Z_DATA_ERROR: return "expected intact gzip data (\(text))"
    default: return text
    }
  }
}
