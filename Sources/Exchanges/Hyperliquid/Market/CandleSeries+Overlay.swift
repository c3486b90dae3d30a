import Market
import Trading

extension CandleSeries {
  /// These candles and those of another series of the same time frame; where both have one, the
  /// other's counts.
  func overlaid(by other: CandleSeries) -> CandleSeries {
    guard !other.isEmpty else { return self }
    guard !isEmpty else { return other }
    var result = CandleSeries(timeframe: timeframe)
    result.reserve(count + other.count)
    var own = 0
    var index = 0
    while index < other.count {
      let before = countOpened(before: Timestamp(ms: other.openTimesMs[index]))
      if before > own { result.append(self, in: own..<before) }
      // All of the other's candles up to this series' next one.
      var end = other.count
      if before < count {
        end = other.countOpened(before: Timestamp(ms: openTimesMs[before]))
        own = before
        if end == index {
          end = index + 1
          own = before + 1
        }
      } else {
        own = count
      }
      result.append(other, in: index..<end)
      index = end
    }
    if own < count { result.append(self, in: own..<count) }
    return result
  }

  /// The candles that begin in a stretch.
  func opened(_ stretch: OpenTimes) -> CandleSeries {
    let first = countOpened(before: stretch.from)
    return slice(first..<max(first, countOpened(before: stretch.to)))
  }

  /// The close of the candle that ended exactly at an instant; `nil` = there is none.
  func close(endingAt instant: Timestamp) -> Price? {
    let count = countClosed(by: instant)
    guard count > 0, closeTime(count - 1) == instant else { return nil }
    return Price(mantissa: closes[count - 1])
  }
}
