package import Trading

/// The prices and trading rules an entry is judged by.
package struct EntryMarket: Sendable, Hashable {
  /// Tick, lot, minimum and leverage tiers.
  package let instrument: Instrument
  /// The mid when it was decided.
  package let mid: Price
  /// The reference entry, from which every distance to stop and target counts.
  ///
  /// It is the mid moved against us by the expected slippage, then to the next grid price against
  /// us.
  package let entry: Price
  /// The price that turns coins into notional: the dearer of mid and reference entry, on the grid,
  /// so that no cap is passed whichever of the two comes true.
  package let sizing: Price
  /// The worst price the order may fill at: the mid moved by the trader's slippage, then to the
  /// next grid price towards the mid.
  package let limit: Price

  /// The market of an entry; `nil` when no grid price is left above zero.
  package init?(
    instrument: Instrument, mid: Price, side: PositionSide, expectedSlippage: Bps,
    allowedSlippage: Bps
  ) {
    let isLong = side == .long
    let against: Rounding = isLong ? .ceiling : .floor
    let inward: Rounding = isLong ? .floor : .ceiling
    guard let moved = mid.moved(by: isLong ? expectedSlippage : -expectedSlippage),
      let entry = instrument.rounded(moved, against),
      let upper = instrument.rounded(mid, .ceiling),
      let worst = mid.moved(by: isLong ? allowedSlippage : -allowedSlippage),
      let limit = instrument.rounded(worst, inward)
    else { return nil }
    self.instrument = instrument
    self.mid = mid
    self.entry = entry
    self.sizing = max(entry, upper)
    self.limit = limit
  }
}

/// An entry as it is wished for; the rules of ``AdmissionTable/entry`` fold over it.
package struct EntryWish: Sendable, Equatable {
  /// The decision as given, with its claims: entry, risk, confidence, words.
  package let decision: Decision
  /// The coin.
  package let coin: Coin
  /// The direction.
  package let side: PositionSide
  /// Leverage, at least 1 once approved; zero while the decision named none.
  package internal(set) var leverage: Int
  /// Coins, on the lot grid; zero while the decision named no size or no price is known.
  package internal(set) var size: Quantity
  /// Where the loss ends, on the grid, rounded towards the entry: the side that risks less.
  package internal(set) var stop: Price?
  /// Where the profit is taken, on the grid, rounded towards the entry: the side sooner reached.
  package let target: Price?
  /// Prices and rules of the coin; `nil` when it is not on the market.
  package let market: EntryMarket?

  /// Dollars that a price or a size may have at most; more is taken for a broken number.
  package static let largestAmount = USD(whole: 1_000_000_000)

  /// Size times the sizing price, USD; zero without a market.
  package var notional: USD { market.map { $0.sizing * size } ?? .zero }

  /// Notional over leverage, rounded up, USD.
  package var margin: USD { market?.margin(of: size, leverage: leverage) ?? .zero }

  /// Margin, entry fee and expected slippage, USD: what it takes from the free margin.
  package func cost(takerFee: Bps) -> USD {
    market?.cost(of: size, leverage: leverage, takerFee: takerFee) ?? .zero
  }

  /// Loss at the stop with both fees, USD, rounded up; the whole notional without a stop.
  package func risk(takerFee: Bps) -> USD {
    guard let market else { return .zero }
    let perCoin = market.lossPerCoin(stop: stop, takerFee: takerFee)
    let loss = ExactMath.divide(
      perCoin * Int128(size.mantissa), by: Int128(exactDecimalScale), .ceiling)
    return USD(mantissa: Int64(clamping: loss))
  }

  /// Stop, target and invalidation as the position will carry them.
  package var exitPlan: ExitPlan {
    ExitPlan(stop: stop, target: target, invalidation: decision.invalidation)
  }

  /// Whether an order does no more than this wish allows; the check ``RiskGate/carryOut`` needs.
  package func covers(_ intent: OrderIntent) -> Bool {
    let order = intent.request
    guard let market, order.coin == coin, order.purpose == .open, !order.reduceOnly,
      order.side == side.opening, order.size <= size, order.leverage <= leverage
    else { return false }
    return side == .long ? order.limitPrice <= market.limit : order.limitPrice >= market.limit
  }
}

extension EntryMarket {
  /// Margin of a size at a leverage, rounded up, USD.
  func margin(of size: Quantity, leverage: Int) -> USD {
    instrument.initialMargin(notional: sizing * size, leverage: leverage)
  }

  /// What a size takes from the free margin: margin, entry fee and slippage, each rounded up, USD.
  func cost(of size: Quantity, leverage: Int, takerFee: Bps) -> USD {
    let slippage = ExactMath.multiply(slippagePerCoin, size.mantissa, .ceiling)
    return margin(of: size, leverage: leverage)
      + (sizing * size).applying(takerFee, .ceiling) + USD(mantissa: slippage)
  }

  /// The largest size on the lot grid whose cost is within an amount; zero when there is none.
  func size(costing free: USD, leverage: Int, takerFee: Bps) -> Quantity {
    guard free > .zero else { return .zero }
    // Cost of one coin in steps of 1e-16 USD, each part rounded up.
    let fine = Int128(exactDecimalScale)
    let price = Int128(sizing.mantissa)
    let margin = ExactMath.divide(price * fine, by: Int128(max(1, leverage)), .ceiling)
    let fee = ExactMath.divide(price * Int128(takerFee.mantissa), by: 10_000, .ceiling)
    let perCoin = margin + fee + Int128(slippagePerCoin) * fine
    let coins = ExactMath.divide(Int128(free.mantissa) * fine * fine, by: perCoin, .floor)
    var size = instrument.roundedDown(Quantity(mantissa: Int64(clamping: coins)) ?? .zero)
    // Three roundings up of the cost of the whole can pass the amount by some 1e-8 USD.
    while size > .zero, cost(of: size, leverage: leverage, takerFee: takerFee) > free {
      size = size.less(instrument.lot)
    }
    return size
  }

  /// So many coins, rounded down to the lot; `nil` = what an amount buys.
  func size(of quantity: Quantity?, worth notional: USD) -> Quantity {
    guard let quantity else { return size(worth: notional) }
    return instrument.roundedDown(quantity)
  }

  /// The largest size on the lot grid whose notional is within an amount.
  func size(worth notional: USD) -> Quantity {
    guard notional > .zero else { return .zero }
    let coins = ExactMath.divide(
      Int128(notional.mantissa) * Int128(exactDecimalScale), by: Int128(sizing.mantissa), .floor)
    return instrument.roundedDown(Quantity(mantissa: Int64(clamping: coins)) ?? .zero)
  }

  /// Loss of one coin at the stop with both fees, in steps of 1e-8 USD, rounded up; without a stop
  /// the whole entry price counts as lost.
  func lossPerCoin(stop: Price?, takerFee: Bps) -> Int128 {
    let exit = stop.map { Int128($0.mantissa) } ?? 0
    let start = Int128(entry.mantissa)
    let distance = exit > start ? exit - start : start - exit
    return distance + feePerCoin(exit: stop ?? entry, takerFee: takerFee)
  }

  /// Fees of buying and selling one coin, in steps of 1e-8 USD, rounded up.
  func feePerCoin(exit: Price, takerFee: Bps) -> Int128 {
    let turnover = Int128(entry.mantissa) + Int128(exit.mantissa)
    return ExactMath.divide(
      turnover * Int128(takerFee.mantissa), by: Int128(exactDecimalScale) * 10_000, .ceiling)
  }

  private var slippagePerCoin: Int64 { abs(entry.mantissa - mid.mantissa) }
}
