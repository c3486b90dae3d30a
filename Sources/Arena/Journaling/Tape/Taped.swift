import Market
import Trading

/// A value that is noted as elements of a JSON array, one behind the other.
protocol Taped {
  /// Adds its elements.
  func write(to line: inout TapeLine)

  /// Reads its elements.
  init(from reader: inout TapeReader) throws(TapeFault)
}

/// What stands on a tape cannot be read.
struct TapeFault: Error, CustomStringConvertible {
  let description: String
}

/// A line of a tape while it is written: a JSON array.
struct TapeLine {
  fileprivate(set) var bytes: [UInt8] = [UInt8(ascii: "[")]

  init() {}

  /// A line of one value.
  init(_ value: some Taped) { value.write(to: &self) }

  /// Adds a value.
  mutating func add(_ value: some Taped) { value.write(to: &self) }

  /// Adds how many entries a table has, then each key with its value, in the order of the keys.
  mutating func add<Key: Taped & Hashable, Order: Comparable>(
    table: [Key: some Taped], by order: (Key) -> Order
  ) {
    add(table.count)
    for (key, value) in table.sorted(by: { order($0.key) < order($1.key) }) {
      add(key)
      add(value)
    }
  }

  /// The whole line.
  var whole: [UInt8] { bytes + [UInt8(ascii: "]")] }

  fileprivate mutating func element(_ text: some Sequence<UInt8>) {
    separate()
    bytes.append(contentsOf: text)
  }

  fileprivate mutating func separate() {
    if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
  }

  fileprivate mutating func null() { element("null".utf8) }
}

extension [UInt8] {
  /// Appends a whole number, in decimal digits.
  mutating func append(decimal number: Int64) {
    if number < 0 { append(UInt8(ascii: "-")) }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var place = digits.count
      var rest = number.magnitude
      repeat {
        place -= 1
        let next = rest / 10
        digits[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest - next * 10)
        rest = next
      } while rest > 0
      append(contentsOf: digits[place...])
    }
  }
}

/// Reads the elements of a line.
struct TapeReader {
  private let elements: [JSONValue]
  private var index = 0

  /// A reader of a line; throws where it is no JSON array.
  init(_ line: [UInt8]) throws(TapeFault) {
    // Whatever is wrong with it, it is not what was written.
    guard let elements = (try? JSONReader.value(of: line))?.elements else {
      throw TapeFault(description: "expected a list on a line of the inputs")
    }
    self.elements = elements
  }

  /// The next value.
  mutating func next<Value: Taped>(
    _ type: Value.Type = Value.self
  ) throws(TapeFault) -> Value {
    try Value(from: &self)
  }

  /// Whether there is nothing more.
  var isAtEnd: Bool { index >= elements.count }

  fileprivate var isNull: Bool { elements.indices.contains(index) && elements[index] == .null }

  fileprivate mutating func element(_ wanted: String) throws(TapeFault) -> JSONValue {
    guard elements.indices.contains(index) else {
      throw TapeFault(description: "expected \(wanted), was the end of a line of the inputs")
    }
    index += 1
    return elements[index - 1]
  }

  fileprivate mutating func skip() { index += 1 }

  fileprivate func fault(_ wanted: String, _ value: JSONValue) -> TapeFault {
    TapeFault(description: "expected \(wanted) in the inputs, was \(value.document.prefix(80))")
  }
}

extension Int64: Taped {
  func write(to line: inout TapeLine) {
    line.separate()
    line.bytes.append(decimal: self)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let value = try reader.element("a whole number")
    guard case .number(let digits) = value, let number = Int64(digits) else {
      throw reader.fault("a whole number", value)
    }
    self = number
  }
}

extension Int: Taped {
  func write(to line: inout TapeLine) { Int64(self).write(to: &line) }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self = Int(try reader.next(Int64.self))
  }
}

extension Bool: Taped {
  func write(to line: inout TapeLine) { line.element((self ? "true" : "false").utf8) }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let value = try reader.element("true or false")
    guard let flag = value.flag else { throw reader.fault("true or false", value) }
    self = flag
  }
}

