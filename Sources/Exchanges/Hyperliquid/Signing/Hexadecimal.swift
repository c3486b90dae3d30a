/// Bytes to and from hexadecimal digits.
enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  /// `0x` and two lower-case digits per byte.
  static func text(_ bytes: [UInt8]) -> String {
    let body = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return "0x" + String(decoding: body, as: UTF8.self)
  }

  /// The value of a digit in either case; `nil` for any other byte.
  static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
