package import Trading

/// The middle of a trader's finished positions, by length and by size.
///
/// From the middle of some trades that of a few more is found by going a few steps along an index;
/// from nothing, by walking half of it.
package struct TradeMiddle: Sendable, Hashable {
  /// How many finished positions it is the middle of.
  package let trades: Int
  /// The middle one by time from the first entry to flat; of two the shorter.
  package let byLength: PositionNumber
  /// The middle one by entry notional; of two the smaller.
  package let byNotional: PositionNumber
  /// The median of that time, milliseconds.
  package let lengthMs: Double
  /// The median of the entry notional, raw USD.
  package let notional: Double

  /// A middle from its parts.
  package init(
    trades: Int, byLength: PositionNumber, byNotional: PositionNumber, lengthMs: Double,
    notional: Double
  ) {
    self.trades = trades
    self.byLength = byLength
    self.byNotional = byNotional
    self.lengthMs = lengthMs
    self.notional = notional
  }

  /// The median time from the first entry to flat, minutes.
  package var holdingMinutes: Double { lengthMs / Double(Span.minute.ms) }
}

extension StateStore {
  /// The middle of a trader's finished positions.
  ///
  /// - Parameters:
  ///   - trader: The trader.
  ///   - trades: How many finished positions it has.
  ///   - known: The middle of all but `new`; `nil` = not known.
  ///   - new: Those that came since.
  /// - Returns: The middle; `nil` while there are no trades.
  /// - Throws: ``JournalError``.
  package func tradeMiddle(
    of trader: TraderID, trades: Int, from known: TradeMiddle? = nil,
    adding new: [PositionNumber] = []
  ) throws(JournalError) -> TradeMiddle? {
    guard trades > 0 else { return nil }
    return try database.read("read the medians") { session in
      let step = TradeStep(trader: trader, trades: trades, known: known?.trades ?? 0, new: new)
      let lengths = try session.middle(step, from: known?.byLength, by: .length)
      let notionals = try session.middle(step, from: known?.byNotional, by: .notional)
      guard let length = lengths.first, let notional = notionals.first else { return nil }
      let lengthsMs = try lengths.compactMap { try session.place(of: $0, by: .length)?.key }
      let amounts = try notionals.compactMap { position in
        try session.first("SELECT entry_notional FROM trades WHERE position = ?", [position]) {
          try $0.next(USD.self).double
        }
      }
      return TradeMiddle(
        trades: trades, byLength: length, byNotional: notional,
        lengthMs: lengthsMs.reduce(0, +) / Double(lengthsMs.count),
        notional: amounts.reduce(0, +) / Double(amounts.count))
    }
  }
}

/// From how many trades of a trader to how many.
private struct TradeStep {
  let trader: TraderID
  let trades: Int
  let known: Int
  let new: [PositionNumber]

  /// Where the first middle one stands, from 0.
  var middle: Int { (trades - 1) / 2 }
  /// How many are in the middle.
  var count: Int { 2 - trades % 2 }
}

/// By what trades are put in order: an index over it ends with the trade's number.
struct TradeOrder {
  /// SQL that an index of each trader's trades is made of.
  let key: String

  static let length = TradeOrder(key: "closed_at_ms - opened_at_ms")
  static let notional = TradeOrder(key: "CAST(entry_notional AS REAL)")

  /// Walks from the lower end.
  var all: String {
    "SELECT position FROM trades WHERE trader = ? ORDER BY \(key), position LIMIT ? OFFSET ?"
  }

  /// Walks upwards from a trade, that one first.
  var upwards: String {
    """
    SELECT position FROM trades
    WHERE trader = ?1 AND \(key) >= ?2 AND (\(key) > ?2 OR position >= ?3)
    ORDER BY \(key), position LIMIT ?4 OFFSET ?5
    """
  }

  /// Walks downwards from a trade, the one below it first.
  var downwards: String {
    """
    SELECT position FROM trades
    WHERE trader = ?1 AND \(key) <= ?2 AND (\(key) < ?2 OR position < ?3)
    ORDER BY \(key) DESC, position DESC LIMIT 1 OFFSET ?4
    """
  }
}

/// Where a trade stands in an order.
private struct TradePlace {
  let key: Double
  let position: PositionNumber

  static func < (left: TradePlace, right: TradePlace) -> Bool {
    left.key == right.key ? left.position < right.position : left.key < right.key
  }
}

extension Session {
  /// The trades in the middle, the lower one first.
  fileprivate func middle(
    _ step: TradeStep, from known: PositionNumber?, by order: TradeOrder
  ) throws -> [PositionNumber] {
    if let found = try near(known, step, by: order), found.count == step.count { return found }
    return try rows(order.all, [step.trader, step.count, step.middle]) { try $0.next() }
  }

  /// The same, from what was the middle before the new trades; `nil` where that leads nowhere.
  private func near(
    _ known: PositionNumber?, _ step: TradeStep, by order: TradeOrder
  ) throws -> [PositionNumber]? {
    guard let known, step.known + step.new.count == step.trades,
      var start = try place(of: known, by: order)
    else { return nil }
    var below = 0
    for position in step.new {
      guard let place = try place(of: position, by: order) else { return nil }
      if place < start { below += 1 }
    }
    var up = step.middle - ((step.known - 1) / 2 + below)
    if up < 0 {
      let lower = try first(
        order.downwards, [step.trader, start.key, start.position, -up - 1]
      ) { try $0.next(PositionNumber.self) }
      guard let lower, let place = try place(of: lower, by: order) else { return nil }
      start = place
      up = 0
    }
    return try rows(
      order.upwards, [step.trader, start.key, start.position, step.count, up]
    ) { try $0.next() }
  }

  fileprivate func place(
    of position: PositionNumber, by order: TradeOrder
  ) throws -> TradePlace? {
    try first(
      "SELECT CAST(\(order.key) AS REAL) FROM trades WHERE position = ?", [position]
    ) { TradePlace(key: try $0.next(), position: position) }
  }
}
