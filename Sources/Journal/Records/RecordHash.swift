import CNettle

/// The SHA-256 digest (FIPS 180-4) of a record or of an input it was made from.
package struct RecordHash: Sendable, Hashable, CustomStringConvertible {
  /// The 32 bytes of the digest.
  package let bytes: [UInt8]

  /// What stands before the first record of a chain: 32 zeros.
  package static let none = RecordHash(zeros: ())

  /// The digest of bytes.
  package init(of message: [UInt8]) { self.init(of: message[...]) }

  /// The digest of some bytes of a longer text.
  package init(of message: ArraySlice<UInt8>) { self.init(of: message, []) }

  /// The digest of two texts, one behind the other.
  init(of first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) {
    var context = sha256_ctx()
    nettle_sha256_init(&context)
    for part in [first, second] {
      part.withUnsafeBufferPointer { nettle_sha256_update(&context, $0.count, $0.baseAddress) }
    }
    bytes = [UInt8](unsafeUninitializedCapacity: Self.length) { buffer, count in
      nettle_sha256_digest(&context, Self.length, buffer.baseAddress)
      count = Self.length
    }
  }

  /// The digest that 64 lower-case hexadecimal digits say; `nil` for other texts.
  package init?(hex: some Collection<UInt8>) {
    guard hex.count == 2 * Self.length else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in hex {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    self.bytes = bytes
  }

  /// The digest with those 32 bytes; `nil` for another number of them.
  init?(stored bytes: some Collection<UInt8>) {
    guard bytes.count == Self.length else { return nil }
    self.bytes = Array(bytes)
  }

  private init(zeros: ()) { bytes = [UInt8](repeating: 0, count: Self.length) }

  /// How many bytes a digest has.
  static let length = 32

  /// The digest as 64 lower-case hexadecimal digits.
  package var hex: String { String(decoding: hexBytes, as: UTF8.self) }

  /// The same digits as UTF-8.
  var hexBytes: [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// The digest as hexadecimal digits.
  package var description: String { hex }
}
