package import Trading

/// The part of msgpack that actions need, with keys in the order given: the order is signed.
package indirect enum MessagePack: Sendable, Equatable {
  /// Keys and values, in that order.
  case map([Entry])
  /// Values in order.
  case array([MessagePack])
  /// UTF-8, at most 65535 bytes.
  case text(String)
  /// A whole number with a sign.
  case int(Int64)
  /// A whole number without one.
  case uint(UInt64)
  /// True or false.
  case bool(Bool)

  /// A key of a map and its value.
  package struct Entry: Sendable, Equatable {
    /// The key.
    package let key: String
    /// Its value.
    package let value: MessagePack

    /// An entry from its parts.
    package init(_ key: String, _ value: MessagePack) {
      self.key = key
      self.value = value
    }
  }

  /// The bytes that are hashed: every number and length in its shortest form.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  /// The same content for the body of the request.
  package var json: JSONValue {
    switch self {
    case .map(let entries): .object(entries.map { JSONMember($0.key, $0.value.json) })
    case .array(let elements): .array(elements.map(\.json))
    case .text(let text): .text(text)
    case .int(let number): .number("\(number)")
    case .uint(let number): .number("\(number)")
    case .bool(let flag): .flag(flag)
    }
  }
}

extension MessagePack {
  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .map(let entries):
      Self.header(entries.count, short: 0x80, below: 16, wide: 0xde, to: &bytes)
      for entry in entries {
        MessagePack.text(entry.key).write(to: &bytes)
        entry.value.write(to: &bytes)
      }
    case .array(let elements):
      Self.header(elements.count, short: 0x90, below: 16, wide: 0xdc, to: &bytes)
      for element in elements { element.write(to: &bytes) }
    case .text(let text):
      Self.header(text.utf8.count, short: 0xa0, below: 32, byte: 0xd9, wide: 0xda, to: &bytes)
      bytes.append(contentsOf: text.utf8)
    case .int(let number):
      if number < 0 {
        Self.negative(number, to: &bytes)
      } else {
        Self.unsigned(UInt64(number), to: &bytes)
      }
    case .uint(let number): Self.unsigned(number, to: &bytes)
    case .bool(let flag): bytes.append(flag ? 0xc3 : 0xc2)
    }
  }

  /// A length: within the first byte, in one byte more where the kind has that form, or in two.
  private static func header(
    _ count: Int, short: UInt8, below limit: Int, byte: UInt8? = nil, wide: UInt8,
    to bytes: inout [UInt8]
  ) {
    precondition(count <= 0xffff, "expected at most 65535 elements or bytes, was \(count)")
    if count < limit {
      bytes.append(short | UInt8(count))
    } else if let byte, count <= 0xff {
      bytes.append(byte)
      bytes.append(UInt8(count))
    } else {
      bytes.append(wide)
      BigEndian.append(UInt64(count), bytes: 2, to: &bytes)
    }
  }

  private static func unsigned(_ number: UInt64, to bytes: inout [UInt8]) {
    switch number {
    case 0...0x7f: bytes.append(UInt8(number))
    case 0...0xff: BigEndian.append(number, bytes: 1, after: 0xcc, to: &bytes)
    case 0...0xffff: BigEndian.append(number, bytes: 2, after: 0xcd, to: &bytes)
    case 0...0xffff_ffff: BigEndian.append(number, bytes: 4, after: 0xce, to: &bytes)
    default: BigEndian.append(number, bytes: 8, after: 0xcf, to: &bytes)
    }
  }

  private static func negative(_ number: Int64, to bytes: inout [UInt8]) {
    let pattern = UInt64(bitPattern: number)
    if number >= -32 {
      bytes.append(UInt8(truncatingIfNeeded: pattern))
    } else if number >= Int64(Int8.min) {
      BigEndian.append(pattern, bytes: 1, after: 0xd0, to: &bytes)
    } else if number >= Int64(Int16.min) {
      BigEndian.append(pattern, bytes: 2, after: 0xd1, to: &bytes)
    } else if number >= Int64(Int32.min) {
      BigEndian.append(pattern, bytes: 4, after: 0xd2, to: &bytes)
    } else {
      BigEndian.append(pattern, bytes: 8, after: 0xd3, to: &bytes)
    }
  }
}
