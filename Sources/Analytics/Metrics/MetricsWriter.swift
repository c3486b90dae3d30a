/// Writes aggregates as bytes: whole numbers in as few as they need, others in eight.
struct MetricsWriter: MetricsArchive {
  /// What was written.
  private(set) var bytes: [UInt8]

  let isBroken = false

  /// Nothing written yet, and room for so many bytes.
  init(capacity: Int = 0) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  mutating func value(_ name: StaticString, _ number: inout Int64) {
    // Small numbers of either sign become small ones without (as in Protocol Buffers).
    var rest = UInt64(bitPattern: (number << 1) ^ (number >> 63))
    while rest >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func value(_ name: StaticString, _ number: inout Double) {
    append(number.bitPattern)
  }

  mutating func value(_ name: StaticString, _ text: inout String) {
    var count = Int64(text.utf8.count)
    value(name, &count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func part(_ name: StaticString, _ body: (inout Self) -> Void) { body(&self) }

  /// Adds eight bytes, the lowest first.
  mutating func append(_ word: UInt64) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

/// Reads what ``MetricsWriter`` wrote.
struct MetricsReader: MetricsArchive {
  private let bytes: ArraySlice<UInt8>
  private var index: Int
  private(set) var isBroken = false

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    index = bytes.startIndex
  }

  /// Whether every byte was read, and none was missing.
  var isComplete: Bool { !isBroken && index == bytes.endIndex }

  mutating func value(_ name: StaticString, _ number: inout Int64) {
    var whole: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = next() {
      whole |= UInt64(byte & 127) << shift
      shift += 7
      if byte < 128 || shift > 63 { break }
    }
    number = Int64(bitPattern: whole >> 1) ^ -Int64(bitPattern: whole & 1)
  }

  mutating func value(_ name: StaticString, _ number: inout Double) {
    number = Double(bitPattern: word())
  }

  mutating func value(_ name: StaticString, _ text: inout String) {
    var count: Int64 = 0
    value(name, &count)
    guard count >= 0, count <= bytes.endIndex - index else {
      isBroken = true
      return
    }
    text = String(decoding: bytes[index..<(index + Int(count))], as: UTF8.self)
    index += Int(count)
  }

  mutating func part(_ name: StaticString, _ body: (inout Self) -> Void) { body(&self) }

  /// Eight bytes, the lowest first.
  mutating func word() -> UInt64 {
    guard bytes.endIndex - index >= 8 else {
      isBroken = true
      index = bytes.endIndex
      return 0
    }
    let first = index - bytes.startIndex
    index += 8
    return bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: first, as: UInt64.self))
    }
  }

  private mutating func next() -> UInt8? {
    guard index < bytes.endIndex else {
      isBroken = true
      return nil
    }
    defer { index += 1 }
    return bytes[index]
  }
}

/// Lists the fields of aggregates with their names, for comparing.
struct MetricsInventory: MetricsArchive {
  /// What a field holds.
  enum Field: Equatable {
    case number(Double)
    case text(String)
  }

  /// The fields in their order; a name is the path to it.
  private(set) var fields: [(name: String, field: Field)] = []
  private var path = ""

  let isBroken = false

  mutating func value(_ name: StaticString, _ number: inout Int64) {
    fields.append((path + name.description, .number(Double(number))))
  }

  mutating func value(_ name: StaticString, _ number: inout Double) {
    fields.append((path + name.description, .number(number)))
  }

  mutating func value(_ name: StaticString, _ text: inout String) {
    fields.append((path + name.description, .text(text)))
  }

  mutating func part(_ name: StaticString, _ body: (inout Self) -> Void) {
    let outer = path
    path += name.description + "."
    body(&self)
    path = outer
  }
}
