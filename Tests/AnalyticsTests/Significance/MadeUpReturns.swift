import Analytics
import Testing
import Trading

/// Seeded returns whose truth is known.
struct MadeUpReturns {
  /// Noise of mean 0 and variance 1.
  enum Noise: String, CaseIterable {
    /// Sum of twelve uniform numbers: nearly normal.
    case normal
    /// One in twenty is seven times as far out: kurtosis about 30.
    case fatTails
    /// Correlated by 0.2 with the one before.
    case autocorrelated
  }

  let noise: Noise
  let periods: Int
  /// Of each trader the mean of its logarithmic growth in a period.
  let growth: [Double]
  /// The deviation of all.
  var deviation = 0.02

  /// Half of the variance is the market's. Traders are called t0, t1, …
  func series(seed: UInt64) throws -> [ReturnSeries] {
    var random = SeededGenerator(seed: seed)
    let half = 0.5.squareRoot()
    let market = values(&random)
    return try growth.enumerated().map { trader, growth in
      let returns = zip(market, values(&random)).map { market, own in
        Elementary.exp(growth + deviation * half * (market + own)) - 1
      }
      return ReturnSeries(
        trader: try #require(TraderID("t\(trader)")), periods: (0..<Int64(periods)).map { $0 },
        returns: returns)
    }
  }

  private func values(_ random: inout SeededGenerator) -> [Double] {
    var last = 0.0
    return (0..<periods).map { index in
      var value = (0..<12).reduce(-6.0) { sum, _ in sum + random.unit() }
      switch noise {
      case .normal: return value
      case .fatTails:
        // 0.95·1 + 0.05·49 = 3.4 is its variance.
        if random.unit() < 0.05 { value *= 7 }
        return value / 3.4.squareRoot()
      case .autocorrelated:
        last = index == 0 ? value : 0.2 * last + 0.96.squareRoot() * value
        return last
      }
    }
  }
}
