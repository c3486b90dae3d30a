import Foundation
import Market
import Trading

/// How much prices have been moving, for choosing between a cheap and a strong model.
package enum Volatility {
  /// Returns a value is made of.
  static let window = 20

  /// The realised volatility of the trader's coins on its short time frame, oldest first.
  ///
  /// Each value is the mean over the coins of the sample standard deviation of the last 20
  /// logarithmic returns; only instants that every coin with candles has are counted. Empty when
  /// no coin has enough candles.
  package static func series(in context: ExecutorContext) -> [Double] {
    let timeframe = Prompt.shortTimeframe(for: context.trader.decisionInterval)
    let perCoin = context.candidates.compactMap { coin -> [Double]? in
      guard let closes = context.market.coins[coin]?.candles[timeframe]?.closesDouble else {
        return nil
      }
      return deviations(of: closes)
    }
    guard let length = perCoin.map(\.count).min(), length > 0 else { return [] }
    return (0..<length).map { index in
      perCoin.reduce(0) { $0 + $1[$1.count - length + index] } / Double(perCoin.count)
    }
  }

  /// Rolling sample deviations of the logarithmic returns; empty for too few closes.
  private static func deviations(of closes: [Double]) -> [Double]? {
    guard closes.count > window, closes.allSatisfy({ $0 > 0 }) else { return nil }
    let returns = zip(closes.dropFirst(), closes).map { log($0 / $1) }
    return (window...returns.count).map { end in
      let slice = returns[(end - window)..<end]
      let mean = slice.reduce(0, +) / Double(window)
      let squares = slice.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(window - 1)).squareRoot()
    }
  }
}
