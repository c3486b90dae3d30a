package import Trading

/// The prices of one stretch of time in one coin.
package struct Candle: Sendable, Hashable {
  /// When it begins.
  package let openTime: Timestamp
  /// First price.
  package let open: Price
  /// Highest price.
  package let high: Price
  /// Lowest price.
  package let low: Price
  /// Last price.
  package let close: Price
  /// Coins traded, zero or more.
  package let volume: Double

  /// A candle; `nil` unless low ≤ open, close ≤ high and the volume is finite and not negative.
  package init?(
    openTime: Timestamp, open: Price, high: Price, low: Price, close: Price, volume: Double
  ) {
    // Mantissas, because comparing prices from another module costs a generic call each: files of
    // 40,000 candles are read at start-up.
    guard low.mantissa <= min(open.mantissa, close.mantissa),
      high.mantissa >= max(open.mantissa, close.mantissa), volume.isFinite, volume >= 0
    else { return nil }
    self.openTime = openTime
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
  }
}

/// Finished candles of one coin and time frame, oldest first, stored as one array per column.
///
/// Times ascend strictly and are multiples of the time frame; gaps may occur.
package struct CandleSeries: Sendable, Equatable {
  /// The time frame.
  package let timeframe: Timeframe
  /// When each candle begins, in ms since 1970, ascending.
  package private(set) var openTimesMs: [Int64] = []
  /// First prices in steps of 1e-8.
  package private(set) var opens: [Int64] = []
  /// Highest prices in steps of 1e-8.
  package private(set) var highs: [Int64] = []
  /// Lowest prices in steps of 1e-8.
  package private(set) var lows: [Int64] = []
  /// Last prices in steps of 1e-8.
  package private(set) var closes: [Int64] = []
  /// Coins traded.
  package private(set) var volumes: [Double] = []

  /// A series without candles.
  package init(timeframe: Timeframe) { self.timeframe = timeframe }

  /// Makes room for that many candles.
  package mutating func reserve(_ count: Int) {
    openTimesMs.reserveCapacity(count)
    opens.reserveCapacity(count)
    highs.reserveCapacity(count)
    lows.reserveCapacity(count)
    closes.reserveCapacity(count)
    volumes.reserveCapacity(count)
  }

  /// Adds a candle at the end.
  ///
  /// - Returns: `false`, with nothing added, when it does not come after the last one or does not
  ///   begin at a multiple of the time frame.
  @discardableResult
  package mutating func append(_ candle: Candle) -> Bool {
    guard candle.openTime.ms % timeframe.span.ms == 0,
      candle.openTime.ms > openTimesMs.last ?? .min
    else { return false }
    openTimesMs.append(candle.openTime.ms)
    opens.append(candle.open.mantissa)
    highs.append(candle.high.mantissa)
    lows.append(candle.low.mantissa)
    closes.append(candle.close.mantissa)
    volumes.append(candle.volume)
    return true
  }

  /// Adds candles of another series of the same time frame at the end, column by column.
  ///
  /// - Returns: `false`, with nothing added, when the time frames differ or the candles do not come
  ///   after the last one.
  @discardableResult
  package mutating func append(_ other: CandleSeries, in range: Range<Int>) -> Bool {
    guard timeframe == other.timeframe else { return false }
    guard !range.isEmpty else { return true }
    guard other.openTimesMs[range.lowerBound] > openTimesMs.last ?? .min else { return false }
    openTimesMs.append(contentsOf: other.openTimesMs[range])
    opens.append(contentsOf: other.opens[range])
    highs.append(contentsOf: other.highs[range])
    lows.append(contentsOf: other.lows[range])
    closes.append(contentsOf: other.closes[range])
    volumes.append(contentsOf: other.volumes[range])
    return true
  }

  /// How many candles there are.
  package var count: Int { openTimesMs.count }

  /// Whether there are none.
  package var isEmpty: Bool { openTimesMs.isEmpty }

  /// The candle at an index in 0..<count.
  package subscript(index: Int) -> Candle {
    guard let open = Price(mantissa: opens[index]), let high = Price(mantissa: highs[index]),
      let low = Price(mantissa: lows[index]), let close = Price(mantissa: closes[index]),
      let candle = Candle(
        openTime: Timestamp(ms: openTimesMs[index]), open: open, high: high, low: low,
        close: close, volume: volumes[index])
    else { preconditionFailure("expected a valid candle at index \(index)") }
    return candle
  }

  /// The last candle; `nil` when there are none.
  package var last: Candle? { isEmpty ? nil : self[count - 1] }

  /// When the candle at an index ends.
  package func closeTime(_ index: Int) -> Timestamp {
    Timestamp(ms: openTimesMs[index] + timeframe.span.ms)
  }

  /// The number of candles that begin before an instant, by binary search.
  package func countOpened(before instant: Timestamp) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if openTimesMs[middle] < instant.ms { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The number of candles that have ended by an instant: the only ones known then.
  package func countClosed(by instant: Timestamp) -> Int {
    countOpened(before: instant - timeframe.span + Span(ms: 1))
  }

  /// The candles in a range of indices.
  package func slice(_ range: Range<Int>) -> CandleSeries {
    var part = CandleSeries(timeframe: timeframe)
    part.openTimesMs = Array(openTimesMs[range])
    part.opens = Array(opens[range])
    part.highs = Array(highs[range])
    part.lows = Array(lows[range])
    part.closes = Array(closes[range])
    part.volumes = Array(volumes[range])
    return part
  }

  /// The last candles, at most `limit`, that have ended by an instant.
  package func window(endingBy instant: Timestamp, limit: Int) -> CandleSeries {
    let end = countClosed(by: instant)
    return slice(max(0, end - limit)..<end)
  }

  /// Closing prices as floating-point numbers, for indicators.
  package var closesDouble: [Double] { closes.map { Double($0) / Double(exactDecimalScale) } }

  /// Candles of a longer time frame made of these; groups that are not complete are left out.
  ///
  /// - Parameters:
  ///   - longer: Their time frame.
  ///   - sumsDecimally: Whether volumes are summed as the decimals they were written as, to the
  ///     digit, instead of as floating-point numbers, which is quicker.
  /// - Returns: `nil` when the longer time frame is not a multiple of this one.
  package func resampled(
    to longer: Timeframe, summingDecimally sumsDecimally: Bool = false
  ) -> CandleSeries? {
    let ratio = longer.span.ms / timeframe.span.ms
    guard ratio >= 1, longer.span.ms % timeframe.span.ms == 0 else { return nil }
    var result = CandleSeries(timeframe: longer)
    var index = 0
    while index < count {
      let start = Timestamp(ms: openTimesMs[index]).floored(to: longer.span)
      let end = countOpened(before: start + longer.span)
      defer { index = end }
      guard openTimesMs[index] == start.ms, Int64(end - index) == ratio else { continue }
      let range = index..<end
      result.openTimesMs.append(start.ms)
      result.opens.append(opens[index])
      result.highs.append(highs[range].max() ?? highs[index])
      result.lows.append(lows[range].min() ?? lows[index])
      result.closes.append(closes[end - 1])
      result.volumes.append(
        sumsDecimally ? DecimalSum.of(volumes[range]) : volumes[range].reduce(0, +))
    }
    return result
  }
}
