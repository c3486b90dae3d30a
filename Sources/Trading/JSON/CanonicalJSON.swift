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
  private var sink: ByteSink
  private var scratch: [UInt8] = []
  private var needsComma = false
  private var order = KeyOrder()

  private init(capacity: Int) { sink = ByteSink(capacity: capacity) }

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
    json.sink.put(UInt8(ascii: "\n"))
    return json.sink.take()
  }

  /// An object that is not a document yet: no line feed follows it; see ``value(fragment:)``.
  package static func fragment(
    capacity: Int = 4096, _ fields: (inout CanonicalJSON) -> Void
  ) -> [UInt8] {
    var json = CanonicalJSON(capacity: capacity)
    json.object(fields)
    return json.sink.take()
  }

  // MARK: Structure

  /// Writes an object as the next value.
  package mutating func object(_ fields: (inout CanonicalJSON) -> Void) {
    open(UInt8(ascii: "{"))
    let outer = order
    order = KeyOrder()
    needsComma = false
    fields(&self)
    sink.put(UInt8(ascii: "}"))
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
    open(UInt8(ascii: "["))
    let outer = order
    order = KeyOrder()
    needsComma = false
    elements(&self)
    sink.put(UInt8(ascii: "]"))
    order = outer
    needsComma = true
  }

  /// Writes a key; its value must follow.
  package mutating func key(_ key: String) {
    order.check(key)
    quote(key, before: UInt8(ascii: ":"))
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
    quote(text, numbered: number)
  }

  /// Writes a whole number field.
  package mutating func field(_ name: String, _ number: Int) { field(name, Int64(number)) }

  /// Writes a whole number field.
  package mutating func field(_ name: String, _ number: Int64) {
    field(name, steps: number, decimals: 0, of: 1)
  }

  /// Writes a field that is true or false.
  package mutating func field(_ name: String, _ flag: Bool) {
    field(name, word: flag ? "true" : "false")
  }

  /// Writes a statistics field; the number must be finite.
  package mutating func field(_ name: String, _ number: Double) {
    key(name)
    value(number)
  }

  /// Writes a field with an exact decimal: money, a price, a size.
  package mutating func field(_ name: String, _ decimal: some ExactDecimal) {
    field(
      name, steps: decimal.mantissa, decimals: exactDecimalDigits, of: UInt64(exactDecimalScale))
  }

  /// Writes a field with an instant in seconds since 1970 with at most three decimals.
  package mutating func field(_ name: String, seconds instant: Timestamp) {
    field(name, steps: instant.ms, decimals: 3, of: 1000)
  }

  /// Writes a field that holds a JSON value as it is; its members keep their order.
  package mutating func field(_ name: String, _ value: JSONValue) {
    key(name)
    scratch.removeAll(keepingCapacity: true)
    value.write(to: &scratch)
    separate()
    sink.put(scratch)
  }

  /// Writes a field that is null.
  package mutating func null(_ name: String) { field(name, word: "null") }

  // MARK: Values

  /// Writes a text as the next value.
  package mutating func value(_ text: String) { quote(text) }

  /// Writes a whole number as the next value.
  package mutating func value(_ number: Int64) { put(steps: number, decimals: 0, of: 1) }

  /// Writes an array of a whole number and an exact decimal as the next value: a point of a curve.
  package mutating func value(_ number: Int64, _ decimal: some ExactDecimal) {
    let comma = needsComma
    needsComma = true
    // A comma, brackets, two signs, forty digits, a comma, a point, and the decimals.
    sink.put(atMost: 60) { buffer, end in
      if comma { buffer.put(UInt8(ascii: ","), at: &end) }
      buffer.put(UInt8(ascii: "["), at: &end)
      buffer.put(steps: number, decimals: 0, of: 1, at: &end)
      buffer.put(UInt8(ascii: ","), at: &end)
      buffer.put(
        steps: decimal.mantissa, decimals: exactDecimalDigits, of: UInt64(exactDecimalScale),
        at: &end)
      buffer.put(UInt8(ascii: "]"), at: &end)
    }
  }

  /// Writes an object made by ``fragment(capacity:_:)`` as the next value.
  package mutating func value(fragment: [UInt8]) {
    separate()
    sink.put(fragment)
  }

  /// Writes a finite number as the next value.
  package mutating func value(_ number: Double) {
    precondition(number.isFinite, "expected a finite number for the export, was \(number)")
    scratch.removeAll(keepingCapacity: true)
    DoubleText.write(number, into: &scratch)
    separate()
    sink.put(scratch)
  }

  /// Writes an exact decimal as the next value.
  package mutating func value(_ decimal: some ExactDecimal) { value(mantissa: decimal.mantissa) }
}

