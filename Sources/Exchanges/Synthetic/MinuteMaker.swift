import Market
import Trading

/// Makes the candle of a minute; without references, as it works 1,440 times a day and coin.
struct MinuteMaker {
  private let traits: SyntheticTraits
  private let grid: PriceGrid
  private let lotsPerCoin: Double

  init(_ instrument: Instrument, _ traits: SyntheticTraits) {
    self.traits = traits
    grid = PriceGrid(instrument)
    lotsPerCoin = Double(ExactMath.powerOfTen(instrument.sizeDecimals))
  }

  /// The deviation of a minute's change, given those of the market and of the coin's own path.
  func deviation(_ market: Double, _ own: Double) -> Double {
    let shared = traits.beta * market
    return (shared * shared + own * own).squareRoot()
  }

  /// The price at values of the market's path and of the coin's own.
  func price(_ market: Double, _ own: Double) -> Price {
    grid.rounded(traits.basePrice * portableExp(traits.beta * market + own))
  }

  /// A candle between two prices; high and low come from three instants within the minute.
  func candle(
    at openTime: Timestamp, from open: Price, to close: Price, deviation: Double, bits: UInt64
  ) -> Candle {
    let first = dollars(open)
    let last = dollars(close)
    let change = last - first
    var lowest = min(first, last)
    var highest = max(first, last)
    for quarter in 1...3 {
      let sixteen = Double(bits >> UInt64(16 * quarter) & 0xFFFF) / 65_536 - 0.5
      let price = first + change * (Double(quarter) / 4) + first * deviation * 1.6 * sixteen
      lowest = min(lowest, price)
      highest = max(highest, price)
    }
    let moved = min(abs(change) / (first * deviation), 5)
    let mood = 0.4 + 1.2 * (Double(bits & 0xFFFF) / 65_536)
    let volumeUSD =
      traits.dayVolumeUSD / Double(SyntheticPath.minutes) * (0.4 + 0.75 * moved) * mood
      * (deviation / traits.typicalVolatility)
    let candle = Candle(
      openTime: openTime, open: open, high: grid.rounded(highest), low: grid.rounded(lowest),
      close: close, volume: wholeLots(volumeUSD / first))
    guard let candle else { preconditionFailure("expected a valid candle at \(openTime)") }
    return candle
  }

  /// A price as a floating-point number.
  func dollars(_ price: Price) -> Double {
    Double(price.mantissa) / Double(exactDecimalScale)
  }

  /// A number of coins rounded down to what the venue can trade.
  func wholeLots(_ coins: Double) -> Double {
    (coins * lotsPerCoin).rounded(.down) / lotsPerCoin
  }
}
