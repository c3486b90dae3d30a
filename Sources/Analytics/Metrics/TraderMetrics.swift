package import Trading

/// The running aggregates of one trader's record: their size does not grow with history.
///
/// Each cycle folds in what is new; folding everything from the beginning gives the same, to the
/// bit, because things of one kind come in the same order. Things of different kinds do not
/// depend on each other, so these may be folded in any order. A coin that was traded once, a
/// tenth of confidence and a step of leverage take some bytes each, all bounded; of days on which
/// trades ended the newest 400 are kept. Money is summed exactly.
package struct TraderMetrics: Sendable, Equatable {
  /// When the trader's record began.
  package private(set) var inception: Timestamp
  /// Yearly return of money that takes no risk, as a fraction, for Sortino's ratio: what returns
  /// fall short of is summed as they come, so aggregates of another rate must be made anew.
  package private(set) var riskFree: Double
  /// Whether they are the benchmark's: its closes of days are kept, as those of no trader, for the
  /// days of traders are held against them.
  package private(set) var isBenchmark: Bool
  private(set) var curve = CurveMetrics()
  private(set) var trades = TradeMetrics()
  private(set) var costs = CostMetrics()
  private(set) var behaviour = BehaviourMetrics()
  private var lastExit = Exit()

  /// Days of a year.
  static let daysPerYear = 365.0

  /// Aggregates of nothing.
  package init(inception: Timestamp, riskFree: Double = 0, isBenchmark: Bool = false) {
    self.inception = inception
    self.riskFree = riskFree
    self.isBenchmark = isBenchmark
  }

  /// Whether more can be taken into them as into others, which are of nothing: they began alike.
  package func goesOn(from none: TraderMetrics) -> Bool {
    inception == none.inception && riskFree == none.riskFree && isBenchmark == none.isBenchmark
  }

  /// Takes in an equity point, in time order; one of the same instant replaces.
  ///
  /// It is enough to take in the last one of each hour since inception and of each UTC day.
  package mutating func fold(_ point: EquityPoint) {
    curve.fold(
      point, since: inception, target: riskFree / Self.daysPerYear, keepsDays: isBenchmark)
  }

  /// Takes in a finished position, in the order of exits.
  ///
  /// - Parameters:
  ///   - trade: The position.
  ///   - equityAtEntry: The trader's equity at the last point of the last hour that was over when
  ///     the position was opened, USD; `nil` = there is none.
  package mutating func fold(_ trade: Trade, equityAtEntry: USD?) {
    lastExit = max(lastExit, Exit(trade))
    trades.fold(trade, equityAtEntry: equityAtEntry)
    behaviour.fold(trade)
  }

  /// Whether a trade should have been taken in before one that was: venues tell of some exits late.
  ///
  /// Streaks depend on the order, so the aggregates must be made anew from the record.
  package func isLate(_ trade: Trade) -> Bool { Exit(trade) < lastExit }

  /// Whether a trade is to be taken in before another one.
  ///
  /// Exits of one instant come in the order of their orders: a stop that was hit before the trader
  /// closed something else at that instant had its order first, whichever position is older.
  package static func isInOrder(_ trade: Trade, before other: Trade) -> Bool {
    Exit(trade) < Exit(other)
  }

  /// Takes in what the tables need of a finished position: for trades that are known from
  /// elsewhere, such as nof1's files.
  package mutating func fold(_ figures: TradeFigures) { trades.fold(figures) }

  /// Takes in a turn, in time order; a failed one, too.
  package mutating func fold(_ turn: TurnRecord, at instant: Timestamp) {
    behaviour.fold(turn, at: instant)
  }

  /// Takes in the trader's part of a fill.
  ///
  /// - Parameters:
  ///   - fill: The part.
  ///   - purpose: What its order is for; `nil` = none of ours.
  ///   - decisionMid: The mid price that its order was decided by; `nil` = not known.
  package mutating func fold(_ fill: Fill, of purpose: OrderPurpose?, decisionMid: Price?) {
    costs.fold(fill, of: purpose, decisionMid: decisionMid)
  }

  /// Takes in the trader's part of a funding payment.
  package mutating func fold(_ payment: FundingPayment) { costs.fold(payment) }

  /// Finished positions taken in.
  package var tradeCount: Int { Int(trades.all.count) }

  /// The reliability of stated confidence: ten bins, the least confident first.
  package var calibration: [CalibrationBin] { behaviour.calibration.reliability }
}

