import Glibc

/// Reads and writes the files of a configuration.
enum BenchFiles {
  /// The text of a file; `nil` when it cannot be read.
  static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes files by name into a new folder; `false` when that fails or there are none.
  static func write(_ files: [String: String]?, to folder: String) -> Bool {
    guard let files, mkdir(folder, 0o755) == 0 else { return false }
    for (name, text) in files.sorted(by: { $0.key < $1.key }) {
      guard let file = fopen("\(folder)/\(name)", "w") else { return false }
      defer { fclose(file) }
      guard fputs(text, file) >= 0 else { return false }
    }
    return true
  }
}
