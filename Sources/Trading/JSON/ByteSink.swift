/// The bytes of a document while it is written.
///
/// An array that is appended to byte by byte looks each time whether it is shared and has room;
/// here that is done once for each piece.
package struct ByteSink: Sendable {
  @usableFromInline var storage: [UInt8]
  @usableFromInline var count = 0

  /// Nothing written yet, and room for so many bytes.
  package init(capacity: Int) { storage = [UInt8](repeating: 0, count: max(64, capacity)) }

  /// What was written; the sink is empty then.
  ///
  /// - Returns: The bytes.
  package mutating func take() -> [UInt8] {
    storage.removeLast(storage.count - count)
    count = 0
    defer { storage = [] }
    return storage
  }

  /// Lets a closure write no more than so many bytes at a place, which it moves behind them.
  @inlinable @inline(__always)
  package mutating func put(
    atMost most: Int, _ write: (UnsafeMutableBufferPointer<UInt8>, inout Int) -> Void
  ) {
    if storage.count - count < most { grow(by: most) }
    var end = count
    storage.withUnsafeMutableBufferPointer { write($0, &end) }
    count = end
  }

  /// Adds one byte.
  package mutating func put(_ byte: UInt8) {
    put(atMost: 1) { buffer, end in buffer.put(byte, at: &end) }
  }

  /// Adds bytes.
  package mutating func put(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { source in
      put(atMost: source.count) { buffer, end in buffer.put(source, at: &end) }
    }
  }

  @usableFromInline
  mutating func grow(by most: Int) {
    let room = max(storage.count, most)
    storage.append(contentsOf: repeatElement(0, count: room))
  }
}

extension UnsafeMutableBufferPointer<UInt8> {
  /// Writes one byte.
  @inline(__always)
  func put(_ byte: UInt8, at end: inout Int) {
    self[end] = byte
    end += 1
  }

  /// Writes bytes as they are.
  @inline(__always)
  func put(_ bytes: UnsafeBufferPointer<UInt8>, at end: inout Int) {
    let place = UnsafeMutableRawBufferPointer(
      UnsafeMutableBufferPointer(rebasing: self[end..<(end + bytes.count)]))
    place.copyMemory(from: UnsafeRawBufferPointer(bytes))
    end += bytes.count
  }

  /// Writes a whole number; twenty digits at most.
  func put(number: UInt64, at end: inout Int) {
    var width = 1
    var bound: UInt64 = 10
    while number >= bound {
      width += 1
      guard width < 20 else { break }
      bound *= 10
    }
    put(digits: number, width: width, at: &end)
  }

  /// Writes a number of steps of 10^−decimals without trailing zeros.
  func put(steps: Int64, decimals: Int, of unit: UInt64, at end: inout Int) {
    if steps < 0 { put(UInt8(ascii: "-"), at: &end) }
    let (whole, fraction) = steps.magnitude.quotientAndRemainder(dividingBy: unit)
    put(number: whole, at: &end)
    guard fraction > 0 else { return }
    put(UInt8(ascii: "."), at: &end)
    put(digits: fraction, width: decimals, at: &end)
    while self[end - 1] == UInt8(ascii: "0") { end -= 1 }
  }

  /// Writes so many digits of a number, two at a time from the last one on.
  private func put(digits number: UInt64, width: Int, at end: inout Int) {
    let zero = UInt8(ascii: "0")
    var rest = number
    var place = end + width
    while place >= end + 2 {
      let next = rest / 100
      let pair = UInt32(truncatingIfNeeded: rest - next * 100)
      // A tenth of what is below 100.
      let tens = (pair &* 103) >> 10
      self[place - 1] = zero + UInt8(truncatingIfNeeded: pair &- tens &* 10)
      self[place - 2] = zero + UInt8(truncatingIfNeeded: tens)
      rest = next
      place -= 2
    }
    if place > end { self[end] = zero + UInt8(truncatingIfNeeded: rest % 10) }
    end += width
  }
}
