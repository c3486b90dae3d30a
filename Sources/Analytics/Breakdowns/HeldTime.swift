package import Trading

/// How long a trader was long, short and flat, summed over its coins.
package struct HeldTime: Sendable, Hashable {
  /// Time with a long position.
  package let long: Span
  /// Time with a short position.
  package let short: Span
  /// Time without a position.
  package let flat: Span

  /// Times from their parts.
  package init(long: Span, short: Span, flat: Span) {
    self.long = long
    self.short = short
    self.flat = flat
  }

  /// The times from an instant to another.
  ///
  /// - Parameters:
  ///   - input: The coins a trader may trade and its finished trades; its `since` is the start.
  ///   - open: Its open positions.
  ///   - end: The end.
  package init(_ input: AnalyticsInput, open: [Position], until end: Timestamp) {
    var held: [PositionSide: Int64] = [:]
    var coins = Set(input.coins)
    func count(_ side: PositionSide, _ coin: Coin, from start: Timestamp, to stop: Timestamp) {
      coins.insert(coin)
      held[side, default: 0] += max(0, (min(stop, end) - max(start, input.since)).ms)
    }
    for trade in input.trades {
      count(trade.side, trade.coin, from: trade.openedAt, to: trade.closedAt)
    }
    for position in open { count(position.side, position.coin, from: position.openedAt, to: end) }
    let long = held[.long] ?? 0
    let short = held[.short] ?? 0
    let whole = Int64(coins.count) * max(0, (end - input.since).ms)
    self.init(
      long: Span(ms: long), short: Span(ms: short), flat: Span(ms: max(0, whole - long - short)))
  }
}
