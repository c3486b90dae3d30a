import Market
import Trading

/// What prompts say of the finished candles of one coin and time frame.
struct FrameBrief: Sendable {
  /// Values a series shows.
  static let shown = 10
  /// Candles the average volume is over.
  static let volumeWindow = 20

  /// When the last candle ended; `nil` without candles.
  private(set) var asOf: Timestamp?
  /// Latest values; `nil` until warmed up.
  private(set) var ema20: Double?
  private(set) var ema50: Double?
  private(set) var macd: Double?
  private(set) var rsi7: Double?
  private(set) var rsi14: Double?
  private(set) var atr3: Double?
  private(set) var atr14: Double?
  /// Coins traded in the last candle; `nil` without candles.
  private(set) var volume: Double?
  /// Mean volume of the last ``volumeWindow`` candles; `nil` for fewer.
  private(set) var averageVolume: Double?
  /// The last ``shown`` values, oldest first, as text.
  private(set) var closes = NumberText.missing
  private(set) var ema20Series = NumberText.missing
  private(set) var macdSeries = NumberText.missing
  private(set) var rsi7Series = NumberText.missing
  private(set) var rsi14Series = NumberText.missing

  /// Nothing known.
  init() {}

  init(of candles: CandleSeries) {
    guard !candles.isEmpty, var lines = Lines() else { return }
    let scale = Double(exactDecimalScale)
    for index in 0..<candles.count {
      lines.update(
        high: Double(candles.highs[index]) / scale, low: Double(candles.lows[index]) / scale,
        close: Double(candles.closes[index]) / scale)
    }
    asOf = candles.closeTime(candles.count - 1)
    (ema20, ema50, macd) = (lines.ema20.value, lines.ema50.value, lines.macd.value?.line)
    (rsi7, rsi14) = (lines.rsi7.value, lines.rsi14.value)
    (atr3, atr14) = (lines.atr3.value, lines.atr14.value)
    volume = candles.volumes.last
    if candles.count >= Self.volumeWindow {
      averageVolume =
        candles.volumes.suffix(Self.volumeWindow).reduce(0, +) / Double(Self.volumeWindow)
    }
    closes = candles.closes.suffix(Self.shown).map { NumberText.exact(Price(mantissa: $0)) }
      .joined(separator: ", ")
    ema20Series = NumberText.series(lines.ema20s.suffix(Self.shown), 6)
    macdSeries = NumberText.series(lines.macds.suffix(Self.shown), 4)
    rsi7Series = lines.rsi7s.suffix(Self.shown).map { NumberText.fixed($0, 1) }.joined(
      separator: ", ", orMissing: NumberText.missing)
    rsi14Series = lines.rsi14s.suffix(Self.shown).map { NumberText.fixed($0, 1) }.joined(
      separator: ", ", orMissing: NumberText.missing)
  }
}

/// The indicators of a time frame, taken through its candles in one pass.
private struct Lines {
  var ema20: EMA
  var ema50: EMA
  var macd: MACD
  var rsi7: RSI
  var rsi14: RSI
  var atr3: ATR
  var atr14: ATR
  var ema20s: [Double] = []
  var macds: [Double] = []
  var rsi7s: [Double] = []
  var rsi14s: [Double] = []

  /// `nil` never: the periods are allowed ones.
  init?() {
    guard let ema20 = EMA(period: 20), let ema50 = EMA(period: 50),
      let macd = MACD(fast: 12, slow: 26, signal: 9), let rsi7 = RSI(period: 7),
      let rsi14 = RSI(period: 14), let atr3 = ATR(period: 3), let atr14 = ATR(period: 14)
    else { return nil }
    (self.ema20, self.ema50, self.macd) = (ema20, ema50, macd)
    (self.rsi7, self.rsi14, self.atr3, self.atr14) = (rsi7, rsi14, atr3, atr14)
  }

  mutating func update(high: Double, low: Double, close: Double) {
    if let value = ema20.update(close) { ema20s.append(value) }
    ema50.update(close)
    if let value = macd.update(close) { macds.append(value.line) }
    if let value = rsi7.update(close) { rsi7s.append(value) }
    if let value = rsi14.update(close) { rsi14s.append(value) }
    atr3.update(high: high, low: low, close: close)
    atr14.update(high: high, low: low, close: close)
  }
}

extension [String] {
  fileprivate func joined(separator: String, orMissing missing: String) -> String {
    isEmpty ? missing : joined(separator: separator)
  }
}
