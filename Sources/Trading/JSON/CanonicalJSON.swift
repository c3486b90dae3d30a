/// Writes JSON whose bytes follow from the values alone.
///
/// - Keys of every object ascend by UTF-8 bytes; the caller writes them in that order, a debug
///   build checks it.
/// - Exact decimals and instants are plain digits without trailing zeros; whole numbers are plain
///   digits; a `Double` is the shortest text that reads back as the same number, without an
///   exponent between 1e-20 and 1e20. A `Double` that is not finite is a broken invariant.
/// - In strings the control characters, `"`, `\`, and also `<`, `>`, `&`, U+2028 and U+2029 are
///   escaped (as Go's encoding/json does), so that a document may stand inside a script element.
/// - No spaces; one line feed at the end of a document.
package struct CanonicalJSON: Sendable {
  private var bytes: [UInt8] = []
  private var needsComma = false
  private var order = KeyOrder()

  private init(capacity: Int) { bytes.reserveCapacity(capacity) }

  /// A document with one object at its root.
  ///
  /// - Parameters:
  ///   - capacity: Bytes the document will about have.
  ///   - fields: Writes the fields of the object in the order of their keys.
  /// - Returns: UTF-8 with a line feed at the end.
  package static func document(
    capacity: Int = 4096, _ fields: (inout CanonicalJSON) -> Void
  ) -> [UInt8] {
    var json = CanonicalJSON(capacity: capacity)
    json.object(fields)
    json.bytes.append(UInt8(ascii: "\n"))
    return json.bytes
  }

  /// An object that is not a document yet: no line feed follows it; see ``value(fragment:)``.
  package static func fragment(
    capacity: Int = 4096, _ fields: (inout CanonicalJSON) -> Void
  ) -> [UInt8] {
    var json = CanonicalJSON(capacity: capacity)
    json.object(fields)
    return json.bytes
  }

  // MARK: Structure

  /// Writes an object as the next value.
  package mutating func object(_ fields: (inout CanonicalJSON) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "{"))
    let outer = order
    order = KeyOrder()
    needsComma = false
    fields(&self)
    bytes.append(UInt8(ascii: "}"))
    order = outer
    needsComma = true
  }

  /// Writes an array as the next value, one element per item, in order.
  @inlinable
  package mutating func array<Items: Sequence>(
    _ items: Items, _ element: (inout CanonicalJSON, Items.Element) -> Void
  ) {
    // Inlinable: as generic code, going through the items took longer than writing them.
    list { json in
      for item in items { element(&json, item) }
    }
  }

  /// Writes an array as the next value, whose elements are the values that the closure writes.
  package mutating func list(_ elements: (inout CanonicalJSON) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "["))
    let outer = order
    order = KeyOrder()
    needsComma = false
    elements(&self)
    bytes.append(UInt8(ascii: "]"))
    order = outer
    needsComma = true
  }

  /// Writes a key; its value must follow.
  package mutating func key(_ key: String) {
    order.check(key)
    separate()
    quote(key)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a field whose value is an object.
  package mutating func object(_ name: String, _ fields: (inout CanonicalJSON) -> Void) {
    key(name)
    object(fields)
  }

  /// Writes a field whose value is an array, one element per item, in order.
  @inlinable
  package mutating func array<Items: Sequence>(
    _ name: String, _ items: Items, _ element: (inout CanonicalJSON, Items.Element) -> Void
  ) {
    key(name)
    array(items, element)
  }

  // MARK: Fields

  /// Writes a text field.
  package mutating func field(_ name: String, _ text: String) {
    key(name)
    value(text)
  }

  /// Writes a text field: a text, `_`, and a whole number.
  package mutating func field(_ name: String, _ text: String, numbered number: Int64) {
    key(name)
    separate()
    quote(text)
    bytes[bytes.count - 1] = UInt8(ascii: "_")
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    digits(of: number.magnitude)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a whole number field.
  package mutating func field(_ name: String, _ number: Int) { field(name, Int64(number)) }

  /// Writes a whole number field.
  package mutating func field(_ name: String, _ number: Int64) {
    key(name)
    value(number)
  }

  /// Writes a field that is true or false.
  package mutating func field(_ name: String, _ flag: Bool) {
    key(name)
    separate()
    bytes.append(contentsOf: flag ? "true".utf8 : "false".utf8)
  }

  /// Writes a statistics field; the number must be finite.
  package mutating func field(_ name: String, _ number: Double) {
    key(name)
    value(number)
  }

  /// Writes a field with an exact decimal: money, a price, a size.
  package mutating func field(_ name: String, _ decimal: some ExactDecimal) {
    key(name)
    value(mantissa: decimal.mantissa)
  }

  /// Writes a field with an instant in seconds since 1970 with at most three decimals.
  package mutating func field(_ name: String, seconds instant: Timestamp) {
    key(name)
    separate()
    decimal(instant.ms, digits: 3)
  }

  /// Writes a field that holds a JSON value as it is; its members keep their order.
  package mutating func field(_ name: String, _ value: JSONValue) {
    key(name)
    separate()
    value.write(to: &bytes)
  }

  /// Writes a field that is null.
  package mutating func null(_ name: String) {
    key(name)
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  // MARK: Values

  /// Writes a text as the next value.
  package mutating func value(_ text: String) {
    separate()
    quote(text)
  }

  /// Writes a whole number as the next value.
  package mutating func value(_ number: Int64) {
    separate()
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    digits(of: number.magnitude)
  }

  /// Writes an object made by ``fragment(capacity:_:)`` as the next value.
  package mutating func value(fragment: [UInt8]) {
    separate()
    bytes.append(contentsOf: fragment)
  }

  /// Writes a finite number as the next value.
  package mutating func value(_ number: Double) {
    precondition(number.isFinite, "expected a finite number for the export, was \(number)")
    separate()
    DoubleText.write(number, into: &bytes)
  }

  /// Writes an exact decimal as the next value.
  package mutating func value(_ decimal: some ExactDecimal) { value(mantissa: decimal.mantissa) }
}

extension CanonicalJSON {
  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func value(mantissa: Int64) {
    separate()
    decimal(mantissa, digits: exactDecimalDigits)
  }

  /// A number of steps of 10^−digits, without trailing zeros.
  private mutating func decimal(_ steps: Int64, digits count: Int) {
    if steps < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = steps.magnitude
    var decimals = count
    while decimals > 0, rest % 10 == 0 {
      rest /= 10
      decimals -= 1
    }
    digits(of: rest, decimals: decimals)
  }

  /// A number of steps of 10^−decimals, with all its decimals.
  private mutating func digits(of number: UInt64, decimals: Int = 0) {
    // Twenty digits, a point and a zero before it. Appending them one by one, and turning them
    // round, took three times as long.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { buffer in
      var start = buffer.count
      var rest = number
      var written = 0
      repeat {
        if written == decimals, written > 0 {
          start -= 1
          buffer[start] = UInt8(ascii: ".")
        }
        start -= 1
        buffer[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
        written += 1
      } while rest > 0 || written <= decimals
      bytes.append(contentsOf: buffer[start...])
    }
  }

  private mutating func quote(_ text: String) { Self.quote(text, into: &bytes) }

  /// Appends a text in quotes, escaped where it must be.
  static func quote(_ text: String, into bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      guard EscapeScan.finds(in: utf8) else { return bytes.append(contentsOf: utf8) }
      // Runs without an escape are copied as they are.
      var start = 0
      for index in utf8.indices where EscapeScan.isSuspect(utf8[index]) {
        guard let escape = Self.escape(at: index, in: utf8) else { continue }
        bytes.append(contentsOf: utf8[start..<index])
        bytes.append(contentsOf: escape.bytes)
        start = index + escape.length
      }
      bytes.append(contentsOf: utf8[start...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// How the character that begins at an index is escaped, and its bytes; `nil` = it is not.
  private static func escape(
    at index: Int, in utf8: UnsafeBufferPointer<UInt8>
  ) -> (bytes: [UInt8], length: Int)? {
    let byte = utf8[index]
    guard byte == 0xE2 else { return (escape(byte), 1) }
    // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
    guard index + 2 < utf8.count, utf8[index + 1] == 0x80, utf8[index + 2] & 0xFE == 0xA8 else {
      return nil
    }
    return (Array((utf8[index + 2] == 0xA8 ? "\\u2028" : "\\u2029").utf8), 3)
  }

  private static func escape(_ byte: UInt8) -> [UInt8] {
    let backslash = UInt8(ascii: "\\")
    switch byte {
    case UInt8(ascii: "\""), backslash: return [backslash, byte]
    case UInt8(ascii: "\n"): return [backslash, UInt8(ascii: "n")]
    case UInt8(ascii: "\r"): return [backslash, UInt8(ascii: "r")]
    case UInt8(ascii: "\t"): return [backslash, UInt8(ascii: "t")]
    default:
      let hex = Array("0123456789abcdef".utf8)
      return Array("\\u00".utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
    }
  }
}
