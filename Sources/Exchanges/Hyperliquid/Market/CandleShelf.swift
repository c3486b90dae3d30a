import Market
import Synchronization
import Trading

/// The finished candles of a venue: from the store, made of shorter ones there, and only what is
/// then still missing from the venue.
///
/// Nothing is saved here: what was read is handed back, to be saved with everything else of a run.
///
/// What is asked for reaches to what the store has before and after, unless that is further than
/// ``rowsOfARequest`` candles. So a shorter hole between two candles in the store is the venue's
/// (nobody traded then), and it is never asked for again, in no later run either.
final class CandleShelf: Sendable {
  private let info: HyperliquidInfo
  private let store: MarketStore
  private let clock: VenueClock
  private let memory = Mutex<[Key: Memory]>([:])

  init(info: HyperliquidInfo, store: MarketStore, clock: VenueClock) {
    self.info = info
    self.store = store
    self.clock = clock
  }

  /// How many of the newest candles the venue still has, less a few: it counts the forming one, and
  /// time passes while it is asked (protocol fact sheet §3: 5000).
  static let reach: Int64 = 4990
  /// A candle that ended less than this ago is used but not kept: our clock may run that much
  /// ahead of the venue's, whose candle would then still be forming.
  static let settling = Span.seconds(3)
  /// The same for a candle made of shorter ones, the last of which may not be kept yet.
  private static let settlingWhenMade = Span.minute
  /// A candle that the venue does not have this long after its end will not come any more.
  private static let patience = Span.seconds(15)
  /// A request costs as much as this many rows (20 weight, 60 rows each): what is missing within
  /// that distance is asked for at once.
  static let rowsOfARequest: Int64 = 1200

  /// Candles, and what of them is new to the store.
  struct Reading: Sendable {
    /// All that is known of the stretch.
    var candles: CandleSeries
    /// Those that are finished for certain and not in the store yet, some before the stretch.
    var unsaved: CandleSeries
    /// Why the venue could not be asked for the rest; `nil` = nothing is missing.
    var failure: InfoError?
  }

  /// The candles of a stretch; all of them must have ended.
  ///
  /// - Parameters:
  ///   - coin: The coin.
  ///   - timeframe: The time frame.
  ///   - stretch: Where the candles begin.
  ///   - shorter: Candles of shorter time frames read in this run, which the store may lack.
  /// - Returns: What is known.
  /// - Throws: What the store throws; a venue that cannot be asked is a ``Reading/failure``.
  func read(
    _ coin: Coin, _ timeframe: Timeframe, _ stretch: OpenTimes,
    knowing shorter: [Timeframe: CandleSeries] = [:]
  ) async throws -> Reading {
    let key = Key(coin: coin, timeframe: timeframe)
    var reading = Reading(
      candles: try store.candles(coin, timeframe, stretch.from, stretch.to),
      unsaved: CandleSeries(timeframe: timeframe))
    let holes = try holes(in: reading.candles, stretch, key)
    addFresh(key, stretch, to: &reading)
    try addMade(of: shorter, key, holes, to: &reading)
    for missing in wanted(key, holes, in: reading.candles) {
      let asked = clock.now
      do throws(InfoError) {
        let answer = try await info.candles(
          coin, timeframe, from: missing.from, to: missing.to - Span(ms: 1), now: asked)
        let found = answer.finished.opened(missing)
        let settled = found.countClosed(by: asked - Self.settling)
        reading.candles = reading.candles.overlaid(by: found)
        reading.unsaved = reading.unsaved.overlaid(by: found.slice(0..<settled))
        remember(missing, asked: asked, reading.candles, key)
      } catch {
        // Nothing new is kept: what was made might lie beyond what is missing.
        reading.unsaved = CandleSeries(timeframe: timeframe)
        reading.failure = error
        break
      }
    }
    reading.candles = reading.candles.opened(stretch)
    return reading
  }
}

extension CandleShelf {
  private struct Key: Hashable {
    let coin: Coin
    let timeframe: Timeframe
  }

  /// What this process learned of one coin's candles beyond the store.
  private struct Memory {
    /// Holes that the venue has, too: it was asked.
    var absent: [OpenTimes] = []
    /// The newest candle, used but not kept yet.
    var fresh: Candle?
  }

