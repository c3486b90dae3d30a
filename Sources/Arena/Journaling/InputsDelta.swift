import Journal
import Trading

/// Inputs written as what they share with those of an earlier cycle of the day, and what is new.
///
/// Of the candles, the books and the rows of the state most is as it was a cycle ago: a line that
/// stood there is named by its place, so that only what is new takes space.
enum InputsDelta {
  /// The form in which inputs are kept: `{"base":HASH|null,"parts":[…],"sha256":HASH}`.
  ///
  /// A part is `"START+COUNT"`, lines of the base, or a line itself.
  static func encode(
    _ lines: [[UInt8]], digest: RecordHash, base: EarlierInputs?
  ) -> [UInt8] {
    var parts: [UInt8] = []
    func add(_ part: some Sequence<UInt8>) {
      if !parts.isEmpty { parts.append(UInt8(ascii: ",")) }
      parts.append(contentsOf: part)
    }
    var places: [LineKey: Int]?
    let known = base?.lines ?? []
    var index = 0
    // Where the base goes on, most often.
    var expected = 0
    while index < lines.count {
      var start = expected
      if !known.indices.contains(start) || known[start] != lines[index] {
        if places == nil { places = Self.places(in: known) }
        guard let found = places?[LineKey(bytes: lines[index])] else {
          add(lines[index])
          index += 1
          expected += 1
          continue
        }
        start = found
      }
      var count = 0
      while index + count < lines.count, start + count < known.count,
        lines[index + count] == known[start + count]
      { count += 1 }
      add("\"\(start)+\(count)\"".utf8)
      index += count
      expected = start + count
    }
    var body = Array("{\"base\":".utf8)
    body += base.map { Array("\"\($0.hash.hex)\"".utf8) } ?? Array("null".utf8)
    body += Array(",\"parts\":[".utf8)
    body += parts
    body += Array("],\"sha256\":\"\(digest.hex)\"}".utf8)
    return body
  }

  /// The lines of inputs as they are kept.
  ///
  /// - Parameters:
  ///   - body: The form in which they are kept.
  ///   - read: Gives the lines of the inputs they were written against, by digest.
  /// - Returns: The lines.
  /// - Throws: ``TapeFault`` when they are not those that were recorded, and what `read` throws.
  static func decode(
    _ body: [UInt8], read: (RecordHash) throws -> [[UInt8]]
  ) throws -> [[UInt8]] {
    let document = try JSONReader.value(of: body)
    guard let parts = document["parts"]?.elements,
      let wanted = document["sha256"]?.text.flatMap({ RecordHash(hex: $0.utf8) })
    else { throw TapeFault(description: "expected parts and sha256 in the inputs of a cycle") }
    let base = try document["base"]?.text.flatMap { RecordHash(hex: $0.utf8) }.map(read) ?? []
    var lines: [[UInt8]] = []
    for part in parts {
      guard let place = part.text else {
        lines.append(part.bytes)
        continue
      }
      let numbers = place.split(separator: "+").compactMap { Int($0) }
      guard numbers.count == 2, numbers[0] >= 0, numbers[1] >= 0,
        numbers[0] + numbers[1] <= base.count
      else { throw TapeFault(description: "expected lines of the base, was \(place)") }
      lines += base[numbers[0]..<numbers[0] + numbers[1]]
    }
    let found = digest(of: lines)
    guard found == wanted else {
      throw TapeFault(
        description: "the inputs are not those that were recorded: expected SHA-256 \(wanted), "
          + "was \(found)")
    }
    return lines
  }

  /// The digest of lines, each ended by a line feed.
  static func digest(of lines: [[UInt8]]) -> RecordHash {
    RecordHash(of: joined(lines))
  }

  static func joined(_ lines: [[UInt8]]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(lines.reduce(0) { $0 + $1.count + 1 })
    for line in lines {
      text += line
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  /// The lines of a text in which each is ended by a line feed.
  static func split(_ text: ArraySlice<UInt8>) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = text.startIndex
    while start < text.endIndex {
      let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
      lines.append(Array(text[start..<end]))
      start = end + 1
    }
    return lines
  }

  private static func places(in lines: [[UInt8]]) -> [LineKey: Int] {
    var places: [LineKey: Int] = [:]
    places.reserveCapacity(lines.count)
    for (index, line) in lines.enumerated() {
      let key = LineKey(bytes: line)
      if places[key] == nil { places[key] = index }
    }
    return places
  }

  /// A line by which its place is found: hashed in one piece, as an array is byte by byte.
  private struct LineKey: Hashable {
    let bytes: [UInt8]

    func hash(into hasher: inout Hasher) {
      bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }
}

/// Inputs that others may be written against.
struct EarlierInputs: Sendable {
  /// By which they are found.
  let hash: RecordHash
  /// The day they are kept under.
  let day: CivilDay
  /// How many others they are written against, one behind the other.
  let depth: Int
  let lines: [[UInt8]]
  /// SHA-256 of the lines, each ended by a line feed.
  let digest: RecordHash

  /// The longest row of inputs that have to be read for one.
  static let longest = 64
}