/// When a position ended: the record's order of trades.
private struct Exit: Sendable, Equatable, Comparable, Archived {
  private var at = Timestamp(ms: .min)
  private var order = Int64.min
  private var position: PositionNumber = .min

  /// Before any.
  init() {}

  init(_ trade: Trade) {
    at = trade.closedAt
    order = trade.exitOrderID
    position = trade.position
  }

  static func < (left: Exit, right: Exit) -> Bool {
    (left.at, left.order, left.position) < (right.at, right.order, right.position)
  }

  mutating func archive(in archive: inout some MetricsArchive) {
    var ms = at.ms
    archive.value("at_ms", &ms)
    at = Timestamp(ms: ms)
    archive.value("order", &order)
    archive.value("position", &position)
  }
}

// MARK: Storage

/// Bytes are no aggregates of this version; they must be made anew from the record.
package struct MetricsError: Error, Equatable, CustomStringConvertible {
  /// What was expected and what was there.
  package let description: String

  /// An error in words.
  package init(description: String) { self.description = description }
}

extension TraderMetrics: Archived {
  /// The number of the order of fields; one more for each change of it.
  private static let layout: UInt8 = 3

  /// The aggregates as bytes: the number of their layout, the fields, and a check sum.
  package var encoded: [UInt8] {
    var copy = self
    var writer = MetricsWriter(layout: Self.layout, capacity: 8192)
    copy.archive(in: &writer)
    var bytes = writer.take()
    withUnsafeBytes(of: Self.checkSum(of: bytes[...]).littleEndian) { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// Reads what ``encoded`` wrote.
  package init(decoding bytes: [UInt8]) throws(MetricsError) {
    guard bytes.count > 9, bytes[0] == Self.layout else {
      throw MetricsError(
        description: "expected aggregates of layout \(Self.layout), was "
          + (bytes.first.map { "layout \($0) in \(bytes.count) bytes" } ?? "nothing"))
    }
    let body = bytes.dropLast(8)
    var sum = MetricsReader(bytes.suffix(8))
    guard sum.word() == Self.checkSum(of: body) else {
      throw MetricsError(description: "expected aggregates with their check sum, was another one")
    }
    var reader = MetricsReader(body.dropFirst())
    self.init(inception: Timestamp(ms: 0))
    archive(in: &reader)
    guard reader.isComplete else {
      throw MetricsError(
        description: "expected \(bytes.count) bytes to be used up, was another end")
    }
  }

  /// What differs between aggregates by more than a share of the greater, in words.
  ///
  /// - Parameters:
  ///   - other: The aggregates to compare with.
  ///   - tolerance: The share that may differ; numbers below 1 may differ by this much.
  /// - Returns: The lines; empty when nothing differs.
  package func differences(from other: TraderMetrics, tolerance: Double) -> [String] {
    var copies = (self, other)
    var (mine, theirs) = (MetricsInventory(), MetricsInventory())
    copies.0.archive(in: &mine)
    copies.1.archive(in: &theirs)
    guard mine.fields.map(\.name) == theirs.fields.map(\.name) else {
      return [
        "the lists of coins, days or bars have \(mine.fields.count) fields, the others "
          + "\(theirs.fields.count)"
      ]
    }
    return zip(mine.fields, theirs.fields).compactMap { left, right in
      switch (left.field, right.field) {
      case (.number(let one), .number(let two)):
        let limit = tolerance * max(1, abs(one), abs(two))
        return one == two || abs(one - two) <= limit
          ? nil : "\(left.name) is \(one), the other is \(two)"
      case (let one, let two):
        return one == two ? nil : "\(left.name) is \(one), the other is \(two)"
      }
    }
  }

  mutating func archive(in archive: inout some MetricsArchive) {
    var ms = inception.ms
    archive.value("inception_ms", &ms)
    inception = Timestamp(ms: ms)
    archive.value("risk_free", &riskFree)
    var flag: Int64 = isBenchmark ? 1 : 0
    archive.value("is_benchmark", &flag)
    isBenchmark = flag != 0
    archive.value("curve", &curve)
    archive.value("trades", &trades)
    archive.value("costs", &costs)
    archive.value("behaviour", &behaviour)
    archive.value("last_exit", &lastExit)
  }

  /// FNV-1a of 64 bits (Fowler, Noll, Vo).
  private static func checkSum(of bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.withUnsafeBufferPointer { bytes in
      bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
  }
}
