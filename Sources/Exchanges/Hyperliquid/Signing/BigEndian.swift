/// Numbers as bytes, the highest first.
enum BigEndian {
  /// Appends the lowest bytes of a number, behind a mark if there is one.
  static func append(
    _ number: UInt64, bytes count: Int, after mark: UInt8? = nil, to bytes: inout [UInt8]
  ) {
    if let mark { bytes.append(mark) }
    for index in (0..<count).reversed() {
      bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index)))
    }
  }
}
