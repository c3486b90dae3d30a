import Market
import Trading

/// How alike two coins moved lately.
enum Correlation: Equatable {
  /// Pearson's ρ of their hourly returns, −1…1.
  case known(Double)
  /// It cannot be told, for the reason given.
  case unknown(String)

  /// How far back returns are compared.
  static let reach = Span.day * 30
  /// Candles of one hour that give every return of that time.
  static let candles = 721
  /// Common returns below which ρ means nothing: a week.
  static let leastReturns = 168
  /// Above this ρ, or below its opposite, two coins count as one.
  static let threshold = 0.8

  /// The correlation of the simple hourly returns of two coins over the last 30 days, paired by the
  /// hour they end at.
  static func between(_ left: Coin, _ right: Coin, in market: MarketSnapshot) -> Correlation {
    let first = returns(of: left, in: market)
    let second = returns(of: right, in: market)
    var pairs: [(Double, Double)] = []
    var index = 0
    for (time, value) in first {
      while index < second.count, second[index].time < time { index += 1 }
      guard index < second.count, second[index].time == time else { continue }
      pairs.append((value, second[index].value))
    }
    guard pairs.count >= leastReturns else {
      return .unknown("\(pairs.count) common hourly returns of at least \(leastReturns)")
    }
    return pearson(pairs).map { .known($0) } ?? .unknown("one of them did not move")
  }

  /// Pearson's ρ of pairs; `nil` when one side has no spread.
  ///
  /// Source: Pearson, "Note on regression and inheritance", 1895; two passes.
  static func pearson(_ pairs: [(Double, Double)]) -> Double? {
    let count = Double(pairs.count)
    guard count > 1 else { return nil }
    let meanLeft = pairs.reduce(0) { $0 + $1.0 } / count
    let meanRight = pairs.reduce(0) { $0 + $1.1 } / count
    var (both, left, right) = (0.0, 0.0, 0.0)
    for pair in pairs {
      let (dx, dy) = (pair.0 - meanLeft, pair.1 - meanRight)
      both += dx * dy
      left += dx * dx
      right += dy * dy
    }
    let spread = left.squareRoot() * right.squareRoot()
    guard spread > 0 else { return nil }
    return min(1, max(-1, both / spread))
  }

  /// The returns of neighbouring hours, with the hour each ends at, oldest first.
  private static func returns(
    of coin: Coin, in market: MarketSnapshot
  ) -> [(time: Timestamp, value: Double)] {
    guard
      let series = market.coins[coin]?.candles[.h1]?.window(endingBy: market.at, limit: candles)
    else { return [] }
    let closes = series.closes
    return series.openTimesMs.indices.dropFirst().compactMap { index in
      let time = series.closeTime(index)
      guard series.closeTime(index - 1) == time - .hour, time > market.at - reach else {
        return nil
      }
      return (time, Double(closes[index]) / Double(closes[index - 1]) - 1)
    }
  }
}
