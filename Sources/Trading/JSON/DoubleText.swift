/// The shortest decimal text of binary floating-point numbers.
enum DoubleText {
  /// Appends the shortest text that reads back as the same number, without `.0`, `-0`, and without
  /// an exponent from 1e-20 up to 1e20.
  static func write(_ number: Double, into bytes: inout [UInt8]) {
    if number == 0 { return bytes.append(UInt8(ascii: "0")) }
    var text = number.description
    text.withUTF8 { utf8 in
      guard let mark = utf8.firstIndex(of: UInt8(ascii: "e")) else {
        let isWhole =
          utf8.count > 2 && utf8[utf8.count - 1] == UInt8(ascii: "0")
          && utf8[utf8.count - 2] == UInt8(ascii: ".")
        bytes.append(contentsOf: isWhole ? utf8.dropLast(2) : utf8[...])
        return
      }
      guard let exponent = Int(Substring(decoding: utf8[(mark + 1)...], as: UTF8.self)),
        abs(exponent) <= 20
      else { return bytes.append(contentsOf: utf8) }
      write(mantissa: utf8[..<mark], exponent: exponent, into: &bytes)
    }
  }

  /// Appends a number of one digit before its point, times a power of ten.
  private static func write(
    mantissa: Slice<UnsafeBufferPointer<UInt8>>, exponent: Int, into bytes: inout [UInt8]
  ) {
    let (zero, point) = (UInt8(ascii: "0"), UInt8(ascii: "."))
    if mantissa.first == UInt8(ascii: "-") { bytes.append(UInt8(ascii: "-")) }
    var digits = mantissa.filter { $0 != UInt8(ascii: "-") && $0 != point }
    // As in 1.0e-05.
    if digits.count == 2, digits[1] == zero { digits.removeLast() }
    if exponent < 0 {
      bytes.append(zero)
      bytes.append(point)
      bytes.append(contentsOf: repeatElement(zero, count: -exponent - 1))
      bytes.append(contentsOf: digits)
      return
    }
    let zeros = exponent + 1 - digits.count
    if zeros >= 0 {
      bytes.append(contentsOf: digits)
      bytes.append(contentsOf: repeatElement(zero, count: zeros))
    } else {
      bytes.append(contentsOf: digits[...exponent])
      bytes.append(point)
      bytes.append(contentsOf: digits[(exponent + 1)...])
    }
  }
}
