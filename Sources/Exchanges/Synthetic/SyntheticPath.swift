import Trading

/// The logarithm of a made-up price over time, minute by minute, known for any day at once.
///
/// From day to day it is a random walk tied to a random level every 1,024 days, found by halving
/// that stretch down to the day. Within a day it is a random walk tied to both ends, with hours
/// calmer or wilder than others, plus stretches of trend that come and go over days.
struct SyntheticPath {
  /// What shapes a path.
  struct Shape {
    /// Deviation of a minute's change in quiet to wild times, on average.
    let minuteVolatility: Double
    /// Greatest distance that a trend may carry the path, as a fraction.
    let trendReach: Double
  }

  /// Minutes in a day.
  static let minutes = 1440

  private let shape: Shape
  private let walk: SeededNoise
  private let levels: SeededNoise
  private let steps: SeededNoise
  private let slowVolatility: SeededNoise
  private let fastVolatility: SeededNoise
  private let regime: SeededNoise
  private let trend: SeededNoise

  init(seed: UInt64, name: String, shape: Shape) {
    self.shape = shape
    walk = SeededNoise(seed: seed, name: "\(name) walk")
    levels = SeededNoise(seed: seed, name: "\(name) level")
    steps = SeededNoise(seed: seed, name: "\(name) step")
    slowVolatility = SeededNoise(seed: seed, name: "\(name) slow volatility")
    fastVolatility = SeededNoise(seed: seed, name: "\(name) fast volatility")
    regime = SeededNoise(seed: seed, name: "\(name) regime")
    trend = SeededNoise(seed: seed, name: "\(name) trend")
  }

  /// A day of a path.
  struct Day {
    /// The path at the beginning of each minute and at the end of the last: 1,441 values.
    let values: [Double]
    /// The deviation of a minute's change in each of the 24 hours.
    let volatility: [Double]
  }

  /// The path on a day, counted from 1970-01-01.
  func day(_ day: Int64) -> Day {
    let volatility = (0..<24).map { self.volatility(hour: day * 24 + $0) }
    let trend = (0...24).map { self.trend(hour: day * 24 + $0) }
    let variance = volatility.reduce(0) { $0 + $1 * $1 * 60 }
    var values = [Double](repeating: 0, count: Self.minutes + 1)
    var generator = steps.generator(day)
    var sum = 0.0
    for hour in 0..<24 {
      let deviation = volatility[hour]
      for minute in hour * 60..<hour * 60 + 60 {
        values[minute] = sum
        sum += deviation * SeededNoise.bell(generator.next())
      }
    }
    let first = level(day)
    let last = level(day + 1)
    let slope = (last - first - sum) / variance
    var elapsed = 0.0
    for hour in 0..<24 {
      let ofMinute = volatility[hour] * volatility[hour]
      let rise = (trend[hour + 1] - trend[hour]) / 60
      for minute in 0..<60 {
        let index = hour * 60 + minute
        values[index] += first + slope * elapsed + (trend[hour] + rise * Double(minute))
        elapsed += ofMinute
      }
    }
    // Both days must agree on midnight to the bit.
    values[0] = first + trend[0]
    values[Self.minutes] = last + trend[24]
    return Day(values: values, volatility: volatility)
  }
}

extension SyntheticPath {
  /// Days between two random levels; a power of two.
  private static let stretch: Int64 = 1024

  private var dailyVolatility: Double { shape.minuteVolatility * Double(Self.minutes).squareRoot() }

  /// The random walk at the beginning of a day, by halving the stretch that the day lies in.
  private func level(_ day: Int64) -> Double {
    var start = day - ((day % Self.stretch) + Self.stretch) % Self.stretch
    var length = Self.stretch
    // As far as a walk of half a stretch goes from its ends.
    let reach = dailyVolatility * Double(length).squareRoot() / 2
    var left = levels.bell(start) * reach
    var right = levels.bell(start + length) * reach
    while day != start {
      let half = length / 2
      let deviation = dailyVolatility * Double(length).squareRoot() / 2
      let middle = (left + right) / 2 + walk.bell(start + half) * deviation
      if day < start + half {
        right = middle
      } else {
        left = middle
        start += half
      }
      length = half
    }
    return left
  }

  private func volatility(hour: Int64) -> Double {
    let state =
      0.6 * slowVolatility.smooth(hour, period: 90) + 0.45 * fastVolatility.smooth(hour, period: 7)
    let index = Int(((hour % 24) + 24) % 24)
    return shape.minuteVolatility * portableExp(state - 0.06) * Self.hours[index]
  }

  private func trend(hour: Int64) -> Double {
    let strength = max(0, regime.smooth(hour, period: 60))
    return shape.trendReach * strength * trend.smooth(hour, period: 14)
  }

  /// How lively each hour of the day is; the American morning most.
  private static let hours: [Double] = [
    1.05, 1.0, 0.95, 0.9, 0.85, 0.85, 0.9, 0.95, 1.0, 1.0, 0.95, 0.95, 1.05, 1.2, 1.35, 1.3, 1.2,
    1.1, 1.05, 1.0, 1.0, 0.95, 0.9, 0.95,
  ]
}
