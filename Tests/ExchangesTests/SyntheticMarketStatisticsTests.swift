import Exchanges
import Market
import Testing
import Trading

/// Bands that real perpetuals of these coins keep in usual months.
@Suite("The statistics of the synthetic market")
struct SyntheticMarketStatisticsTests {
  private static let days = 60
  private let start = Timestamp(ms: 1_743_465_600_000)  // 2025-04-01

  @Test(arguments: [("BTC", 1.0, 4.0), ("ETH", 1.2, 6.0), ("DOGE", 1.5, 8.0)])
  func moveByAPlausibleShareADay(_ name: String, _ least: Double, _ most: Double) async throws {
    let closes = try await replay(name).candles.closesDouble

    let daily = stride(from: 1439, to: closes.count, by: 1440).map { closes[$0] }
    let pct = 100 * deviation(changes(daily))
    #expect(pct > least && pct < most, "\(name) moved by \(pct) % a day")
  }

  @Test func coinsMoveTogether() async throws {
    let names = ["BTC", "ETH", "SOL", "BNB", "XRP", "DOGE"]
    var hourly: [[Double]] = []
    for name in names {
      let closes = try await replay(name).candles.closesDouble
      hourly.append(changes(stride(from: 59, to: closes.count, by: 60).map { closes[$0] }))
    }

    for left in names.indices {
      for right in names.indices where right > left {
        let correlation = correlation(hourly[left], hourly[right])
        #expect(
          correlation > 0.3 && correlation < 0.97,
          "\(names[left]) and \(names[right]): \(correlation)")
      }
    }
  }

  @Test(arguments: ["BTC", "SOL"])
  func wildHoursFollowWildHours(_ name: String) async throws {
    let closes = try await replay(name).candles.closesDouble
    let sizes = changes(stride(from: 14, to: closes.count, by: 15).map { closes[$0] }).map(abs)

    let lagged = correlation(Array(sizes.dropLast(4)), Array(sizes.dropFirst(4)))

    #expect(lagged > 0.05, "autocorrelation of |change| after an hour: \(lagged)")
  }

  @Test(arguments: ["BTC", "DOGE"])
  func fundingStaysInItsBand(_ name: String) async throws {
    let rates = try await replay(name).funding.map(\.rate.double)

    let mean = rates.reduce(0, +) / Double(rates.count)
    #expect(rates.count == Self.days * 24)
    #expect(mean > 0 && mean < 0.000_04, "mean \(mean)")
    #expect(rates.allSatisfy { abs($0) < 0.000_5 })
    #expect(Set(rates).count > 10)
  }

  @Test func volumeGrowsWithTheMove() async throws {
    let candles = try await replay("ETH").candles

    let sizes = changes(candles.closesDouble).map(abs)

    #expect(correlation(sizes, Array(candles.volumes.dropFirst())) > 0.3)
  }

  private func replay(_ name: String) async throws -> MarketReplay {
    let market = try SyntheticMarketData(
      id: #require(ProviderID("synthetic")), seed: 7, coins: [listedCoin(name)])
    let end = start + .hours(Int64(24 * Self.days))
    return try #require(
      try await market.replay(of: [listedCoin(name)], after: start, through: end)[listedCoin(name)])
  }

  private func changes(_ prices: [Double]) -> [Double] {
    zip(prices.dropFirst(), prices).map { $0 / $1 - 1 }
  }

  private func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return
      (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }

  private func correlation(_ left: [Double], _ right: [Double]) -> Double {
    let leftMean = left.reduce(0, +) / Double(left.count)
    let rightMean = right.reduce(0, +) / Double(right.count)
    let shared = zip(left, right).reduce(0) { $0 + ($1.0 - leftMean) * ($1.1 - rightMean) }
    return shared / Double(left.count) / (deviation(left) * deviation(right))
  }
}