  /// Holes remembered per coin and time frame; the oldest are forgotten, and asked for again.
  private static let maxHoles = 256

  /// What the store lacks of a stretch and up to what it has before and after, without the venue's
  /// own holes.
  private func holes(
    in kept: CandleSeries, _ stretch: OpenTimes, _ key: Key
  ) throws -> [OpenTimes] {
    guard !stretch.isEmpty else { return [] }
    let near = key.timeframe.span * Self.rowsOfARequest
    var from: Timestamp?
    var to: Timestamp?
    if kept.openTimesMs.first != stretch.from.ms {
      let earlier = try store.candles(
        key.coin, key.timeframe, stretch.from - near, stretch.from)
      if !earlier.isEmpty { from = earlier.closeTime(earlier.count - 1) }
    }
    if kept.isEmpty || kept.closeTime(kept.count - 1) != stretch.to {
      let later = try store.candles(key.coin, key.timeframe, stretch.to, stretch.to + near)
      to = later.openTimesMs.first.map { Timestamp(ms: $0) }
    }
    let whole = OpenTimes(from: from ?? stretch.from, to: to ?? stretch.to)
    return whole.holes(in: kept).filter { hole in
      let isOpen = hole.from == whole.from && from == nil || hole.to == whole.to && to == nil
      return isOpen || hole.to - hole.from > near
    }
  }

  private func addFresh(_ key: Key, _ stretch: OpenTimes, to reading: inout Reading) {
    // Only while it is the newest: afterwards the venue is asked for it again with the next one.
    guard let fresh = memory.withLock({ $0[key]?.fresh }),
      fresh.openTime + key.timeframe.span == stretch.to, fresh.openTime >= stretch.from
    else { return }
    var series = CandleSeries(timeframe: key.timeframe)
    series.append(fresh)
    reading.candles = series.overlaid(by: reading.candles)
  }

  private func addMade(
    of known: [Timeframe: CandleSeries], _ key: Key, _ holes: [OpenTimes],
    to reading: inout Reading
  ) throws {
    let span = key.timeframe.span
    let settled = clock.now - Self.settlingWhenMade
    for shorter in Timeframe.allCases.reversed()
    where shorter < key.timeframe && span.ms % shorter.span.ms == 0 {
      for hole in holes.flatMap({ $0.holes(in: reading.candles) }) {
        var parts = try store.candles(key.coin, shorter, hole.from, hole.to)
        if let more = known[shorter] { parts = parts.overlaid(by: more.opened(hole)) }
        guard let made = parts.resampled(to: key.timeframe), !made.isEmpty else { continue }
        reading.candles = reading.candles.overlaid(by: made)
        let sure = made.slice(0..<made.countClosed(by: settled))
        reading.unsaved = reading.unsaved.overlaid(by: sure)
      }
    }
  }

  /// The stretches to ask the venue for.
  private func wanted(
    _ key: Key, _ holes: [OpenTimes], in present: CandleSeries
  ) -> [OpenTimes] {
    let span = key.timeframe.span
    let oldest = clock.now.floored(to: span) - span * Self.reach
    let absent = memory.withLock { $0[key]?.absent ?? [] }
    let missing = holes.flatMap { hole in
      OpenTimes(from: max(hole.from, oldest), to: hole.to).holes(in: present)
    }
    return OpenTimes.joined(
      missing.flatMap { $0.without(absent) }, within: span * Self.rowsOfARequest)
  }

  private func remember(
    _ stretch: OpenTimes, asked: Timestamp, _ candles: CandleSeries, _ key: Key
  ) {
    let span = key.timeframe.span
    let certain = (asked - Self.patience).floored(to: span)
    memory.withLock { memory in
      var known = memory[key] ?? Memory()
      let sure = OpenTimes(from: stretch.from, to: min(stretch.to, certain))
      known.absent = OpenTimes.joined(known.absent + sure.holes(in: candles), within: .zero)
      known.absent.removeFirst(max(0, known.absent.count - Self.maxHoles))
      if let last = candles.last, last.openTime + span > asked - Self.settling {
        known.fresh = last
      }
      memory[key] = known
    }
  }
}
