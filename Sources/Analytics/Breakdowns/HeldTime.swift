import Trading

/// How long a trader was long, short and flat, summed over its coins.
struct HeldTime: Sendable, Hashable {
  /// Time with a long position.
  let long: Span
  /// Time with a short position.
  let short: Span
  /// Time without a position.
  let flat: Span

  /// The times from a trader's inception to an instant.
  ///
  /// - Parameters:
  ///   - metrics: Its finished positions.
  ///   - coins: The coins it may trade; those it traded count, too.
  ///   - open: Its open positions.
  ///   - end: The end.
  init(_ metrics: TraderMetrics, coins: [Coin], open: [Position], until end: Timestamp) {
    var held: [PositionSide: Int64] = [
      .long: metrics.trades.results(of: .long).heldMs,
      .short: metrics.trades.results(of: .short).heldMs,
    ]
    var names = Set(coins.map(\.name)).union(metrics.trades.coins.map(\.coin))
    for position in open {
      names.insert(position.coin.name)
      held[position.side, default: 0] += max(0, (end - position.openedAt).ms)
    }
    let (long, short) = (held[.long] ?? 0, held[.short] ?? 0)
    let whole = Int64(names.count) * max(0, (end - metrics.inception).ms)
    self.long = Span(ms: long)
    self.short = Span(ms: short)
    flat = Span(ms: max(0, whole - long - short))
  }
}
