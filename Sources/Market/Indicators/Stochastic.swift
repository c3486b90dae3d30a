/// Stochastic oscillator after Lane: where the close lies between the lowest low and the highest
/// high of the last candles, from 0 to 100.
///
/// %K is that place, averaged over `smoothing` candles; %D is the average of %K over `signal`
/// candles. The fast oscillator has a smoothing of 1, the slow one usually 3. Where the highest
/// high equals the lowest low the place is 0, as in TA-Lib.
package struct Stochastic: Sendable {
  /// Both lines after one candle.
  package struct Value: Sendable, Equatable {
    /// The smoothed place of the close, %K.
    package let k: Double
    /// The average of %K, %D.
    package let d: Double
  }

  /// Candles until the first value, that of %D: period + smoothing + signal − 2.
  package let warmUp: Int
  /// The lines after the latest candle; `nil` until %D has a value, as in TA-Lib.
  package private(set) var value: Value?
  private var highest: WindowMaximum
  private var highestNegatedLow: WindowMaximum
  private var smoothed: SMA
  private var signal: SMA

  /// An oscillator over `period` candles; 14, 1 and 3 (fast) or 14, 3 and 3 (slow) are usual.
  ///
  /// `nil` when one of the three is outside 1...100 000.
  package init?(period: Int, smoothing: Int, signal: Int) {
    guard allowedPeriods.contains(period), let smoothed = SMA(period: smoothing),
      let signalAverage = SMA(period: signal)
    else { return nil }
    highest = WindowMaximum(length: period)
    highestNegatedLow = WindowMaximum(length: period)
    self.smoothed = smoothed
    self.signal = signalAverage
    warmUp = period + smoothing + signal - 2
  }

  /// Takes in the next candle, finite prices, and returns the new ``value``.
  @discardableResult
  package mutating func update(high: Double, low: Double, close: Double) -> Value? {
    highest.add(high)
    highestNegatedLow.add(-low)
    guard highest.isFull else { return nil }
    let lowest = -highestNegatedLow.maximum
    let hundredth = (highest.maximum - lowest) / 100
    let place = hundredth == 0 ? 0 : (close - lowest) / hundredth
    if let k = smoothed.update(place), let d = signal.update(k) {
      value = Value(k: k, d: d)
    }
    return value
  }

  /// One value per candle, oldest first; `nil` until warmed up.
  ///
  /// The columns must be equally long and the periods ones that the initialiser accepts.
  package static func values(
    highs: [Double], lows: [Double], closes: [Double], period: Int, smoothing: Int, signal: Int
  ) -> [Value?] {
    requireAligned(closes.count, highs.count, lows.count)
    var oscillator = requireSettings(
      Stochastic(period: period, smoothing: smoothing, signal: signal), period, smoothing, signal)
    var values: [Value?] = []
    values.reserveCapacity(closes.count)
    for index in closes.indices {
      values.append(oscillator.update(high: highs[index], low: lows[index], close: closes[index]))
    }
    return values
  }
}

extension Indicator {
  /// %K of the fast stochastic oscillator.
  package static let stochasticFastK = Indicator(
    key: "stochf_k14", summary: "Fast stochastic %K of 14 candles, 0 to 100.", warmUp: 16,
    compute: { standardStochastic($0, smoothing: 1).map { $0?.k } })

  /// %D of the fast stochastic oscillator.
  package static let stochasticFastD = Indicator(
    key: "stochf_d3", summary: "Fast stochastic %D: the mean of 3 fast %K.", warmUp: 16,
    compute: { standardStochastic($0, smoothing: 1).map { $0?.d } })

  /// %K of the slow stochastic oscillator.
  package static let stochasticSlowK = Indicator(
    key: "stoch_slowk", summary: "Slow stochastic %K: the mean of 3 fast %K.", warmUp: 18,
    compute: { standardStochastic($0, smoothing: 3).map { $0?.k } })

  /// %D of the slow stochastic oscillator.
  package static let stochasticSlowD = Indicator(
    key: "stoch_slowd", summary: "Slow stochastic %D: the mean of 3 slow %K.", warmUp: 18,
    compute: { standardStochastic($0, smoothing: 3).map { $0?.d } })
}

private func standardStochastic(_ input: IndicatorInput, smoothing: Int) -> [Stochastic.Value?] {
  Stochastic.values(
    highs: input.highs, lows: input.lows, closes: input.closes, period: 14, smoothing: smoothing,
    signal: 3)
}
