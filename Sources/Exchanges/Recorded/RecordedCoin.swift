import Market
import Trading

/// The files of one coin, each read when it is first needed and then kept.
///
/// A coin may have candles of several time frames over different stretches of time. One rule
/// holds for all questions: the finest file that covers the time asked for answers.
struct RecordedCoin {
  let coin: Coin
  /// The coin's candle files, finest first.
  private(set) var files: [CandleSource]
  private let fundingPath: String?
  private let knownUntil: Timestamp?
  private var loadedFunding: [FundingPoint]?
  private var resamples: [Resample: CandleSeries] = [:]

  init(
    coin: Coin, candlePaths: [Timeframe: String], fundingPath: String?, knownUntil: Timestamp?
  ) {
    self.coin = coin
    files = candlePaths.sorted { $0.key < $1.key }.map { CandleSource(timeframe: $0, path: $1) }
    self.fundingPath = fundingPath
    self.knownUntil = knownUntil
  }

  /// The freshest close known at an instant; `nil` before the first one.
  mutating func lastClose(at now: Timestamp) throws(MarketDataError) -> Close? {
    var best: Close?
    for index in files.indices {
      // A longer candle is worth reading only if it could have ended later.
      if let best, now.floored(to: files[index].timeframe.span) <= best.at { continue }
      let candles = try candles(index)
      let count = candles.countClosed(by: now)
      guard count > 0, let price = Price(mantissa: candles.closes[count - 1]) else { continue }
      let end = candles.closeTime(count - 1)
      if best.map({ end > $0.at }) ?? true { best = Close(at: end, price: price) }
    }
    return best
  }

  /// The open of the finest candle that begins at an instant, or less than its length later.
  mutating func nextOpen(at now: Timestamp) throws(MarketDataError) -> Price? {
    for index in files.indices {
      let candles = try candles(index)
      let next = candles.countOpened(before: now)
      guard next < candles.count,
        candles.openTimesMs[next] - now.ms < candles.timeframe.span.ms
      else { continue }
      return Price(mantissa: candles.opens[next])
    }
    return nil
  }

  /// The close of a candle that ended exactly at an instant.
  mutating func close(endingAt instant: Timestamp) throws(MarketDataError) -> Price? {
    for index in files.indices {
      guard instant == instant.floored(to: files[index].timeframe.span) else { continue }
      let candles = try candles(index)
      let count = candles.countClosed(by: instant)
      if count > 0, candles.closeTime(count - 1) == instant {
        return Price(mantissa: candles.closes[count - 1])
      }
    }
    return nil
  }

  /// The last candles that ended by an instant, at most `limit`.
  ///
  /// They come from the file of that time frame or are made of a shorter one: the first of these
  /// that fills the window, else the one that fills it most.
  mutating func window(
    _ timeframe: Timeframe, endingBy now: Timestamp, limit: Int
  ) throws(MarketDataError) -> CandleSeries {
    var best = CandleSeries(timeframe: timeframe)
    for index in sourceFiles(of: timeframe) {
      let window = try resampled(index, to: timeframe).window(endingBy: now, limit: limit)
      if window.count > best.count { best = window }
      if best.count >= limit { break }
    }
    return best
  }

  /// The files that windows of a time frame can come from, the best first.
  private func sourceFiles(of timeframe: Timeframe) -> [Int] {
    let exact = files.indices.filter { files[$0].timeframe == timeframe }
    let shorter = files.indices.filter {
      files[$0].timeframe < timeframe && timeframe.span.ms % files[$0].timeframe.span.ms == 0
    }
    return exact + shorter
  }

  /// All candles that windows of a time frame can be cut from, the best ones first.
  mutating func sources(of timeframe: Timeframe) throws(MarketDataError) -> [CandleSeries] {
    var sources: [CandleSeries] = []
    for index in sourceFiles(of: timeframe) {
      sources.append(try resampled(index, to: timeframe))
    }
    return sources
  }

  /// All of it, with the shortest candles.
  mutating func tape() throws(MarketDataError) -> RecordedTape {
    guard !files.isEmpty else {
      preconditionFailure("expected candle files of \(coin), was none")
    }
    return RecordedTape(
      timeframes: files.map(\.timeframe), candles: try candles(0), funding: try funding())
  }

  /// What was traded in the 24 hours up to the last candle, USD; `nil` when no file covers them.
  mutating func dayVolumeUSD(at now: Timestamp) throws(MarketDataError) -> Double? {
    for index in files.indices {
      let candles = try candles(index)
      let count = candles.countClosed(by: now)
      guard count > 0 else { continue }
      let end = candles.closeTime(count - 1)
      let start = end - .day
      guard now - end < candles.timeframe.span, candles.openTimesMs[0] <= start.ms else { continue }
      return files[index].traded(from: candles.countOpened(before: start), to: count)
    }
    return nil
  }

  /// The latest funding rate at or before an instant.
  mutating func funding(at now: Timestamp) throws(MarketDataError) -> FundingPoint? {
    let points = try funding()
    let count = Self.count(of: points, through: now)
    return count > 0 ? points[count - 1] : nil
  }

