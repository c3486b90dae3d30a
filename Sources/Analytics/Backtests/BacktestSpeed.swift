/// How fast a back-test was run.
///
/// It is no part of the report: the same back-test gives the same report on every machine.
package struct BacktestSpeed: Sendable, Equatable {
  /// How long it took, seconds.
  package let seconds: Double
  /// Cycles that were run, those of the warm-up among them.
  package let cycles: Int
  /// Candles that were gone through, over all coins.
  package let bars: Int

  /// How much of ``seconds`` prices were read, before the first cycle; rates are over the rest.
  package let readingSeconds: Double

  /// A speed from its parts; a time that is not finite and above zero gives no rates.
  package init(seconds: Double, cycles: Int, bars: Int, readingSeconds: Double = 0) {
    self.readingSeconds = readingSeconds
    self.seconds = seconds
    self.cycles = cycles
    self.bars = bars
  }

  /// Cycles per second; `nil` = no time passed.
  package var cyclesPerSecond: Double? { rate(of: cycles) }

  /// Candles per second; `nil` = no time passed.
  package var barsPerSecond: Double? { rate(of: bars) }

  private func rate(of count: Int) -> Double? {
    let working = seconds - readingSeconds
    guard working.isFinite, working > 0 else { return nil }
    return finite(Double(count) / working)
  }
}
