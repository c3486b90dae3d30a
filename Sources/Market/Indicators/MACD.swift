/// Moving average convergence and divergence after Appel: a fast minus a slow ``EMA`` of the
/// closes, and an ``EMA`` of that difference as its signal.
package struct MACD: Sendable {
  /// The three lines after one candle, in the unit of the price.
  package struct Value: Sendable, Equatable {
    /// Fast minus slow average.
    package let line: Double
    /// Average of the line.
    package let signal: Double
    /// Line minus signal.
    package let histogram: Double
  }

  /// Which closes seed the fast average.
  package enum Seeding: Sendable {
    /// The `fast` closes before the slow average's first value, as TA-Lib does it: both begin
    /// together.
    case together
    /// The first `fast` closes of the series, as charting programs do it.
    case separate
  }

  /// Candles until the first value, that of the signal: slow + signal − 1.
  package let warmUp: Int
  /// The lines after the latest close; `nil` until the signal has a value, as in TA-Lib.
  package private(set) var value: Value?
  private var fast: EMA
  private var slow: EMA
  private var signal: EMA
  private var closesToSkip: Int

  /// Averages over `fast`, `slow` and `signal` closes; 12, 26 and 9 are usual.
  ///
  /// `nil` for periods outside 1...100 000 and unless `fast` is below `slow`.
  package init?(fast: Int, slow: Int, signal: Int, seeding: Seeding = .together) {
    guard fast < slow, let fastAverage = EMA(period: fast), let slowAverage = EMA(period: slow),
      let signalAverage = EMA(period: signal)
    else { return nil }
    self.fast = fastAverage
    self.slow = slowAverage
    self.signal = signalAverage
    warmUp = slow + signal - 1
    closesToSkip =
      switch seeding {
      case .together: slow - fast
      case .separate: 0
      }
  }

  /// Takes in the next close, a finite number, and returns the new ``value``.
  @discardableResult
  package mutating func update(_ close: Double) -> Value? {
    let slowAverage = slow.update(close)
    guard closesToSkip == 0 else {
      closesToSkip -= 1
      return nil
    }
    guard let fastAverage = fast.update(close), let slowAverage else { return nil }
    let line = fastAverage - slowAverage
    if let average = signal.update(line) {
      value = Value(line: line, signal: average, histogram: line - average)
    }
    return value
  }

  /// One value per close, oldest first; `nil` until warmed up.
  ///
  /// The periods must be ones that the initialiser accepts.
  package static func values(
    closes: [Double], fast: Int, slow: Int, signal: Int, seeding: Seeding = .together
  ) -> [Value?] {
    var macd = requireSettings(
      MACD(fast: fast, slow: slow, signal: signal, seeding: seeding), fast, slow, signal)
    var values: [Value?] = []
    values.reserveCapacity(closes.count)
    for close in closes { values.append(macd.update(close)) }
    return values
  }
}

extension Indicator {
  /// The MACD line of 12 and 26 closes.
  package static let macd = Indicator(
    key: "macd", summary: "MACD line: EMA of 12 minus EMA of 26 closes.", warmUp: 34,
    compute: { standardMACD($0).map { $0?.line } })

  /// The MACD signal of 9 candles.
  package static let macdSignal = Indicator(
    key: "macd_signal", summary: "MACD signal: EMA of 9 values of the MACD line.", warmUp: 34,
    compute: { standardMACD($0).map { $0?.signal } })

  /// The MACD histogram.
  package static let macdHistogram = Indicator(
    key: "macd_hist", summary: "MACD histogram: the MACD line minus its signal.", warmUp: 34,
    compute: { standardMACD($0).map { $0?.histogram } })
}

private func standardMACD(_ input: IndicatorInput) -> [MACD.Value?] {
  MACD.values(closes: input.closes, fast: 12, slow: 26, signal: 9)
}
