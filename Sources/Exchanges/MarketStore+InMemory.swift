import Market
import Synchronization
package import Trading

extension MarketStore {
  /// A store that lives as long as the process: for tests and dry runs.
  ///
  /// What is added stays for the retention, measured from the `now` of each addition; `nil` = for
  /// good.
  package static func inMemory(retention: Span?) -> MarketStore {
    let kept = Kept()
    return MarketStore(
      candles: { coin, timeframe, from, to in
        kept.coins.withLock { coins in
          let series =
            coins[coin]?.candles[timeframe] ?? CandleSeries(timeframe: timeframe)
          let first = series.countOpened(before: from)
          return series.slice(first..<max(first, series.countOpened(before: to)))
        }
      },
      funding: { coin, from, to in
        kept.coins.withLock { coins in
          let points = (coins[coin]?.funding ?? [:]).filter { $0.key >= from && $0.key < to }
          return points.sorted { $0.key < $1.key }.map { FundingPoint(at: $0.key, rate: $0.value) }
        }
      },
      averageOpenInterest: { coin in
        kept.coins.withLock { coins in
          guard let points = coins[coin]?.openInterest, !points.isEmpty else { return nil }
          let sum = points.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
          return sum / Double(points.count)
        }
      },
      save: { additions, now in
        kept.coins.withLock { coins in
          for addition in additions { coins[addition.coin, default: KeptCoin()].add(addition) }
          guard let retention else { return }
          for coin in coins.keys { coins[coin]?.drop(before: now - retention) }
        }
      })
  }

  /// What such a store holds.
  private final class Kept: Sendable {
    let coins = Mutex<[Coin: KeptCoin]>([:])
  }

  /// What it holds of one coin.
  private struct KeptCoin {
    var candles: [Timeframe: CandleSeries] = [:]
    var funding: [Timestamp: FundingRate] = [:]
    var openInterest: [Timestamp: Double] = [:]

    mutating func add(_ addition: MarketAddition) {
      for series in addition.candles {
        let old = candles[series.timeframe] ?? CandleSeries(timeframe: series.timeframe)
        candles[series.timeframe] = old.overlaid(by: series)
      }
      for point in addition.funding { funding[point.at] = point.rate }
      if let point = addition.openInterest { openInterest[point.at] = point.coins }
    }

    mutating func drop(before instant: Timestamp) {
      candles = candles.mapValues { $0.slice($0.countOpened(before: instant)..<$0.count) }
      funding = funding.filter { $0.key >= instant }
      openInterest = openInterest.filter { $0.key >= instant }
    }
  }
}
