import Market
import Trading

/// A stretch of opening times of candles of one time frame, both ends multiples of it.
struct OpenTimes: Hashable {
  /// The first.
  let from: Timestamp
  /// The first that no longer belongs.
  let to: Timestamp

  /// Whether there is none.
  var isEmpty: Bool { from >= to }

  /// The number of candles it has room for.
  func count(of timeframe: Timeframe) -> Int64 {
    isEmpty ? 0 : (to - from).ms / timeframe.span.ms
  }

  /// The stretches in it that `present` has no candle for, oldest first.
  func holes(in present: CandleSeries) -> [OpenTimes] {
    let step = present.timeframe.span
    var holes: [OpenTimes] = []
    var expected = from
    for ms in present.openTimesMs + [to.ms] where ms >= expected.ms && ms <= to.ms {
      let open = Timestamp(ms: ms)
      if open > expected { holes.append(OpenTimes(from: expected, to: open)) }
      expected = open + step
    }
    return holes
  }

  /// What is left of it without other stretches, which ascend and do not overlap.
  func without(_ others: [OpenTimes]) -> [OpenTimes] {
    var left: [OpenTimes] = []
    var start = from
    for other in others where other.to > start && other.from < to {
      if other.from > start { left.append(OpenTimes(from: start, to: other.from)) }
      start = max(start, other.to)
    }
    if start < to { left.append(OpenTimes(from: start, to: to)) }
    return left
  }

  /// The stretches, ascending, with those that touch or lie within `distance` joined.
  static func joined(_ stretches: [OpenTimes], within distance: Span) -> [OpenTimes] {
    var joined: [OpenTimes] = []
    for next in stretches.sorted(by: { $0.from < $1.from }) where !next.isEmpty {
      if let last = joined.last, next.from - last.to <= distance {
        joined[joined.count - 1] = OpenTimes(from: last.from, to: max(last.to, next.to))
      } else {
        joined.append(next)
      }
    }
    return joined
  }
}
