import Market
package import Trading

/// What happened to an account while nobody ran: the candles and full hours since it was last
/// looked at, in time order over all coins.
///
/// What counts when, so that the same data gives the same fills however often it was looked at:
/// - A candle counts when it ends, a funding rate at its full hour; a candle that ends on the hour
///   comes first. So hours inside a long candle come before its levels.
/// - Funding is charged on the last price known at that hour: the close of the last candle that had
///   ended. (The open of the candle that begins then is not known until later.)
/// - Everything in a candle is stamped with its end, the instant by which it is known.
/// - Of candles that end together, those of the coin that sorts first come first; each is judged
///   with all other coins at their last price. A cross account is thus tested at the adverse
///   extreme of one coin at a time.
/// - Within a candle the price goes from the open to the extreme against the position (down when
///   flat), then to the other extreme, then to the close. What the open has already passed comes
///   first, adverse before favourable. Orders and the liquidation price are met in the order of
///   distance; where both lie on one price, the order wins.
/// - A trigger is filled around its trigger price, or around the open when that is past it, against
///   the trader by spread and slippage, without an end of depth but within the order's limit. What
///   does not fit the limit rests there as a limit order: a stop is never lost.
/// - A limit order fills at its limit, never better, when the range reaches it.
/// - A candle that began before an order was received can only hurt it: its stop counts, at the
///   trigger price, its targets and limits do not. Liquidation always counts.
/// - Equity below maintenance margin liquidates every cross position, or the one isolated position:
///   the coin that moved at its liquidation price, or at the open when that is past it; the others
///   at their last price. There is no insurance: a gap can leave an account below zero.
package struct SimReplay: Sendable {
  private let venue: SimVenue
  private let now: Timestamp
  private(set) var lanes: [SimLane]
  /// The books, and what happened to them so far.
  package private(set) var change: SimChange
  /// Candles and hours processed so far.
  package private(set) var stepsDone = 0

  /// A replay that has not begun.
  ///
  /// - Parameters:
  ///   - account: The books; nothing up to their `caughtUpTo` counts again.
  ///   - venue: The rules; must know every coin of the account.
  ///   - market: Candles and funding by coin, at least of every open position and resting order.
  ///   - prices: The marks at `caughtUpTo`; must equal the close of the last candle that had ended.
  ///     Where one is missing the first open counts, without candles the average entry.
  ///   - now: Nothing after this instant counts.
  package init(
    of account: SimAccount, on venue: SimVenue, market: [Coin: MarketReplay],
    prices: [Coin: Price], through now: Timestamp
  ) {
    self.venue = venue
    self.now = now
    change = SimChange(account: account)
    lanes = account.liveCoins.compactMap { coin in
      guard let instrument = venue.instruments[coin] else { return nil }
      var lane = SimLane(
        coin: coin, instrument: instrument, replay: market[coin], price: prices[coin],
        after: account.caughtUpTo, through: now)
      if lane.price == 0 { lane.price = account.positions[coin]?.entryPrice?.mantissa ?? 0 }
      return lane
    }
  }

  /// Plays everything there is, and moves the books' `caughtUpTo` to the last of it.
  package mutating func run() {
    refreshBands()
    while true {
      var candleAt = Int64.max
      var fundingAt = Int64.max
      for index in lanes.indices {
        candleAt = min(candleAt, lanes[index].candleAtMs)
        fundingAt = min(fundingAt, lanes[index].fundingAtMs)
      }
      let instant = min(candleAt, fundingAt)
      guard instant != .max else { return }
      if candleAt == instant { playCandles(endingAtMs: instant) }
      if fundingAt == instant { payFunding(atMs: instant) }
      change.account.caughtUpTo = max(change.account.caughtUpTo, Timestamp(ms: instant))
    }
  }

  /// The prices of each live coin between which nothing can happen to an account but funding: no
  /// order is reached, and no margin runs out while every coin stays inside.
  ///
  /// They hold until the account changes.
  package static func quietBands(
    of account: SimAccount, on venue: SimVenue, prices: [Coin: Price]
  ) -> [(coin: Coin, low: Int64, high: Int64)] {
    var marks = prices
    for (coin, position) in account.positions where marks[coin] == nil {
      marks[coin] = position.entryPrice
    }
    let maker = QuietBands(of: account, on: venue, marks: marks)
    var bands: [(coin: Coin, low: Int64, high: Int64)] = []
    for coin in account.positions.keys {
      let (low, high) = maker.band(of: coin, at: marks[coin])
      bands.append((coin, low, high))
    }
    for order in account.resting where account.positions[order.request.coin] == nil {
      let (low, high) = maker.band(of: order.request.coin, at: nil)
      bands.append((order.request.coin, low, high))
    }
    return bands
  }

  private mutating func playCandles(endingAtMs instant: Int64) {
    for index in lanes.indices where lanes[index].candleAtMs == instant {
      stepsDone += 1
      if lanes[index].passQuietly() { continue }
      var path = SimCandlePath(
        candle: lanes[index].takeCandle(), lane: index, lanes: lanes, venue: venue,
        change: change)
      path.walk()
      change = path.change
      lanes[index].price = path.candle.close
      refreshBands()
    }
  }

  private mutating func payFunding(atMs instant: Int64) {
    for index in lanes.indices where lanes[index].fundingAtMs == instant {
      stepsDone += 1
      let point = lanes[index].takeFunding()
      let coin = lanes[index].coin
      guard var position = change.account.positions[coin],
        let price = Price(mantissa: lanes[index].price)
      else { continue }
      let amount = point.rate.payment(size: position.size, oracle: price)
      change.account.rawUSD += amount
      position.isolatedMargin = position.isolatedMargin.map { $0 + amount }
      change.account.positions[coin] = position
      change.funding.append(
        FundingPayment(
          account: change.account.id, coin: coin, at: point.at, size: position.size,
          rate: point.rate, amount: amount))
    }
    refreshBands()
  }
}

