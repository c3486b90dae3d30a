import Analytics
import Glibc
import Trading

/// How made-up returns scatter.
enum Scatter: String, CaseIterable {
  /// Independent and normal.
  case normal
  /// Independent, Student's t with three degrees of freedom, cut at 15 standard deviations.
  case fatTails = "fat tails"
  /// Normal; each is correlated by 0.2 with the one before it.
  case autocorrelated
  /// Normal in bursts: GARCH(1,1) with 0.10 and 0.85.
  case bursts
}

/// Makes arenas whose truth is known.
struct SyntheticArena {
  /// How the returns scatter.
  let scatter: Scatter
  /// Returns of each trader.
  let periods: Int
  /// Of each trader the true mean of its logarithmic growth in a period.
  let growth: [Double]
  /// Of each trader the standard deviation of that.
  let deviations: [Double]

  /// Half of each trader's variance is the market's, which all share.
  static let marketShare = 0.5

  /// The returns of all traders; the same seed gives the same.
  func series(seed: UInt64) -> [ReturnSeries] {
    var random = SeededGenerator(seeds: seed, UInt64(periods))
    let market = noise(&random, count: periods)
    return growth.indices.compactMap { trader in
      let own = noise(&random, count: periods)
      let returns = zip(market, own).map { market, own in
        exp(growth[trader] + deviations[trader] * Self.mix(market, own)) - 1
      }
      let digits = trader < 10 ? "0\(trader)" : "\(trader)"
      return TraderID("t\(digits)").map {
        ReturnSeries(trader: $0, periods: (0..<Int64(periods)).map { $0 }, returns: returns)
      }
    }
  }

  /// The true Sharpe ratio of each trader in a period, from 400,000 draws.
  func sharpe() -> [Double] {
    var random = SeededGenerator(seed: 2026)
    let count = 400_000
    // One draw has the same distribution whatever went before it.
    let market = noise(&random, count: count)
    let own = noise(&random, count: count)
    return growth.indices.map { trader in
      var mean = 0.0
      var square = 0.0
      for (market, own) in zip(market, own) {
        let logarithm = deviations[trader] * Self.mix(market, own)
        let value = exp(growth[trader] + logarithm) - 1
        // The mean of the logarithm is known to be 0: subtracting it takes out most of the error.
        mean += value - logarithm
        square += value * value
      }
      mean /= Double(count)
      return mean / (square / Double(count) - mean * mean).squareRoot()
    }
  }

  private static func mix(_ market: Double, _ own: Double) -> Double {
    marketShare.squareRoot() * market + (1 - marketShare).squareRoot() * own
  }

  /// Values of mean 0 and variance 1.
  private func noise(_ random: inout SeededGenerator, count: Int) -> [Double] {
    switch scatter {
    case .normal: return (0..<count).map { _ in random.normal() }
    case .fatTails: return (0..<count).map { _ in random.student3() }
    case .autocorrelated:
      var last = random.normal()
      return (0..<count).map { _ in
        defer { last = 0.2 * last + (1 - 0.04).squareRoot() * random.normal() }
        return last
      }
    case .bursts:
      var variance = 1.0
      var values: [Double] = []
      for index in 0..<(count + 100) {
        let value = variance.squareRoot() * random.normal()
        variance = 0.05 + 0.10 * value * value + 0.85 * variance
        if index >= 100 { values.append(value) }
      }
      return values
    }
  }
}

extension SeededGenerator {
  /// A standard normal number (Box and Muller 1958).
  fileprivate mutating func normal() -> Double {
    (-2 * log(1 - unit())).squareRoot() * cos(2 * Double.pi * unit())
  }

  /// A number of Student's t with three degrees of freedom, scaled to variance 1 before the cut.
  fileprivate mutating func student3() -> Double {
    while true {
      let squares = (0..<3).reduce(0.0) { sum, _ in
        let value = normal()
        return sum + value * value
      }
      let value = normal() / squares.squareRoot()
      if value.magnitude <= 15 { return value }
    }
  }
}
