import Trading

/// Writes aggregates as bytes: whole numbers in as few as they need, others in eight.
struct MetricsWriter: MetricsArchive {
  private var sink: ByteSink

  let isBroken = false

  /// The number of a layout written, and room for so many bytes.
  init(layout: UInt8, capacity: Int = 256) {
    sink = ByteSink(capacity: capacity)
    sink.put(layout)
  }

  /// What was written; nothing more is to be written then.
  mutating func take() -> [UInt8] { sink.take() }

  mutating func value(_ name: StaticString, _ number: inout Int64) {
    // Small numbers of either sign become small ones without (as in Protocol Buffers).
    var rest = UInt64(bitPattern: (number << 1) ^ (number >> 63))
    sink.put(atMost: 10) { buffer, end in
      while rest >= 128 {
        buffer[end] = UInt8(truncatingIfNeeded: rest) | 128
        rest >>= 7
        end += 1
      }
      buffer[end] = UInt8(truncatingIfNeeded: rest)
      end += 1
    }
  }

  mutating func value(_ name: StaticString, _ number: inout Double) {
    let word = number.bitPattern.littleEndian
    sink.put(atMost: 8) { buffer, end in
      UnsafeMutableRawBufferPointer(buffer)
        .storeBytes(of: word, toByteOffset: end, as: UInt64.self)
      end += 8
    }
  }

  mutating func value(_ name: StaticString, _ text: inout String) {
    var count = Int64(text.utf8.count)
    value(name, &count)
    sink.put(Array(text.utf8))
  }

  mutating func part(_ name: StaticString, _ body: (inout Self) -> Void) { body(&self) }
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
