import Trading

/// A sum of money of any size, exact.
struct ExactSum: Sendable, Equatable, Archived {
  /// The sum in steps of 1e-8 dollars.
  var mantissa: Int128 = 0

  /// The sum as the nearest floating-point number, USD.
  var double: Double { Double(mantissa) / Double(exactDecimalScale) }

  static func += (sum: inout ExactSum, amount: USD) { sum.mantissa += Int128(amount.mantissa) }

  static func -= (sum: inout ExactSum, amount: USD) { sum.mantissa -= Int128(amount.mantissa) }

  static func + (left: ExactSum, right: ExactSum) -> ExactSum {
    ExactSum(mantissa: left.mantissa + right.mantissa)
  }

  static func - (left: ExactSum, right: ExactSum) -> ExactSum {
    ExactSum(mantissa: left.mantissa - right.mantissa)
  }

  mutating func archive(in archive: inout some MetricsArchive) {
    var high = Int64(truncatingIfNeeded: mantissa >> 64)
    var low = Int64(truncatingIfNeeded: mantissa)
    archive.value("high", &high)
    archive.value("usd_e8", &low)
    mantissa = Int128(high) << 64 | Int128(UInt64(bitPattern: low))
  }
}

extension DollarScale {
  /// A sum as quoted.
  func callAsFunction(_ sum: ExactSum) -> Double { sum.double * factor }
}

/// Mean and deviation of numbers that come one by one, after Welford (1962).
struct Spread: Sendable, Equatable, Archived {
  /// How many there were.
  private(set) var count: Int64 = 0
  /// Their mean; 0 of none.
  private(set) var mean = 0.0
  /// Σ squared deviations from the mean.
  private var squares = 0.0

  /// Takes in a number.
  mutating func add(_ number: Double) {
    count += 1
    let deviation = number - mean
    mean += deviation / Double(count)
    squares += deviation * (number - mean)
  }

  /// The standard deviation with n − 1; `nil` below two numbers.
  var deviation: Double? {
    count >= 2 ? (squares / Double(count - 1)).squareRoot() : nil
  }

  /// Their mean; `nil` of none.
  var average: Double? { count > 0 ? mean : nil }

  mutating func archive(in archive: inout some MetricsArchive) {
    archive.value("count", &count)
    archive.value("mean", &mean)
    archive.value("squares", &squares)
  }
}

/// How often each of some whole numbers came.
struct Histogram: Sendable, Equatable, Archived {
  /// The numbers, ascending, with how often they came.
  private(set) var bars: [Bar] = []

  /// A number and how often it came.
  struct Bar: Sendable, Equatable, Archived {
    var number: Int64 = 0
    var count: Int64 = 0

    mutating func archive(in archive: inout some MetricsArchive) {
      archive.value("number", &number)
      archive.value("count", &count)
    }
  }

  /// Takes in a number, so many times.
  mutating func add(_ number: Int64, times: Int64 = 1) {
    let index = bars.firstIndex { $0.number >= number } ?? bars.count
    if index < bars.count, bars[index].number == number {
      bars[index].count += times
    } else {
      bars.insert(Bar(number: number, count: times), at: index)
    }
  }

  static func + (left: Histogram, right: Histogram) -> Histogram {
    right.bars.reduce(into: left) { $0.add($1.number, times: $1.count) }
  }

  /// How many numbers came.
  var count: Int64 { bars.reduce(0) { $0 + $1.count } }

  /// Their mean; 0 of none.
  var average: Double {
    let count = count
    return count == 0 ? 0 : bars.reduce(0) { $0 + Double($1.number * $1.count) } / Double(count)
  }

  /// The standard deviation with n − 1; 0 below two numbers.
  var deviation: Double {
    let (count, mean) = (count, average)
    guard count >= 2 else { return 0 }
    let squares = bars.reduce(0) { sum, bar in
      let deviation = Double(bar.number) - mean
      return sum + Double(bar.count) * deviation * deviation
    }
    return (squares / Double(count - 1)).squareRoot()
  }

  /// The number in the middle, or the mean of the two there; 0 of none.
  var median: Double {
    let count = count
    guard count > 0 else { return 0 }
    return Double(number(at: (count - 1) / 2) + number(at: count / 2)) / 2
  }

  private func number(at place: Int64) -> Int64 {
    var rest = place
    for bar in bars {
      if rest < bar.count { return bar.number }
      rest -= bar.count
    }
    preconditionFailure("expected a place below \(count), was \(place)")
  }

  mutating func archive(in archive: inout some MetricsArchive) {
    archive.list("bars", &bars, blank: Bar())
  }
}
