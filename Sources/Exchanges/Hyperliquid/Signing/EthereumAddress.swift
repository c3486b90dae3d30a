/// An account, vault or agent of the venue: 20 bytes.
package struct EthereumAddress: Sendable, Hashable, CustomStringConvertible {
  /// The 20 bytes.
  package let bytes: [UInt8]

  /// Bytes of every address.
  package static let length = 20

  /// The address of those bytes; `nil` unless there are 20.
  package init?(bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    self.bytes = bytes
  }

  /// The address of that text; `nil` unless it is `0x` and 40 hexadecimal digits in any case.
  ///
  /// The case of the digits is no checksum here: the venue writes lower case.
  package init?(_ text: some StringProtocol) {
    let digits = Array(text.utf8)
    guard digits.count == 2 + 2 * Self.length, digits.starts(with: "0x".utf8) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 2, to: digits.count, by: 2) {
      guard let high = Hexadecimal.value(digits[index]),
        let low = Hexadecimal.value(digits[index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  /// `0x` and 40 lower-case digits, as the venue writes and hashes it.
  package var description: String { Hexadecimal.text(bytes) }
}
