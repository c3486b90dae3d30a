/// An account, vault or agent: 20 bytes, written as `0x` and 40 lower-case hex digits.
package struct VenueAddress: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The 20 bytes.
  package let bytes: [UInt8]

  /// The address of a text in any case; `nil` unless it is `0x` and 40 hex digits.
  package init?(_ text: some StringProtocol) {
    guard text.hasPrefix("0x"), let bytes = Hex.bytes(text.dropFirst(2)), bytes.count == 20 else {
      return nil
    }
    self.bytes = bytes
  }

  /// The address that begins with zeros and ends with a number, for tests.
  package init(number: UInt32) {
    bytes = [UInt8](repeating: 0, count: 16) + (0..<4).map { UInt8(number >> (24 - 8 * $0) & 255) }
  }

  /// The address of a public key.
  ///
  /// - Parameter publicKey: 64 bytes, without the leading 04.
  package init(publicKey: [UInt8]) { bytes = Array(Keccak.hash(publicKey).suffix(20)) }

  /// `0x` and 40 lower-case hex digits.
  package var description: String { Hex.text(bytes) }

  /// Whether the left address is the smaller number.
  package static func < (left: VenueAddress, right: VenueAddress) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// Bytes to and from hex digits.
enum Hex {
  /// The bytes of an even number of hex digits; `nil` for anything else.
  static func bytes(_ text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.map { digit(of: $0) }
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  /// `0x` and two lower-case digits per byte.
  static func text(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return "0x"
      + String(
        decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func digit(of byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 97...102: byte - 87
    case 65...70: byte - 55
    default: nil
    }
  }
}
