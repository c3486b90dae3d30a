import Trading

/// The venue's price grid for floating-point numbers, ten times as fast as exact rounding.
struct PriceGrid {
  /// Where each of the ranges with a tick of its own ends, USD.
  private let bounds: InlineArray<15, Double>
  /// How many ticks a dollar has in each range.
  private let ticks: InlineArray<15, Double>
  /// A tick in steps of 1e-8 in each range.
  private let steps: InlineArray<15, Int64>

  init(_ instrument: Instrument) {
    func decimals(_ index: Int) -> Int {
      max(0, min(instrument.priceDecimals, Instrument.maxSignificantDigits - 1 - (index - 5)))
    }
    bounds = InlineArray { Self.powerOfTen($0 - 4) }
    ticks = InlineArray { Double(ExactMath.powerOfTen(decimals($0))) }
    steps = InlineArray { ExactMath.powerOfTen(exactDecimalDigits - decimals($0)) }
  }

  /// A range of prices with a tick of its own.
  struct Band {
    /// The least price of the range; −∞ in the lowest.
    let least: Double
    /// Where the range ends, not included.
    let end: Double
    /// How many ticks a dollar has.
    let ticks: Double
    /// A tick in steps of 1e-8.
    let step: Int64

    /// Whether a price lies in the range.
    func holds(_ dollars: Double) -> Bool { dollars >= least && dollars < end }

    /// The nearest price on the grid, at least one tick, in steps of 1e-8.
    func mantissa(_ dollars: Double) -> Int64 {
      max(1, nearestWhole(dollars * ticks)) * step
    }
  }

  /// The range that a price lies in; from 0 to ten billion dollars.
  func band(of dollars: Double) -> Band {
    // The binary exponent tells where to begin: the bounds below are smaller for certain.
    let exponent = Int(dollars.bitPattern >> 52 & 0x7FF) - 1023
    // 1233 / 4096 is a little less than log10(2); the shift rounds down.
    let decade = (exponent * 1233) >> 12
    for index in min(max(decade + 4, 0), 15)..<15 where dollars < bounds[index] {
      return Band(
        least: index == 0 ? -.infinity : bounds[index - 1], end: bounds[index],
        ticks: ticks[index], step: steps[index])
    }
    preconditionFailure("expected a price below ten billion, was \(dollars)")
  }

  /// The nearest price on the grid, at least one tick; from 0 to ten billion dollars.
  func rounded(_ dollars: Double) -> Price {
    guard let price = Price(mantissa: band(of: dollars).mantissa(dollars)) else {
      preconditionFailure("expected a price below ten billion, was \(dollars)")
    }
    return price
  }

  private static func powerOfTen(_ exponent: Int) -> Double {
    exponent >= 0
      ? Double(ExactMath.powerOfTen(exponent)) : 1 / Double(ExactMath.powerOfTen(-exponent))
  }
}