  /// The candles that ended, and the full hours, in `start` < t ≤ `end`.
  mutating func replay(
    after start: Timestamp, through end: Timestamp
  ) throws(MarketDataError) -> MarketReplay {
    let candles = try replayedCandles(after: start, through: end)
    let points = try funding()
    let first = Self.count(of: points, through: start)
    let funding = Array(points[first..<max(first, Self.count(of: points, through: end))])
    let span = candles.timeframe.span
    let ends = candles.openTimesMs.map { $0 + span.ms }
    let gaps =
      Gaps(after: start, through: end, every: span).words("\(coin) \(span) candles", present: ends)
      + Gaps(after: start, through: end, every: .hour).words(
        "\(coin) funding hours", present: funding.map(\.at.ms))
    return MarketReplay(candles: candles, funding: funding, gaps: gaps)
  }

  /// A close and when it was made.
  struct Close {
    let at: Timestamp
    let price: Price
  }
}

extension RecordedCoin {
  private struct Resample: Hashable {
    let file: Int
    let minutes: Int64
  }

  private mutating func candles(_ index: Int) throws(MarketDataError) -> CandleSeries {
    try files[index].load(endingBy: knownUntil)
  }

  private mutating func resampled(
    _ index: Int, to timeframe: Timeframe
  ) throws(MarketDataError) -> CandleSeries {
    if files[index].timeframe == timeframe { return try candles(index) }
    // Kept: resampling 38,000 candles takes about a millisecond, asking again a microsecond.
    let key = Resample(file: index, minutes: timeframe.span.ms / Span.minute.ms)
    if let kept = resamples[key] { return kept }
    let made = try candles(index).resampled(to: timeframe) ?? CandleSeries(timeframe: timeframe)
    resamples[key] = made
    return made
  }

  private mutating func funding() throws(MarketDataError) -> [FundingPoint] {
    if let loadedFunding { return loadedFunding }
    let points =
      if let fundingPath {
        try FundingFile.read(fundingPath, until: knownUntil)
      } else {
        [FundingPoint]()
      }
    loadedFunding = points
    return points
  }

  /// The candles of the finest file that covers the time, else of the one that covers most of it.
  private mutating func replayedCandles(
    after start: Timestamp, through end: Timestamp
  ) throws(MarketDataError) -> CandleSeries {
    var best = CandleSeries(timeframe: files.first?.timeframe ?? .m1)
    var covered: Int64 = 0
    for index in files.indices {
      let candles = try candles(index)
      let count = candles.countClosed(by: end)
      guard count > 0 else { continue }
      let first = candles.openTimesMs[0]
      let last = candles.closeTime(count - 1)
      let coverage = last.ms - max(start.ms, first)
      if coverage > covered {
        covered = coverage
        best = candles.slice(min(candles.countClosed(by: start), count)..<count)
      }
      if first <= start.ms, last == end.floored(to: candles.timeframe.span) { break }
    }
    return best
  }

  static func count(of points: [FundingPoint], through instant: Timestamp) -> Int {
    var low = 0
    var high = points.count
    while low < high {
      let middle = (low + high) / 2
      if points[middle].at <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// One candle file of a coin.
struct CandleSource {
  let timeframe: Timeframe
  let path: String
  private var candles: CandleSeries?
  /// What was traded in all candles before each one, USD; the last is the sum of all.
  private var tradedBefore: [Double] = []

  init(timeframe: Timeframe, path: String) {
    self.timeframe = timeframe
    self.path = path
  }

  mutating func load(endingBy end: Timestamp?) throws(MarketDataError) -> CandleSeries {
    if let candles { return candles }
    let read = try CandleFile.read(path, timeframe: timeframe, endingBy: end)
    candles = read
    return read
  }

  /// What was traded in a range of the candles that are loaded, USD.
  mutating func traded(from first: Int, to end: Int) -> Double? {
    guard let candles else { return nil }
    if tradedBefore.isEmpty {
      // Kept: a sum over a day of minutes each cycle would cost as much as the whole snapshot.
      tradedBefore.reserveCapacity(candles.count + 1)
      var sum = 0.0
      tradedBefore.append(sum)
      for (close, volume) in zip(candles.closes, candles.volumes) {
        sum += Double(close) / Double(exactDecimalScale) * volume
        tradedBefore.append(sum)
      }
    }
    return tradedBefore[end] - tradedBefore[first]
  }
}

/// Finds the instants that are missing in a regular row of them.
struct Gaps {
  private let first: Int64
  private let end: Int64
  private let step: Int64

  /// Expects the multiples of `step` in `start` < t ≤ `end`.
  init(after start: Timestamp, through end: Timestamp, every step: Span) {
    first = (start.floored(to: step) + step).ms
    self.end = end.ms
    self.step = step.ms
  }

  /// The missing stretches in words; `present` ascends.
  func words(_ what: String, present: [Int64]) -> [String] {
    var gaps: [String] = []
    var expected = first
    for instant in present + [end - (end - first) % step + step] where instant >= expected {
      if instant > expected, expected <= end {
        let last = min(instant - step, end)
        let count = (last - expected) / step + 1
        gaps.append(
          "\(what) missing: \(count), ending \(Timestamp(ms: expected))"
            + (count > 1 ? " to \(Timestamp(ms: last))" : ""))
      }
      expected = instant + step
    }
    return gaps
  }
}
