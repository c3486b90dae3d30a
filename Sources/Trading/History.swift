/// What a trader was worth at one time.
package struct EquityPoint: Sendable, Hashable {
  /// The trader, or the benchmark's id.
  package let trader: TraderID
  /// When.
  package let at: Timestamp
  /// Equity, USD.
  package let equity: USD
  /// What 10,000 USD at inception became, flows taken out, USD.
  package let nav: USD
  /// Flows plus realised profit plus funding less fees, USD.
  package let cash: USD
  /// Profit not yet realised, USD.
  package let unrealised: USD
  /// Margin that its positions take, USD.
  package let marginUsed: USD

  /// A point from its parts.
  package init(
    trader: TraderID, at: Timestamp, equity: USD, nav: USD, cash: USD, unrealised: USD,
    marginUsed: USD
  ) {
    self.trader = trader
    self.at = at
    self.equity = equity
    self.nav = nav
    self.cash = cash
    self.unrealised = unrealised
    self.marginUsed = marginUsed
  }
}

/// Money put into, or taken out of, a trader.
package struct CapitalFlow: Sendable, Hashable {
  /// The trader.
  package let trader: TraderID
  /// When.
  package let at: Timestamp
  /// Positive = put in, USD.
  package let amount: USD
  /// Why, in words, for example `initial equity`.
  package let reason: String
  /// The trader's equity just before, USD, which its units were priced by; `nil` = not on record.
  package let equity: USD?

  /// A flow from its parts.
  package init(
    trader: TraderID, at: Timestamp, amount: USD, reason: String, equity: USD? = nil
  ) {
    self.trader = trader
    self.at = at
    self.amount = amount
    self.reason = reason
    self.equity = equity
  }
}

/// The benchmark: one coin bought once with 10,000 USD, less the taker fee, and kept.
package struct Benchmark: Sendable, Hashable {
  /// Its id in the exports, for example `buynhold_btc`.
  package let id: TraderID
  /// The coin.
  package let coin: Coin
  /// When it was bought.
  package let boughtAt: Timestamp
  /// What was paid per coin.
  package let price: Price
  /// Coins bought; may be finer than the venue's lot.
  package let size: Quantity
  /// The fee paid, USD.
  package let fee: USD
  /// What it started with, USD.
  package let start: USD

  /// A benchmark from its parts.
  package init(
    id: TraderID, coin: Coin, boughtAt: Timestamp, price: Price, size: Quantity, fee: USD,
    start: USD
  ) {
    self.id = id
    self.coin = coin
    self.boughtAt = boughtAt
    self.price = price
    self.size = size
    self.fee = fee
    self.start = start
  }

  /// Its worth at a price, USD: start − fee + size · (price − entry).
  package func equity(at price: Price) -> USD {
    start - fee + (price * size - self.price * size)
  }
}

/// Running totals of a trader's record, brought up to date point by point and trade by trade.
///
/// Daily returns are those of the NAV at the end of each UTC day; the present day counts only
/// once it is over. The first is that since inception, when the NAV was 10,000. Mean and variance
/// follow Welford (1962).
package struct PerformanceTotals: Sendable, Equatable {
  /// The NAV at inception.
  private static let inceptionNAV = USD(whole: 10_000)

  /// Finished positions.
  package private(set) var trades: Int
  /// Those with a net profit above zero.
  package private(set) var wins: Int
  /// Σ net profit of the wins, USD.
  package private(set) var winnings: USD
  /// Σ net profit of the others, USD, zero or negative.
  package private(set) var losings: USD
  /// The NAV at the end of the last finished day; 10,000 at first, `nil` before the first point.
  ///
  /// USD.
  package private(set) var dayStartNAV: USD?
  /// The latest NAV, USD.
  package private(set) var lastNAV: USD?
  /// The day of the latest NAV.
  package private(set) var lastDay: CivilDay?
  /// Finished days with a return.
  package private(set) var days: Int
  /// Mean of the daily returns, as a fraction.
  package private(set) var meanDaily: Double
  /// Σ squared deviations of the daily returns from their mean.
  package private(set) var sumSquares: Double
  /// The highest NAV so far, that at inception among them, USD; 0 before the first point.
  package private(set) var peakNAV: USD
  /// The greatest fall of the NAV from an earlier peak, as a fraction 0…1.
  package private(set) var maxDrawdown: Double

  /// Totals of nothing.
  package init() {
    self.init(
      trades: 0, wins: 0, winnings: .zero, losings: .zero, dayStartNAV: nil, lastNAV: nil,
      lastDay: nil, days: 0, meanDaily: 0, sumSquares: 0, peakNAV: .zero, maxDrawdown: 0)
  }

  /// Totals as read back from storage.
  package init(
    trades: Int, wins: Int, winnings: USD, losings: USD, dayStartNAV: USD?, lastNAV: USD?,
    lastDay: CivilDay?, days: Int, meanDaily: Double, sumSquares: Double, peakNAV: USD,
    maxDrawdown: Double
  ) {
    self.trades = trades
    self.wins = wins
    self.winnings = winnings
    self.losings = losings
    self.dayStartNAV = dayStartNAV
    self.lastNAV = lastNAV
    self.lastDay = lastDay
    self.days = days
    self.meanDaily = meanDaily
    self.sumSquares = sumSquares
    self.peakNAV = peakNAV
    self.maxDrawdown = maxDrawdown
  }

  /// Takes in a finished position.
  package mutating func fold(_ trade: Trade) {
    trades += 1
    if trade.net > .zero {
      wins += 1
      winnings += trade.net
    } else {
      losings += trade.net
    }
  }

  /// Takes in an equity point; points must come in time order, a repeated instant replaces.
  package mutating func fold(_ point: EquityPoint) {
    let day = CivilDay(point.at)
    if let lastDay, let lastNAV, day > lastDay {
      if let start = dayStartNAV, start > .zero {
        let dayReturn = lastNAV.double / start.double - 1
        days += 1
        let deviation = dayReturn - meanDaily
        meanDaily += deviation / Double(days)
        sumSquares += deviation * (dayReturn - meanDaily)
      }
      dayStartNAV = lastNAV
    }
    if dayStartNAV == nil { dayStartNAV = Self.inceptionNAV }
    lastNAV = point.nav
    lastDay = day
    peakNAV = max(peakNAV, Self.inceptionNAV, point.nav)
    maxDrawdown = max(maxDrawdown, 1 - point.nav.double / peakNAV.double)
  }

  /// Annualised Sharpe ratio of the daily returns: mean / sample deviation · √365, risk-free 0.
  ///
  /// `nil` for fewer than two finished days or when all returns are equal.
  package var sharpe: Double? {
    guard days >= 2 else { return nil }
    let variance = sumSquares / Double(days - 1)
    guard variance > 0 else { return nil }
    return meanDaily / variance.squareRoot() * 365.0.squareRoot()
  }
}
