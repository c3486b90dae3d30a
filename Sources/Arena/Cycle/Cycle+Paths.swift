import Exchanges
import Manager
import Market
import Trading

extension Cycle {
  /// Reads what prices did since the last cycle, for every coin that is held.
  ///
  /// Where it cannot be read, peaks are those of the marks; the venue tells of gaps that matter.
  /// For a real venue, which watches its stops itself, fine candles that are there anyway suffice:
  /// to ask for finer ones costs weight in every run.
  func readPaths(_ work: inout CycleWork) async {
    guard let since = work.state.lastFinishedAt, since < work.now else { return }
    var held: [ProviderID: Set<Coin>] = [:]
    for record in work.state.traders.values where !record.ledger.positions.isEmpty {
      guard let market = ports.valuation[record.exchange] else { continue }
      let isSimulated = ports.exchanges[record.exchange]?.isSimulated != false
      for position in record.ledger.positions {
        if !isSimulated, let candles = fineCandles(of: position.coin, at: market, work) {
          work.paths[market, default: [:]][position.coin] = candles
        } else {
          held[market, default: []].insert(position.coin)
        }
      }
    }
    for (provider, coins) in held.sorted(by: { $0.key < $1.key }) {
      guard let market = ports.markets[provider] else { continue }
      do {
        let replays = try await market.replay(of: coins.sorted(), after: since, through: work.now)
        work.paths[provider, default: [:]].merge(replays.mapValues(\.candles)) { $1 }
      } catch {
        work.notices.append("\(provider): highs and lows since \(since) are not known: \(error)")
      }
    }
  }

  /// The finest candles of a coin that the snapshot has; `nil` = none of five minutes or less.
  private func fineCandles(
    of coin: Coin, at market: ProviderID, _ work: CycleWork
  ) -> CandleSeries? {
    guard let candles = work.markets[market]?.coins[coin]?.candles,
      let finest = candles.keys.min(), finest <= .m5
    else { return nil }
    return candles[finest]
  }

  /// Raises the best gain of every position by the highs and lows since the last cycle, and by the
  /// marks.
  func observePeaks(of account: AccountID, _ work: inout CycleWork) {
    for record in work.residents(of: account) where !record.ledger.positions.isEmpty {
      let market = ports.valuation[record.exchange]
      let marks = work.marks(of: market)
      var ledger = record.ledger
      for position in ledger.positions {
        let path = market.flatMap { work.paths[$0]?[position.coin] }
        if let path, let best = Peaks.observing(position, candles: path) {
          ledger.observe(best, for: position.coin)
        }
        if let mark = marks[position.coin] { ledger.observe(mark, for: position.coin) }
      }
      work.state.traders[ledger.trader]?.ledger = ledger
    }
  }

  /// Keeps telling of positions that nobody here opened, as long as they are there.
  func tellOutside(of account: AccountID, _ work: inout CycleWork) {
    let outside = work.state.accounts[account]?.outside ?? [:]
    let prefix = "outside.\(account)."
    for (coin, size) in outside.sorted(by: { $0.key < $1.key }) {
      work.alert(
        prefix + coin.name, .medium,
        "account \(account) holds \(size) \(coin) that no trader opened; entries in \(coin) are "
          + "barred there until it is closed by hand")
    }
    for key in work.earlierAlerts.keys.sorted() where key.hasPrefix(prefix) {
      guard let coin = Coin(key.dropFirst(prefix.count).description), outside[coin] == nil
      else { continue }
      work.resolve(key)
    }
    let manual = "manual.\(account)."
    for (key, since) in work.earlierAlerts.sorted(by: { $0.key < $1.key })
    where key.hasPrefix(manual) && since < work.now - .day {
      work.resolve(key)
    }
  }
}
