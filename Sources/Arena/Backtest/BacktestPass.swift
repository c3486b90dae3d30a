import Analytics
import Exchanges
import Trading

/// What both quick ways through the candles have in common.
enum BacktestPass {
  /// The one recorded market that all traders look at.
  static func market(
    of config: ArenaConfig, in markets: [ProviderID: any MarketData]
  ) throws(StreamObstacle) -> (provider: ProviderID, market: RecordedMarketData) {
    let names = Set(config.traders.map(\.market))
    guard names.count == 1, let name = names.first,
      let market = markets[name] as? RecordedMarketData
    else { throw StreamObstacle("there is not one recorded market") }
    return (name, market)
  }

  /// The venue of a trader, which trades these coins.
  static func venue(
    of spec: TraderSpec, _ config: ArenaConfig, coins: [Coin], instruments: [Instrument]
  ) throws(StreamObstacle) -> SimVenue {
    guard case .sim(let section)? = config.exchangeProviders[spec.exchange] else {
      throw StreamObstacle("\(spec.id) does not trade at a simulated venue")
    }
    return SimVenue(
      config: Composition.rules(of: section),
      instruments: Dictionary(uniqueKeysWithValues: zip(coins, instruments)))
  }

  /// The record of traders that have walked through all cycles.
  ///
  /// - Parameters:
  ///   - traders: What they did.
  ///   - turns: How many turns they took.
  ///   - coins: The coins, by row.
  ///   - plan: When the cycles were.
  ///   - description: How the back-test is told.
  ///   - price: The price of a row at a cycle, steps of 1e-8 USD, above zero.
  /// - Returns: The record.
  static func record(
    of traders: [BacktestTrader], turns: Int, coins: [Coin], _ plan: BacktestPlan,
    _ description: BacktestDescription, price: (Int, Int) -> Int64
  ) -> BacktestRecord {
    var record = BacktestRecord(
      source: description.source, isSynthetic: false,
      timesMs: (0..<plan.count).map { plan.time(of: $0).ms }, traders: traders,
      coins: coins.indices.compactMap { row in
        guard let first = Price(mantissa: price(row, 0)),
          let last = Price(mantissa: price(row, plan.count - 1))
        else { return nil }
        return BacktestCoin(coin: coins[row], first: first, last: last)
      },
      cycles: plan.count, traderCycles: turns, engine: BacktestEngine.stream.rawValue,
      fillRule: description.fillRule, notices: description.notices)
    record.market = BacktestMarketLine.values(rows: coins.count, count: plan.count, price: price)
    return record
  }

  /// That a trader was taken out, in a sentence.
  static func isolationNotice(of trader: TraderID, _ reason: String) -> String {
    "\(trader) was isolated and traded no more: \(reason)"
  }

  /// The id of the order that an account's venue is to number so: no two of an account are alike.
  static func orderID(_ number: Int64) -> ClientOrderID? {
    withUnsafeBytes(of: number.bigEndian) {
      ClientOrderID(digest: [UInt8](repeating: 0, count: 8) + Array($0))
    }
  }
}
