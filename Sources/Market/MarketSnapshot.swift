package import Trading

/// Prices of one coin at one time.
package struct Quote: Sendable, Hashable {
  /// The coin.
  package let coin: Coin
  /// The instant the prices were true.
  package let asOf: Timestamp
  /// Middle of best bid and ask.
  package let mid: Price
  /// The price the venue values positions at.
  package let mark: Price
  /// The price from outside the venue that funding is charged on.
  package let oracle: Price
  /// What a sale of the impact size would get; `nil` = not known.
  package let impactBid: Price?
  /// What a purchase of the impact size would pay; `nil` = not known.
  package let impactAsk: Price?

  /// Prices from their parts.
  package init(
    coin: Coin, asOf: Timestamp, mid: Price, mark: Price, oracle: Price,
    impactBid: Price? = nil, impactAsk: Price? = nil
  ) {
    self.coin = coin
    self.asOf = asOf
    self.mid = mid
    self.mark = mark
    self.oracle = oracle
    self.impactBid = impactBid
    self.impactAsk = impactAsk
  }
}

extension Quote {
  /// The same with another mid; what the impact size would get is not known there.
  package func replacing(mid: Price) -> Quote {
    Quote(coin: coin, asOf: asOf, mid: mid, mark: mark, oracle: oracle)
  }
}

/// An hourly funding rate and the full hour it is charged at.
package struct FundingPoint: Sendable, Hashable {
  /// The full hour.
  package let at: Timestamp
  /// The rate.
  package let rate: FundingRate

  /// A point from its parts.
  package init(at: Timestamp, rate: FundingRate) {
    self.at = at
    self.rate = rate
  }
}

/// Everything known of one coin at one time.
package struct CoinSnapshot: Sendable, Equatable {
  /// How it is traded.
  package let instrument: Instrument
  /// Its prices.
  package let quote: Quote
  /// The latest hourly funding rate; `nil` = not known.
  package let funding: FundingPoint?
  /// Coins open at the venue; `nil` = not known.
  package let openInterest: Double?
  /// Mean of the open interest over the history that is kept, coins; `nil` = none is kept.
  package let openInterestAverage: Double?
  /// Traded in the last 24 hours, USD; `nil` = not known.
  package let dayVolumeUSD: Double?
  /// Change of the mid against the close one hour ago, in per cent; `nil` = not known.
  package let change1hPct: Double?
  /// Change of the mid against the close four hours ago, in per cent; `nil` = not known.
  package let change4hPct: Double?
  /// Finished candles by time frame, only those asked for.
  package let candles: [Timeframe: CandleSeries]

  /// A snapshot from its parts.
  package init(
    instrument: Instrument, quote: Quote, funding: FundingPoint? = nil,
    openInterest: Double? = nil, openInterestAverage: Double? = nil, dayVolumeUSD: Double? = nil,
    change1hPct: Double? = nil, change4hPct: Double? = nil,
    candles: [Timeframe: CandleSeries] = [:]
  ) {
    self.instrument = instrument
    self.quote = quote
    self.funding = funding
    self.openInterest = openInterest
    self.openInterestAverage = openInterestAverage
    self.dayVolumeUSD = dayVolumeUSD
    self.change1hPct = change1hPct
    self.change4hPct = change4hPct
    self.candles = candles
  }

  /// The coin.
  package var coin: Coin { quote.coin }

  /// The same with another mid.
  fileprivate func replacing(mid: Price) -> CoinSnapshot {
    let quote = Quote(
      coin: quote.coin, asOf: quote.asOf, mid: mid, mark: quote.mark, oracle: quote.oracle,
      impactBid: quote.impactBid, impactAsk: quote.impactAsk)
    return CoinSnapshot(
      instrument: instrument, quote: quote, funding: funding, openInterest: openInterest,
      openInterestAverage: openInterestAverage, dayVolumeUSD: dayVolumeUSD,
      change1hPct: change1hPct, change4hPct: change4hPct, candles: candles)
  }

  /// The latest instant any part of it speaks of.
  fileprivate var latest: Timestamp {
    let ends = candles.values.compactMap { $0.isEmpty ? nil : $0.closeTime($0.count - 1) }
    return max(quote.asOf, ends.max() ?? quote.asOf, funding?.at ?? quote.asOf)
  }
}

/// A snapshot that speaks of a time after the decision: look-ahead.
package struct LookAheadError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The coin concerned.
  package let coin: Coin
  /// The decision time.
  package let at: Timestamp
  /// The later time that was found.
  package let asOf: Timestamp

  /// The error in words.
  package var description: String {
    "market data of \(coin) is as of \(asOf), after the decision time \(at); "
      + "the market provider must only return what was known then"
  }
}

/// What a market looked like at one time.
package struct MarketSnapshot: Sendable, Equatable {
  /// The decision time.
  package let at: Timestamp
  /// The provider it came from.
  package let source: ProviderID
  /// The coins that are known, by coin.
  package private(set) var coins: [Coin: CoinSnapshot]
  /// Why a coin that was asked for is missing, by coin.
  package let missing: [Coin: String]

  /// A snapshot; refuses data later than the decision time.
  package init(
    at: Timestamp, source: ProviderID, coins: [CoinSnapshot], missing: [Coin: String] = [:]
  ) throws(LookAheadError) {
    for coin in coins where coin.latest > at {
      throw LookAheadError(coin: coin.coin, at: at, asOf: coin.latest)
    }
    self.at = at
    self.source = source
    self.coins = Dictionary(coins.map { ($0.coin, $0) }) { first, _ in first }
    self.missing = missing
  }

  /// A snapshot that knows nothing.
  package static func empty(at now: Timestamp, source: ProviderID) -> MarketSnapshot {
    MarketSnapshot(emptyAt: now, source: source)
  }

  /// The same with other mids, read later than the snapshot; coins without one keep theirs.
  package func replacing(mids: [Coin: Price]) -> MarketSnapshot {
    var changed = self
    for (coin, mid) in mids {
      changed.coins[coin] = coins[coin]?.replacing(mid: mid)
    }
    return changed
  }

  /// The same with a coin it lacks; one it has is kept.
  package func adding(_ coin: CoinSnapshot) -> MarketSnapshot {
    guard coins[coin.coin] == nil else { return self }
    var changed = self
    changed.coins[coin.coin] = coin
    return changed
  }

  private init(emptyAt now: Timestamp, source: ProviderID) {
    at = now
    self.source = source
    coins = [:]
    missing = [:]
  }

  /// How old the prices of a coin are; `nil` when it is missing.
  package func age(of coin: Coin) -> Span? { coins[coin].map { at - $0.quote.asOf } }

  /// The marks of all known coins.
  package var marks: [Coin: Price] { coins.mapValues(\.quote.mark) }
}
