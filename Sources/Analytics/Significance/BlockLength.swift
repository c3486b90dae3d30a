/// How long the blocks of a stationary bootstrap should be.
package enum BlockLength {
  /// The mean length that suits a series, from 1 to min(3√n, n/3) rounded up.
  ///
  /// Politis & White, "Automatic block-length selection for the dependent bootstrap",
  /// Econometric Reviews 23 (2004), with the correction of Patton, Politis & White (2009).
  /// 1 where the series has fewer than ten values or never changes.
  package static func stationary(_ series: [Double]) -> Double {
    let count = series.count
    guard count >= 10 else { return 1 }
    let n = Double(count)
    let mean = series.reduce(0, +) / n
    let deviations = series.map { $0 - mean }
    let window = max(5, Int(log10(n)))
    let furthest = min(count - 1, Int(n.squareRoot().rounded(.up)) + window)
    let covariances = (0...furthest).map { covariance(deviations, lag: $0) }
    guard covariances[0] > 1e-24 else { return 1 }
    let lags = min(
      furthest,
      lastLag(deviations, covariances: covariances, window: window).map { 2 * max($0, 1) }
        ?? furthest)
    var curvature = 0.0
    var longRun = covariances[0]
    for lag in 1...lags {
      let share = Double(lag) / Double(lags)
      let weight = share <= 0.5 ? 1 : 2 * (1 - share)
      curvature += 2 * weight * Double(lag) * covariances[lag]
      longRun += 2 * weight * covariances[lag]
    }
    let cube = curvature * curvature / (longRun * longRun) * n
    guard cube > 0, cube.isFinite else { return 1 }
    let longest = min(3 * n.squareRoot(), n / 3).rounded(.up)
    return max(1, min(longest, Elementary.exp(Elementary.ln(cube) / 3)))
  }

  /// The lag from which on `window` correlations in a row are none to speak of; `nil` = no such.
  private static func lastLag(
    _ deviations: [Double], covariances: [Double], window: Int
  ) -> Int? {
    let n = Double(deviations.count)
    let limit = 2 * (log10(n) / n).squareRoot()
    var inARow = 0
    for lag in covariances.indices {
      if lag >= window, inARow >= window { return lag - window }
      var head = 0.0
      var tail = 0.0
      for index in (lag + 1)..<max(lag + 1, deviations.count) {
        head += deviations[index] * deviations[index]
      }
      for index in 0..<(deviations.count - lag - 1) {
        tail += deviations[index] * deviations[index]
      }
      let size = (head * tail).squareRoot()
      let correlation = size > 0 ? (covariances[lag] * n / size).magnitude : 0
      inARow = correlation < limit ? inARow + 1 : 0
    }
    return nil
  }

  private static func covariance(_ deviations: [Double], lag: Int) -> Double {
    var sum = 0.0
    for index in lag..<deviations.count { sum += deviations[index] * deviations[index - lag] }
    return sum / Double(deviations.count)
  }

  private static func log10(_ x: Double) -> Double {
    Elementary.ln(x) / 2.302_585_092_994_045_7
  }
}
