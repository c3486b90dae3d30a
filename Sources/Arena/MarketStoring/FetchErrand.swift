import Exchanges
import Journal
import Market
import Trading

/// What is fetched from a venue, piece by piece.
final class FetchErrand {
  private let provider: ProviderID
  private let coins: [Coin]
  private let frames: [Timeframe]
  private let from: Timestamp
  private let to: Timestamp
  private let withFunding: Bool
  private let isAgain: Bool
  private let history: HyperliquidHistory
  private var store: StateStore?
  private var merges: [Key: MarketMerge] = [:]
  /// What the operator should know.
  private(set) var notices: [String] = []

  private struct Key: Hashable {
    let coin: Coin
    /// `nil` = funding rates.
    let frame: Timeframe?
  }

  /// An errand; the history must know the venue's time.
  ///
  /// Exit code 64 when it begins before what the provider keeps, or in the future.
  init(
    provider: ProviderID, coins: [Coin], frames: [Timeframe], selection: MarketSelection,
    retention: Span, withFunding: Bool, isAgain: Bool, history: HyperliquidHistory
  ) throws {
    self.provider = provider
    self.coins = coins
    self.frames = frames
    self.withFunding = withFunding
    self.isAgain = isAgain
    self.history = history
    _ = try selection.stretch()
    let now = history.now
    // The first minute after what is dropped: the present goes on while the fetch does.
    let keptFrom = now - retention + .minute
    from = selection.from ?? keptFrom
    to = min(selection.to ?? now, now)
    guard from >= now - retention else {
      throw RunFailure(
        .usage,
        "--from: expected no time before \(keptFrom), because the next run drops what is older "
          + "than the `retention` of \(provider) in market.yaml (\(retention)), was \(from). Raise "
          + "`retention` or give a later time; nothing was fetched.")
    }
    guard from < to else {
      throw RunFailure(
        .usage, "--from: expected a time before \(to), was \(from); nothing was fetched.")
    }
    for frame in frames where history.oldest(frame) > from {
      notices.append(
        "the venue keeps about 5000 candles: there are none of \(frame) before "
          + "\(history.oldest(frame)). `nof0 market import` takes older ones from files.")
    }
  }

  /// Asks and saves, piece by piece.
  func run(_ desk: MarketWriting, isShown: Bool) async throws {
    store = desk.store
    let pieces = try pieces()
    for (index, piece) in pieces.enumerated() {
      if isShown { Self.show(piece, index, pieces.count) }
      let addition: MarketAddition
      do {
        addition = try await history.read(piece)
      } catch {
        Self.clear(isShown)
        throw RunFailure(
          .inputOutput,
          "\(error) \(index) of \(pieces.count) pieces are saved; the same command goes on from "
            + "there.")
      }
      let rule: MarketMerge.Rule = piece.timeframe == nil || isAgain ? .replace : .keep
      let merge = try await desk.alone { [provider] store in
        try store.mergeMarket(provider: provider, addition: addition, rule: rule)
      }
      let key = Key(coin: piece.coin, frame: piece.timeframe)
      merges[key] = (merges[key] ?? MarketMerge()) + merge
    }
    Self.clear(isShown)
  }

  private func pieces() throws -> [HyperliquidHistory.Piece] {
    try coins.flatMap { coin in
      try frames.flatMap {
        try history.pieces(coin, $0, from: from, to: to, again: isAgain)
      } + (withFunding ? history.fundingPieces(coin, from: from, to: to) : [])
    }
  }

  /// What the store has of the stretch now, with gaps where even the venue has nothing.
  func tallies() throws -> [MarketTally] {
    guard let store else { return [] }
    var tallies: [MarketTally] = []
    for coin in coins {
      for frame in frames {
        let candles = try store.marketCandles(
          provider: provider, coin: coin, timeframe: frame, from: from, to: to)
        // The last candle may still be forming.
        let end = min(to, history.now.floored(to: frame.span) - frame.span)
        tallies.append(
          MarketTally(
            name: "\(coin) \(frame)", coin: coin, kind: frame.rawValue, count: candles.count,
            bounds: candles.bounds, merge: merges[Key(coin: coin, frame: frame)] ?? MarketMerge(),
            gaps: MarketGap.of(
              candles.openTimesMs, from: max(from, history.oldest(frame)), to: end,
              every: frame.span)))
      }
      guard withFunding else { continue }
      let funding = try store.marketFunding(provider: provider, coin: coin, from: from, to: to)
      tallies.append(
        MarketTally(
          name: "\(coin) funding", coin: coin, kind: "funding", count: funding.count,
          bounds: funding.bounds, merge: merges[Key(coin: coin, frame: nil)] ?? MarketMerge(),
          gaps: MarketGap.of(
            funding.map(\.at.ms), from: from, to: min(to, history.now - .minutes(10)),
            every: .hour)))
    }
    return tallies
  }

  // MARK: Progress

  private static func show(_ piece: HyperliquidHistory.Piece, _ done: Int, _ total: Int) {
    guard StandardStreams.errorIsTerminal else { return }
    let kind = piece.timeframe?.rawValue ?? "funding"
    StandardStreams.writeError(
      "\r\u{1B}[K\(100 * done / max(1, total)) % · \(piece.coin) \(kind) · \(piece.from)")
  }

  private static func clear(_ isShown: Bool) {
    if isShown, StandardStreams.errorIsTerminal { StandardStreams.writeError("\r\u{1B}[K") }
  }
}