extension String: Taped {
  func write(to line: inout TapeLine) {
    line.separate()
    CanonicalJSON.quote(self, into: &line.bytes)
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let value = try reader.element("a text")
    guard let text = value.text else { throw reader.fault("a text", value) }
    self = text
  }
}

extension Double: Taped {
  // As a text: the shortest one that reads back as the same number, infinity too.
  func write(to line: inout TapeLine) { line.element("\"\(self)\"".utf8) }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let value = try reader.element("a number as text")
    guard let number = value.text.flatMap({ Double($0) }) else {
      throw reader.fault("a number as text", value)
    }
    self = number
  }
}

extension Timestamp: Taped {
  func write(to line: inout TapeLine) { ms.write(to: &line) }

  init(from reader: inout TapeReader) throws(TapeFault) { self.init(ms: try reader.next()) }
}

extension Span: Taped {
  func write(to line: inout TapeLine) { ms.write(to: &line) }

  init(from reader: inout TapeReader) throws(TapeFault) { self.init(ms: try reader.next()) }
}

extension Optional: Taped where Wrapped: Taped {
  func write(to line: inout TapeLine) {
    switch self {
    case .some(let value): value.write(to: &line)
    case .none: line.null()
    }
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    if reader.isNull {
      reader.skip()
      self = .none
    } else {
      self = .some(try reader.next())
    }
  }
}

extension Array: Taped where Element: Taped {
  func write(to line: inout TapeLine) {
    count.write(to: &line)
    for element in self { element.write(to: &line) }
  }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let count = try reader.next(Int.self)
    var elements: [Element] = []
    for _ in 0..<Swift.max(0, count) { elements.append(try reader.next()) }
    self = elements
  }
}

extension Taped where Self: ExactDecimal {
  func write(to line: inout TapeLine) { mantissa.write(to: &line) }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let mantissa = try reader.next(Int64.self)
    guard let value = Self(mantissa: mantissa) else {
      throw TapeFault(description: "expected a \(Self.self) in the inputs, was \(mantissa)")
    }
    self = value
  }
}

extension FundingRate: Taped {
  func write(to line: inout TapeLine) { trillionths.write(to: &line) }

  init(from reader: inout TapeReader) throws(TapeFault) {
    self.init(trillionths: try reader.next())
  }
}

extension USD: Taped {}
extension Price: Taped {}
extension Quantity: Taped {}
extension SignedQuantity: Taped {}
extension Bps: Taped {}
extension Factor: Taped {}

extension Taped where Self: NamedID {
  func write(to line: inout TapeLine) { name.write(to: &line) }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let name = try reader.next(String.self)
    guard let value = Self(name) else {
      throw TapeFault(description: "expected a \(Self.self) in the inputs, was \(name)")
    }
    self = value
  }
}

extension Coin: Taped {}
extension TraderID: Taped {}
extension AccountID: Taped {}
extension ProviderID: Taped {}

extension Taped where Self: RawRepresentable, RawValue == String {
  func write(to line: inout TapeLine) { rawValue.write(to: &line) }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let word = try reader.next(String.self)
    guard let value = Self(rawValue: word) else {
      throw TapeFault(description: "expected a \(Self.self) in the inputs, was \(word)")
    }
    self = value
  }
}

extension Timeframe: Taped {}
extension OrderSide: Taped {}
extension OrderPurpose: Taped {}
extension TimeInForce: Taped {}
extension FillCause: Taped {}
extension AlertSeverity: Taped {}

extension ClientOrderID: Taped {
  func write(to line: inout TapeLine) { text.write(to: &line) }

  init(from reader: inout TapeReader) throws(TapeFault) {
    let text = try reader.next(String.self)
    guard let id = ClientOrderID(text) else {
      throw TapeFault(description: "expected an order's id in the inputs, was \(text)")
    }
    self = id
  }
}
