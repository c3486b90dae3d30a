/// One member of a JSON object.
package struct JSONMember: Sendable, Hashable {
  /// Its name.
  package let name: String
  /// Its value.
  package let value: JSONValue

  /// A member from its parts.
  package init(_ name: String, _ value: JSONValue) {
    self.name = name
    self.value = value
  }
}

/// A JSON document as it was written: numbers keep their digits, members their order.
package indirect enum JSONValue: Sendable, Hashable {
  /// null.
  case null
  /// true or false.
  case flag(Bool)
  /// A number, as its text; always a valid JSON number.
  case number(String)
  /// A text.
  case text(String)
  /// Values in order.
  case array([JSONValue])
  /// Members in order; no name appears twice.
  case object([JSONMember])

  /// A whole number.
  package static func number(_ number: Int) -> JSONValue { .number("\(number)") }

  /// The member of that name; `nil` for other values and unknown names.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The element at that index; `nil` for other values and indices out of range.
  package subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The text; `nil` for other values.
  package var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// The number when it is whole and fits; `nil` for other values.
  ///
  /// `3`, `3.0` and `3e0` are whole.
  package var whole: Int? {
    guard case .number(let digits) = self else { return nil }
    // Not by way of Double: 9007199254740993.0 would come out as its neighbour.
    return Int(digits) ?? JSONDecimal(digits)?.whole
  }

  /// The nearest binary floating-point number; `nil` for other values and numbers out of range.
  package var double: Double? {
    guard case .number(let digits) = self, let number = Double(digits), number.isFinite else {
      return nil
    }
    return number
  }

  /// The flag; `nil` for other values.
  package var flag: Bool? {
    if case .flag(let flag) = self { flag } else { nil }
  }

  /// The elements; `nil` for other values.
  package var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members in order; `nil` for other values.
  package var members: [JSONMember]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// What kind of value it is, for messages: `a number`, `an object`.
  package var kind: String {
    switch self {
    case .null: "null"
    case .flag: "true or false"
    case .number: "a number"
    case .text: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The document without spaces, as UTF-8; members keep their order.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  /// The document without spaces.
  package var document: String { String(decoding: bytes, as: UTF8.self) }

  /// Appends the document without spaces.
  func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .flag(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .number(let digits): bytes.append(contentsOf: digits.utf8)
    case .text(let text): CanonicalJSON.quote(text, into: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        element.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        CanonicalJSON.quote(member.name, into: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }
}
