import Exchanges
import Market
import Trading

/// Prices where real money is moved: of the moment of the order, and of coins without a market.
extension Cycle {
  /// The markets that accounts of real venues are valued by.
  private var realMarkets: [ProviderID] {
    let real = ports.exchanges.filter { !$0.value.isSimulated }.keys
    return Set(real.compactMap { ports.valuation[$0] }).sorted()
  }

  /// Takes the mids of this moment, since models may have thought for minutes.
  ///
  /// Where they cannot be had the snapshot's stay, and it is told.
  func freshen(_ work: inout CycleWork) async {
    for provider in realMarkets {
      guard let market = ports.markets[provider], let snapshot = work.markets[provider] else {
        continue
      }
      do throws(MarketDataError) {
        let mids = try await market.midsNow(for: snapshot.coins.keys.sorted())
        work.markets[provider] = snapshot.replacing(mids: mids)
      } catch {
        work.notices.append(
          "\(provider): orders are priced as of \(work.now), later prices cannot be had: \(error)")
      }
    }
  }

  /// Gives held coins that the market shows no price of the mark their venue has for them, as of
  /// long ago: enough to protect and to close, too old to open.
  func priceHeldCoins(of account: AccountID, _ work: inout CycleWork) async {
    guard let exchange = venue(of: account, work), !exchange.isSimulated,
      let owner = work.residents(of: account).first,
      let provider = ports.valuation[owner.exchange], let market = ports.markets[provider]
    else { return }
    let snapshot = work.markets[provider] ?? .empty(at: work.now, source: provider)
    let lacking = (work.accounts[account]?.positions ?? []).filter {
      snapshot.coins[$0.coin] == nil && $0.mark != nil
    }
    guard !lacking.isEmpty else { return }
    do throws(MarketDataError) {
      let instruments = try await market.instruments()
      var priced = snapshot
      for position in lacking {
        guard let instrument = instruments[position.coin], let mark = position.mark else {
          continue
        }
        let quote = Quote(
          coin: position.coin, asOf: work.now - .day, mid: mark, mark: mark, oracle: mark)
        priced = priced.adding(CoinSnapshot(instrument: instrument, quote: quote))
      }
      work.markets[provider] = priced
    } catch {
      work.notices.append("\(provider): held coins without a price stay without: \(error)")
    }
  }
}
