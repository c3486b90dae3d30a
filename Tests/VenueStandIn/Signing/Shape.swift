import Trading

/// What a part of an action must look like, and in which order its keys are signed.
indirect enum Shape: Sendable {
  /// true or false.
  case flag
  /// A whole number from zero on.
  case whole
  /// A whole number.
  case integer
  /// One of some texts.
  case word([String])
  /// A number as text, as the wire wants it: no trailing zeros, at most 8 decimals.
  case decimal
  /// `0x` and 32 lower-case hex digits.
  case cloid
  /// `0x` and 40 lower-case hex digits.
  case address
  /// Members in the order in which they are signed.
  case object([Field])
  /// Any number of the same.
  case list(Shape)
  /// The first that fits.
  case either(Shape, Shape)

  /// A member of an object.
  struct Field: Sendable {
    let name: String
    let shape: Shape
    var isOptional = false
  }
}

/// Why the venue cannot read a body.
struct SchemaFault: Error {
  /// For whoever reads a failing test; the venue itself says less.
  let problem: String
}

extension Shape {
  /// The value as msgpack; throws when the value is not of this shape.
  func packed(_ value: JSONValue, at path: String) throws(SchemaFault) -> [UInt8] {
    func misfit(_ expected: String) -> SchemaFault {
      SchemaFault(problem: "\(path): expected \(expected), was \(value.document)")
    }
    switch self {
    case .flag:
      guard let flag = value.flag else { throw misfit("true or false") }
      return [flag ? 0xC3 : 0xC2]
    case .whole:
      guard case .number(let text) = value, let number = UInt64(text) else {
        throw misfit("a whole number")
      }
      return MsgPack.whole(number)
    case .integer:
      guard case .number(let text) = value, let number = Int64(text) else {
        throw misfit("a whole number")
      }
      return number < 0 ? MsgPack.negative(number) : MsgPack.whole(UInt64(number))
    case .word(let words):
      guard let text = value.text, words.contains(text) else {
        throw misfit(words.joined(separator: " or "))
      }
      return MsgPack.text(text)
    case .decimal:
      guard let text = value.text, WireNumber.isCanonical(text) else {
        throw misfit("a number as text without trailing zeros")
      }
      return MsgPack.text(text)
    case .cloid:
      guard let text = value.text, Self.isHex(text, digits: 32) else { throw misfit("a cloid") }
      return MsgPack.text(text)
    case .address:
      guard let text = value.text, Self.isHex(text, digits: 40) else { throw misfit("an address") }
      return MsgPack.text(text)
    case .list(let shape):
      guard let elements = value.elements else { throw misfit("a list") }
      var bytes = MsgPack.list(count: elements.count)
      for (index, element) in elements.enumerated() {
        bytes += try shape.packed(element, at: "\(path)[\(index)]")
      }
      return bytes
    case .object(let fields): return try Self.packed(fields, value, at: path)
    case .either(let first, let second):
      // Why the first does not fit is of no interest when the second does.
      if let bytes = try? first.packed(value, at: path) { return bytes }
      return try second.packed(value, at: path)
    }
  }

  private static func packed(
    _ fields: [Field], _ value: JSONValue, at path: String
  ) throws(SchemaFault) -> [UInt8] {
    guard let members = value.members else {
      throw SchemaFault(problem: "\(path): expected an object, was \(value.kind)")
    }
    let names = fields.map(\.name)
    if let stranger = members.first(where: { !names.contains($0.name) }) {
      throw SchemaFault(problem: "\(path): expected \(names), was \(stranger.name)")
    }
    var bytes = MsgPack.object(count: members.count)
    for field in fields {
      guard let member = value[field.name] else {
        guard field.isOptional else {
          throw SchemaFault(problem: "\(path): expected \(field.name), was nothing")
        }
        continue
      }
      bytes += MsgPack.text(field.name)
      bytes += try field.shape.packed(member, at: "\(path).\(field.name)")
    }
    return bytes
  }

  private static func isHex(_ text: String, digits: Int) -> Bool {
    text.utf8.count == digits + 2 && text.hasPrefix("0x")
      && text.utf8.dropFirst(2).allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}

/// Numbers as texts, as the venue hashes them.
enum WireNumber {
  /// Whether a text is how the venue itself would write the number.
  static func isCanonical(_ text: String) -> Bool {
    guard let number = SignedQuantity(text), number.mantissa >= 0 else { return false }
    return number.description == text
  }
}

/// The subset of msgpack that actions are made of.
enum MsgPack {
  static func whole(_ number: UInt64) -> [UInt8] {
    switch number {
    case 0...0x7F: [UInt8(number)]
    case 0...0xFF: [0xCC] + big(number, 1)
    case 0...0xFFFF: [0xCD] + big(number, 2)
    case 0...0xFFFF_FFFF: [0xCE] + big(number, 4)
    default: [0xCF] + big(number, 8)
    }
  }

  static func negative(_ number: Int64) -> [UInt8] {
    let bits = UInt64(bitPattern: number)
    return switch number {
    case -32...(-1): [UInt8(truncatingIfNeeded: bits)]
    case -128...(-1): [0xD0] + big(bits, 1)
    case -32_768...(-1): [0xD1] + big(bits, 2)
    case -2_147_483_648...(-1): [0xD2] + big(bits, 4)
    default: [0xD3] + big(bits, 8)
    }
  }

  static func text(_ text: String) -> [UInt8] {
    let count = text.utf8.count
    let head: [UInt8] =
      count < 32
      ? [0xA0 | UInt8(count)]
      : count < 256 ? [0xD9, UInt8(count)] : [0xDA] + big(UInt64(count), 2)
    return head + Array(text.utf8)
  }

  static func list(count: Int) -> [UInt8] {
    count < 16 ? [0x90 | UInt8(count)] : [0xDC] + big(UInt64(count), 2)
  }

  static func object(count: Int) -> [UInt8] {
    count < 16 ? [0x80 | UInt8(count)] : [0xDE] + big(UInt64(count), 2)
  }

  private static func big(_ number: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (count - 1 - $0))) }
  }
}
