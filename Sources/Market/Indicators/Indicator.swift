/// An indicator that traders can be shown or compute with, under its key.
///
/// Declared once, beside the formula it uses, and listed in ``all``.
package struct Indicator: Sendable {
  /// The name in configuration, prompts and exports, for example `ema20`.
  package let key: String
  /// One sentence that says what it is, for people.
  package let summary: String
  /// Candles until the first value, the one with the value included.
  ///
  /// The volume-weighted prices need traded volume, too, and may begin later.
  package let warmUp: Int
  /// The values of a series, one per candle, oldest first; `nil` until warmed up.
  package let compute: @Sendable (IndicatorInput) -> [Double?]

  /// Every indicator, in the order in which they are shown.
  package static let all: [Indicator] = [
    ema20, ema50, sma20, sma50, macd, macdSignal, macdHistogram, rsi7, rsi14, atr3, atr14,
    bollingerUpper, bollingerMiddle, bollingerLower, adx14, plusDI14, minusDI14,
    stochasticFastK, stochasticFastD, stochasticSlowK, stochasticSlowD, obv, vwapDay, vwapRolling20,
  ]
}

/// The candles an indicator is computed from, as one array per column, oldest first.
///
/// All numbers are finite and the forming candle is not among them; opens are not needed by any
/// indicator.
package struct IndicatorInput: Sendable {
  /// Opening times of the candles in milliseconds since 1970, UTC.
  package let timesMs: [Int64]
  /// Highest prices.
  package let highs: [Double]
  /// Lowest prices.
  package let lows: [Double]
  /// Closing prices.
  package let closes: [Double]
  /// Traded volumes in coins, zero or more.
  package let volumes: [Double]

  /// The columns of a series; they must be equally long.
  package init(
    timesMs: [Int64], highs: [Double], lows: [Double], closes: [Double], volumes: [Double]
  ) {
    requireAligned(closes.count, timesMs.count, highs.count, lows.count, volumes.count)
    self.timesMs = timesMs
    self.highs = highs
    self.lows = lows
    self.closes = closes
    self.volumes = volumes
  }
}

/// The periods that indicators accept, as in TA-Lib; the limit bounds the memory they take.
let allowedPeriods = 1...100_000

/// Stops the program when the columns of a series differ in length: a broken invariant.
func requireAligned(_ count: Int, _ others: Int...) {
  guard let odd = others.first(where: { $0 != count }) else { return }
  preconditionFailure("columns of a series: expected \(count) values each, was \(odd)")
}

/// The indicator, unless its settings were refused: a broken invariant that stops the program.
///
/// Settings from outside are to be checked with the failable initialisers first.
func requireSettings<Formula>(_ formula: Formula?, _ settings: Int...) -> Formula {
  guard let formula else {
    preconditionFailure(
      "settings of \(Formula.self): expected what its initialiser accepts, was \(settings)")
  }
  return formula
}

extension Double {
  /// Whether TA-Lib takes this for zero (`TA_EPSILON` of version 0.6, 1e-14).
  var isZeroToTALib: Bool { magnitude < 1e-14 }
}