extension CanonicalJSON {
  private mutating func separate() {
    if needsComma { sink.put(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func open(_ bracket: UInt8) {
    let comma = needsComma
    sink.put(atMost: 2) { buffer, end in
      if comma { buffer.put(UInt8(ascii: ","), at: &end) }
      buffer.put(bracket, at: &end)
    }
  }

  /// A field whose value is a word of JSON.
  private mutating func field(_ name: String, word: StaticString) {
    order.check(name)
    quote(name) { buffer, end in
      buffer.put(UInt8(ascii: "\""), at: &end)
      buffer.put(UInt8(ascii: ":"), at: &end)
      word.withUTF8Buffer { buffer.put($0, at: &end) }
    }
  }

  /// A field whose value is a number of steps of 10^−decimals, `unit` of which make one.
  ///
  /// Its key and its value are put at once: most fields are of this kind.
  private mutating func field(_ name: String, steps: Int64, decimals: Int, of unit: UInt64) {
    order.check(name)
    quote(name) { buffer, end in
      buffer.put(UInt8(ascii: "\""), at: &end)
      buffer.put(UInt8(ascii: ":"), at: &end)
      buffer.put(steps: steps, decimals: decimals, of: unit, at: &end)
    }
  }

  private mutating func value(mantissa: Int64) {
    put(steps: mantissa, decimals: exactDecimalDigits, of: UInt64(exactDecimalScale))
  }

  /// A number of steps of 10^−decimals, `unit` of which make one.
  private mutating func put(steps: Int64, decimals: Int, of unit: UInt64) {
    let comma = needsComma
    needsComma = true
    // A comma, a sign, twenty digits, a point, and the decimals.
    sink.put(atMost: 40) { buffer, end in
      if comma { buffer.put(UInt8(ascii: ","), at: &end) }
      buffer.put(steps: steps, decimals: decimals, of: unit, at: &end)
    }
  }

  /// A text in quotes, and a mark behind them.
  private mutating func quote(_ text: String, before mark: UInt8? = nil) {
    quote(text) { buffer, end in
      buffer.put(UInt8(ascii: "\""), at: &end)
      if let mark { buffer.put(mark, at: &end) }
    }
  }

  /// A text in quotes with a number at its end.
  private mutating func quote(_ text: String, numbered number: Int64) {
    quote(text) { buffer, end in
      buffer.put(UInt8(ascii: "_"), at: &end)
      buffer.put(steps: number, decimals: 0, of: 1, at: &end)
      buffer.put(UInt8(ascii: "\""), at: &end)
    }
  }

  /// A quote, a text, escaped where it must be, and what a closure writes behind it: no more than
  /// 40 bytes.
  @inline(__always)
  private mutating func quote(
    _ text: String, _ close: (UnsafeMutableBufferPointer<UInt8>, inout Int) -> Void
  ) {
    let comma = needsComma
    needsComma = true
    var text = text
    text.withUTF8 { utf8 in
      let isPlain = !EscapeScan.finds(in: utf8)
      sink.put(atMost: isPlain ? utf8.count + 42 : 2) { buffer, end in
        if comma { buffer.put(UInt8(ascii: ","), at: &end) }
        buffer.put(UInt8(ascii: "\""), at: &end)
        guard isPlain else { return }
        buffer.put(utf8, at: &end)
        close(buffer, &end)
      }
      guard !isPlain else { return }
      scratch.removeAll(keepingCapacity: true)
      Self.escape(utf8, into: &scratch)
      sink.put(scratch)
      sink.put(atMost: 40, close)
    }
  }

  /// Appends a text in quotes, escaped where it must be.
  package static func quote(_ text: String, into bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { escape($0, into: &bytes) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends a text, escaped where it must be; runs without an escape are copied as they are.
  private static func escape(_ utf8: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) {
    guard EscapeScan.finds(in: utf8) else { return bytes.append(contentsOf: utf8) }
    var start = 0
    for index in utf8.indices where EscapeScan.isSuspect(utf8[index]) {
      guard let escape = escape(at: index, in: utf8) else { continue }
      bytes.append(contentsOf: utf8[start..<index])
      bytes.append(contentsOf: escape.bytes)
      start = index + escape.length
    }
    bytes.append(contentsOf: utf8[start...])
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
