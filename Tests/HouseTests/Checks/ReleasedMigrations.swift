/// A migration that was released is never edited: the databases out there already ran it.
enum ReleasedMigrations {
  /// Compares the released migrations with their files.
  ///
  /// - Parameters:
  ///   - list: Lines `CHECKSUM PATH`; empty lines and lines that begin with `#` say nothing.
  ///   - path: Where the list itself is.
  ///   - read: The bytes of a file of the package; `nil` when there is no such file.
  /// - Returns: Files that are gone or differ, and lines that cannot be read.
  static func check(
    list: String, at path: String, read: (String) -> [UInt8]?
  ) -> [Finding] {
    let lines = list.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.compactMap { index in
      let words = lines[index].split(separator: " ")
      guard let first = words.first, !first.hasPrefix("#") else { return nil }
      func finding(_ word: String, _ advice: String) -> Finding {
        Finding(path: path, line: index + 1, word: word, advice: advice)
      }
      guard words.count == 2 else {
        return finding(String(lines[index]), "expected `CHECKSUM PATH`")
      }
      let file = String(words[1])
      guard let bytes = read(file) else {
        return finding(file, "a released migration is never removed: bring the file back")
      }
      let actual = checksum(of: bytes)
      guard actual != first else { return nil }
      return finding(
        file,
        "expected checksum \(first), was \(actual): a released migration is never edited; "
          + "undo the change and write the next one")
    }
  }

  /// FNV-1a of the bytes, 64 bits, as sixteen hexadecimal digits.
  static func checksum(of bytes: [UInt8]) -> String {
    let hash = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
