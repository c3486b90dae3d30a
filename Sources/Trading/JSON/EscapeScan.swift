/// Looks for bytes of a JSON text that may have to be escaped: most texts have none.
enum EscapeScan {
  /// Whether a byte may need an escape: control characters, quote, ampersand, less, greater,
  /// backslash, and the first byte of U+2028 and U+2029.
  static func isSuspect(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x22 || byte == 0x26 || byte == 0x3C || byte == 0x3E || byte == 0x5C
      || byte == 0xE2
  }

  /// Whether any byte of a text may need an escape; eight bytes are looked at together.
  static func finds(in utf8: UnsafeBufferPointer<UInt8>) -> Bool {
    let count = utf8.count
    guard count >= 8 else { return utf8.contains(where: isSuspect) }
    let raw = UnsafeRawBufferPointer(utf8)
    var offset = 0
    while offset < count {
      // The last word reaches back over bytes that were looked at.
      let start = min(offset, count - 8)
      if finds(in: raw.loadUnaligned(fromByteOffset: start, as: UInt64.self)) { return true }
      offset += 8
    }
    return false
  }

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  private static func finds(in word: UInt64) -> Bool {
    // A byte is below n where taking n from it borrows and its top bit is clear: with n = 1, zero.
    func below(_ bound: UInt64, _ word: UInt64) -> UInt64 { (word &- ones &* bound) & ~word }
    func equal(_ byte: UInt64, _ word: UInt64) -> UInt64 { below(1, word ^ (ones &* byte)) }
    // Quote and ampersand differ in one bit, as do less and greater.
    let found =
      below(0x20, word) | equal(0x26, word | (ones &* 0x04)) | equal(0x3E, word | (ones &* 0x02))
      | equal(0x5C, word) | equal(0xE2, word)
    return found & tops != 0
  }
}