extension SimReplay {
  /// Sets every lane's bands anew.
  private mutating func refreshBands() {
    let maker = QuietBands(of: change.account, on: venue, marks: lanes.marks)
    for index in lanes.indices {
      let band = maker.band(of: lanes[index].coin, at: Price(mantissa: lanes[index].price))
      lanes[index].lowBand = band.low
      lanes[index].highBand = band.high
    }
  }
}

/// Finds the prices between which nothing can happen to an account.
///
/// What an account has beyond its maintenance margin is shared equally by its cross positions;
/// while no price uses up its share, the account cannot be liquidated. A coin of a long position
/// loses at most its size per dollar; one of a short at most 1.5 times that, since maintenance
/// grows by no more than half of the notional.
private struct QuietBands {
  private let account: SimAccount
  private let venue: SimVenue
  private let standing: SimStanding?
  private let sharers: Int

  init(of account: SimAccount, on venue: SimVenue, marks: [Coin: Price]) {
    self.account = account
    self.venue = venue
    standing =
      venue.config.marginMode == .none ? nil : venue.standing(of: account, marks: marks)
    sharers = max(1, account.positions.values.count { $0.isolatedMargin == nil })
  }

  /// The band of a coin at a price; `nil` = none is known.
  func band(of coin: Coin, at price: Price?) -> (low: Int64, high: Int64) {
    var low = Int64.min
    var high = Int64.max
    for order in account.resting where order.request.coin == coin {
      guard let level = order.level else { continue }
      switch level.direction {
      case .falling: low = max(low, level.price.mantissa)
      case .rising: high = min(high, level.price.mantissa)
      }
    }
    guard let position = account.positions[coin], venue.config.marginMode != .none else {
      return (low, high)
    }
    var available: USD?
    if let price, let instrument = venue.instruments[coin] {
      available = venue.available(to: position, in: instrument, at: price, standing)
    }
    // A thousandth of a cent is kept back for the roundings of maintenance margin.
    let own = position.isolatedMargin == nil ? sharers : 1
    let budget = Int128(available?.mantissa ?? 0) / Int128(own) - 1000
    guard budget > 0 else { return (.max, high) }
    let size = Int128(position.size.mantissa.magnitude)
    let room = budget * Int128(exactDecimalScale) * 2 / (size * 3)
    let mark = Int128(price?.mantissa ?? 0)
    if position.size.side == .long {
      low = max(low, Int64(clamping: mark - room))
    } else {
      high = min(high, Int64(clamping: mark + room))
    }
    return (low, high)
  }
}

extension [SimLane] {
  /// The last known prices.
  var marks: [Coin: Price] {
    var marks: [Coin: Price] = [:]
    for lane in self { marks[lane.coin] = Price(mantissa: lane.price) }
    return marks
  }
}
