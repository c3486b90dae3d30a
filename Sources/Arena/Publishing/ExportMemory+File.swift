import Analytics
import Journal
import Trading

extension ExportMemory {
  /// What the first word of the file is; another form of the file has another number.
  private static let form: Int64 = 0x6E6F_6630_0000_0002

  /// The file's bytes: whole numbers of 64 bits, the lowest byte first; the second of them is the
  /// checksum of those after it.
  var encoded: [UInt8] {
    var words: [Int64] = [hour, billedThrough.number, Int64(curves.count)]
    for (id, curve) in curves.sorted(by: { $0.key < $1.key }) {
      words.append(name: id.name)
      words.append(Int64(curve.points.count))
      for point in curve.points {
        words += [
          point.at.ms, point.equity.mantissa, point.nav.mantissa, point.unrealised.mantissa,
        ]
      }
      words += [curve.nextCycle, Int64(curve.hours.count)]
      for hour in curve.hours {
        words += [
          hour.start.ms, Int64(hour.decisions), Int64(hour.entries), Int64(hour.refused),
        ]
      }
      words += [Int64(curve.trades), curve.lastTrade.at.ms, curve.lastTrade.position]
      words.append(Int64(curve.nets.count))
      words += curve.nets.map(\.mantissa)
      words.append(curve.middle == nil ? 0 : 1)
      if let middle = curve.middle {
        words += [middle.byLength, middle.byNotional]
        words += [middle.lengthMs, middle.notional].map { Int64(bitPattern: $0.bitPattern) }
      }
    }
    words.append(Int64(bills.count))
    for (payer, bill) in bills.sorted(by: { $0.key < $1.key }) {
      words.append(name: payer.trader.name)
      words.append(name: payer.model.name)
      words += [Int64(bill.calls), Int64(bill.tokens), bill.cost.mantissa]
    }
    let all = [Self.form, Self.checksum(of: words[...])] + words
    return all.withUnsafeBytes { Array($0) }
  }

  /// The memory of a file; `nil` when it is not one of this form, or damaged.
  init?(encoded bytes: [UInt8]) {
    guard bytes.count % 8 == 0, bytes.count >= 40 else { return nil }
    let words = bytes.withUnsafeBytes { raw in
      (0..<(raw.count / 8)).map { raw.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self) }
    }
    guard words[0] == Self.form, words[1] == Self.checksum(of: words[2...]) else { return nil }
    var reader = WordReader(rest: words[2...])
    guard let hour = reader.next(), let billed = reader.next() else { return nil }
    self.init(at: Timestamp(ms: hour * Span.hour.ms))
    billedThrough = CivilDay(number: billed)
    isDue = false
    for _ in 0..<(reader.next() ?? 0) {
      guard let id = reader.name().flatMap(TraderID.init), let curve = reader.curve(of: id) else {
        return nil
      }
      curves[id] = curve
    }
    for _ in 0..<(reader.next() ?? 0) {
      guard let trader = reader.name().flatMap(TraderID.init),
        let model = reader.name().flatMap(ModelAlias.init), let calls = reader.next(),
        let tokens = reader.next(), let cost = reader.next()
      else { return nil }
      bills[Payer(trader: trader, model: model)] = Bill(
        calls: Int(calls), tokens: Int(tokens), cost: USD(mantissa: cost))
    }
    guard reader.rest.isEmpty else { return nil }
  }

  /// FNV-1a over whole words: against torn and old files, not against people.
  private static func checksum(of words: ArraySlice<Int64>) -> Int64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for word in words { hash = (hash ^ UInt64(bitPattern: word)) &* 0x100_0000_01B3 }
    return Int64(bitPattern: hash)
  }
}

extension [Int64] {
  /// Adds a name: its length, then a word for each byte.
  fileprivate mutating func append(name: String) {
    append(Int64(name.utf8.count))
    self += name.utf8.map(Int64.init)
  }
}

/// Reads words one after another; `nil` where they end too early.
private struct WordReader {
  var rest: ArraySlice<Int64>

  mutating func next() -> Int64? { rest.popFirst() }

  mutating func words(_ count: Int64) -> ArraySlice<Int64>? {
    guard count >= 0, count <= Int64(rest.count) else { return nil }
    let taken = rest.prefix(Int(count))
    rest = rest.dropFirst(Int(count))
    return taken
  }

  /// So many records of so many words each, made one by one from all words and where each begins.
  mutating func records<Record>(
    of width: Int64, _ record: (ArraySlice<Int64>, Int) -> Record
  ) -> [Record]? {
    guard let count = next(), count >= 0, count <= Int64(rest.count),
      let all = words(count * width)
    else { return nil }
    return stride(from: all.startIndex, to: all.endIndex, by: Int(width)).map { record(all, $0) }
  }

  mutating func name() -> String? {
    guard let bytes = next().flatMap({ words($0) }) else { return nil }
    return String(decoding: bytes.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
  }

  mutating func curve(of id: TraderID) -> ExportMemory.Curve? {
    var curve = ExportMemory.Curve()
    let points = records(of: 4) { words, first in
      let equity = USD(mantissa: words[first + 1])
      let unrealised = USD(mantissa: words[first + 3])
      return EquityPoint(
        trader: id, at: Timestamp(ms: words[first]), equity: equity,
        nav: USD(mantissa: words[first + 2]), cash: equity - unrealised, unrealised: unrealised,
        marginUsed: .zero)
    }
    guard let points, let cycle = next() else { return nil }
    let hours = records(of: 4) { words, first in
      DecisionHour(
        start: Timestamp(ms: words[first]), decisions: Int(words[first + 1]),
        entries: Int(words[first + 2]), refused: Int(words[first + 3]))
    }
    guard let hours, let trades = next(), let closedAt = next(), let position = next(),
      let nets = records(of: 1, { words, first in USD(mantissa: words[first]) }),
      let middles = records(
        of: 4,
        { words, first in
          TradeMiddle(
            trades: Int(trades), byLength: words[first], byNotional: words[first + 1],
            lengthMs: Double(bitPattern: UInt64(bitPattern: words[first + 2])),
            notional: Double(bitPattern: UInt64(bitPattern: words[first + 3])))
        })
    else { return nil }
    curve.middle = middles.first
    curve.points = points
    curve.nextCycle = cycle
    curve.hours = hours
    curve.trades = Int(trades)
    curve.lastTrade = (Timestamp(ms: closedAt), position)
    curve.nets = nets
    return curve
  }
}
