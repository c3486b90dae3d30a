/// How far a Sharpe ratio can be trusted.
///
/// Ratios are per period, not annualised.
package struct SharpeConfidence: Sendable, Equatable {
  /// Returns that it is of.
  package let count: Int
  /// Mean over standard deviation.
  package let ratio: Double
  /// Third standardised moment.
  package let skewness: Double
  /// Fourth standardised moment; 3 for the normal distribution.
  package let kurtosis: Double

  /// The Sharpe ratio of returns above what takes no risk; `nil` = fewer than three, or all alike.
  package init?(_ returns: [Double]) {
    guard returns.count >= 3 else { return nil }
    let n = Double(returns.count)
    let mean = returns.reduce(0, +) / n
    var second = 0.0
    var third = 0.0
    var fourth = 0.0
    for value in returns {
      let square = (value - mean) * (value - mean)
      second += square
      third += square * (value - mean)
      fourth += square * square
    }
    guard second > 1e-24 * n else { return nil }
    let variance = second / n
    count = returns.count
    ratio = mean / (second / (n - 1)).squareRoot()
    skewness = third / n / (variance * variance.squareRoot())
    kurtosis = fourth / n / (variance * variance)
  }

  /// Variance of the estimate times (n − 1): Mertens (2002), Bailey & López de Prado (2012).
  private var spread: Double {
    max(1e-12, 1 - skewness * ratio + (kurtosis - 1) / 4 * ratio * ratio)
  }

  /// Probability that the true ratio is above a benchmark, 0–1.
  ///
  /// Bailey & López de Prado, "The Sharpe ratio efficient frontier", J. of Risk 15 (2012).
  package func probability(above benchmark: Double) -> Double {
    NormalDistribution.cdf(
      (ratio - benchmark) * (Double(count - 1)).squareRoot() / spread.squareRoot())
  }

  /// Returns that are needed to be 95 % sure of a ratio above 0; `nil` = the ratio is not, or by
  /// so little that there is no number for it.
  ///
  /// The minimum track record length of the same paper.
  package var minimumCount: Double? {
    guard ratio > 0 else { return nil }
    let z = NormalDistribution.quantile(0.95) / ratio
    let count = 1 + spread * z * z
    return count.isFinite ? count : nil
  }

  /// The ratio that the best of so many traders without skill is expected to show.
  ///
  /// Bailey & López de Prado, "The deflated Sharpe ratio", J. of Portfolio Management 40 (2014):
  /// the expected maximum of `ratios.count` normal ratios of their variance.
  package static func expectedBest(of ratios: [Double]) -> Double {
    guard ratios.count > 1 else { return 0 }
    let n = Double(ratios.count)
    let mean = ratios.reduce(0, +) / n
    let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    let gamma = 0.577_215_664_901_532_9
    return variance.squareRoot()
      * ((1 - gamma) * NormalDistribution.quantile(1 - 1 / n)
        + gamma * NormalDistribution.quantile(1 - 1 / (n * Elementary.exp(1))))
  }
}
