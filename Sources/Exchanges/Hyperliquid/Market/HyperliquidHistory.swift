package import Market
package import Trading

/// Reads the past of Hyperliquid's market piece by piece, so that each can be saved before the next
/// is asked for.
package struct HyperliquidHistory: Sendable {
  /// A piece that is asked for at once.
  package struct Piece: Sendable, Hashable {
    /// The coin.
    package let coin: Coin
    /// The candles' time frame; `nil` = funding rates.
    package let timeframe: Timeframe?
    /// When the first of it begins, or is charged.
    package let from: Timestamp
    /// The first time that no longer belongs.
    package let to: Timestamp

    init(_ coin: Coin, _ timeframe: Timeframe?, _ stretch: OpenTimes) {
      self.coin = coin
      self.timeframe = timeframe
      from = stretch.from
      to = stretch.to
    }
  }

  private let info: HyperliquidInfo
  private let store: MarketStore
  private let clock: VenueClock

  /// Candles asked for at once, up to twice as many: a request costs as much as this many rows.
  private static let near = CandleShelf.rowsOfARequest
  /// Hours asked for at once, up to twice as many: less than the 500 that the venue cuts at.
  private static let hoursAtOnce: Int64 = 240

  /// A history.
  ///
  /// - Parameters:
  ///   - info: Asks the venue; its patience must be that of somebody who can wait for the limit of
  ///     requests.
  ///   - store: What is there is not asked for again.
  ///   - clock: The venue's time, learned by `info`.
  package init(info: HyperliquidInfo, store: MarketStore, clock: VenueClock) {
    self.info = info
    self.store = store
    self.clock = clock
  }

  /// How all coins are traded; teaches the clock the venue's time.
  package func instruments() async throws(InfoError) -> [Coin: Instrument] {
    let universe = try await info.meta()
    return Dictionary(
      universe.assets.map { ($0.instrument.coin, $0.instrument) }
    ) { first, _ in first }
  }

  /// The venue's time.
  package var now: Timestamp { clock.now }

  /// When the oldest candle of a time frame begins that the venue still has.
  package func oldest(_ timeframe: Timeframe) -> Timestamp {
    clock.now.floored(to: timeframe.span) - timeframe.span * CandleShelf.reach
  }

  /// The pieces of candles that begin in `from ..< to` to ask for, newest first: what the store
  /// lacks, or all when `again`; what the venue no longer has is not among them.
  ///
  /// Runs take a hole of up to 1200 candles between kept ones for the venue's own and never ask
  /// for it (``CandleShelf``). So the pieces reach to what is kept nearby, and saved in their order
  /// they leave no such hole behind, wherever a fetch is cut off.
  package func pieces(
    _ coin: Coin, _ timeframe: Timeframe, from: Timestamp, to: Timestamp, again: Bool
  ) throws -> [Piece] {
    let span = timeframe.span
    let settled = (clock.now - CandleShelf.settling).floored(to: span)
    var whole = OpenTimes(
      from: (max(from, oldest(timeframe)) + span - Span(ms: 1)).floored(to: span),
      to: min((to + span - Span(ms: 1)).floored(to: span), settled))
    guard !whole.isEmpty else { return [] }
    if again {
      return Self.cut(whole, span * Self.near).map { Piece(coin, timeframe, $0) }
    }
    let reach = span * Self.near
    let earlier = try store.candles(coin, timeframe, whole.from - reach, whole.from)
    let later = try store.candles(coin, timeframe, whole.to, min(whole.to + reach, settled))
    whole = OpenTimes(
      from: earlier.isEmpty
        ? whole.from : max(earlier.closeTime(earlier.count - 1), oldest(timeframe)),
      to: later.openTimesMs.first.map { Timestamp(ms: $0) } ?? whole.to)
    let kept = try store.candles(coin, timeframe, whole.from, whole.to)
    return whole.holes(in: kept).reversed().flatMap { hole in
      Self.cut(hole, reach).map { Piece(coin, timeframe, $0) }
    }
  }

  /// A stretch in parts of a length, newest first; the oldest part is longer than one length where
  /// there are several.
  private static func cut(_ stretch: OpenTimes, _ length: Span) -> [OpenTimes] {
    var parts: [OpenTimes] = []
    var to = stretch.to
    while to - stretch.from > length * 2 {
      parts.append(OpenTimes(from: to - length, to: to))
      to = to - length
    }
    return stretch.from < to ? parts + [OpenTimes(from: stretch.from, to: to)] : parts
  }

  /// The pieces of funding rates of the full hours in `from ..< to`, newest first.
  ///
  /// All of them, whatever the store has: that may be the estimate of a run's snapshot.
  package func fundingPieces(_ coin: Coin, from: Timestamp, to: Timestamp) -> [Piece] {
    let hours = OpenTimes(
      from: (from + .hour - Span(ms: 1)).floored(to: .hour),
      to: min((to + .hour - Span(ms: 1)).floored(to: .hour), clock.now.floored(to: .hour) + .hour))
    return Self.cut(hours, .hour * Self.hoursAtOnce).map { Piece(coin, nil, $0) }
  }

  /// What the venue has of a piece; candles only that are finished for certain.
  package func read(_ piece: Piece) async throws(InfoError) -> MarketAddition {
    guard let timeframe = piece.timeframe else {
      // A rate is stamped some ms after its hour.
      let points = try await info.fundingHistory(
        piece.coin, from: piece.from, to: piece.to - .hour + .minute)
      return MarketAddition(
        coin: piece.coin, candles: [],
        funding: points.filter { $0.at >= piece.from && $0.at < piece.to }, openInterest: nil)
    }
    let asked = clock.now
    let answer = try await info.candles(
      piece.coin, timeframe, from: piece.from, to: piece.to - Span(ms: 1), now: asked)
    let found = answer.finished.opened(OpenTimes(from: piece.from, to: piece.to))
    let settled = found.slice(0..<found.countClosed(by: asked - CandleShelf.settling))
    return MarketAddition(
      coin: piece.coin, candles: [settled], funding: [], openInterest: nil)
  }
}
