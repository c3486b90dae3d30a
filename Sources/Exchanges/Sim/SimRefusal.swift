import Market
import Trading

/// The venue's words; those it is known to use are copied from the protocol fact sheet §3 and §4.
enum SimRefusal {
  static let unknownCoin = "Unknown coin."
  static let delisted = "Coin is delisted."
  static let expired = "Order expired"
  static let clockWentBack = "clock went back"
  static let zeroSize = "Order has zero size."
  static let size = "Order has invalid size."
  static let tick = "Price must be divisible by tick size."
  static let trigger = "Invalid TP/SL price."
  static let margin = "Insufficient margin to place order."
  static let tier = "Order would cause position to exceed margin tier limit at current leverage"
  static let reduceOnly = "Reduce only order would increase position."
  static let noLiquidity = "Order could not immediately match against any resting orders."
  static let noMarket = "No liquidity available for market order."
  static let noMarks = "No mark price for an open position; margin cannot be checked."

  /// The reason of an order we took back.
  static let cancelled = "canceled"
  /// The reason of a reduce-only order whose position ended.
  static let reduceOnlyCancelled = "reduceOnlyCanceled"
  static let siblingFilled = "siblingFilledCanceled"
  /// The reason of a resting entry that no longer fits the margin when it is reached.
  static let marginCancelled = "marginCanceled"
  /// The reason of orders that a liquidation swept away.
  static let liquidatedCancelled = "liquidatedCanceled"

  static func minimum(_ notional: USD) -> String {
    "Order must have minimum value of $\(notional)."
  }
}

extension SimVenue {
  /// Why the venue refuses an order before it looks at margin; `nil` = it does not.
  func refusal(of request: OrderRequest, quote: Quote, on instrument: Instrument) -> String? {
    if instrument.isDelisted { return SimRefusal.delisted }
    if request.size == .zero { return SimRefusal.zeroSize }
    if !instrument.accepts(request.size) { return SimRefusal.size }
    if !instrument.accepts(request.limitPrice) { return SimRefusal.tick }
    if case .trigger(let trigger, _) = request.kind {
      guard instrument.accepts(trigger), let level = request.level(isTriggered: false),
        level.isAhead(of: quote.mark)
      else { return SimRefusal.trigger }
    }
    let reference = min(request.limitPrice, quote.mark)
    if !request.reduceOnly, reference * request.size < instrument.minNotional {
      return SimRefusal.minimum(instrument.minNotional)
    }
    return nil
  }

  /// Why an order does not fit the position or the margin; `nil` = it does.
  func marginRefusal(
    of request: OrderRequest, in account: SimAccount, book: LinearBook, marks: [Coin: Price]
  ) -> String? {
    let held = account.size(of: request.coin)
    if request.reduceOnly {
      return held.side?.closing == request.side ? nil : SimRefusal.reduceOnly
    }
    if config.marginMode == .none { return nil }
    guard grows(held, by: request), let instrument = instruments[request.coin],
      let mark = marks[request.coin]
    else { return nil }
    let notional = (mark * (held + request.size.signed(request.side))).magnitude
    guard (1...instrument.maxLeverage(forNotional: notional)).contains(request.leverage) else {
      return SimRefusal.tier
    }
    guard var price = book.average(of: request.size, on: instrument) else {
      return SimRefusal.noMarket
    }
    // The expected price, but no worse than the limit and no better than the mark.
    switch request.side {
    case .buy: price = max(min(price, request.limitPrice), mark)
    case .sell: price = min(max(price, request.limitPrice), mark)
    }
    guard let fits = affords(request, request.size, at: price, in: account, marks: marks) else {
      return SimRefusal.noMarks
    }
    return fits ? nil : SimRefusal.margin
  }

  /// Whether, after a fill, equity still covers the margin in use; `nil` when a mark is missing.
  func affords(
    _ request: OrderRequest, _ size: Quantity, at price: Price, in account: SimAccount,
    marks: [Coin: Price]
  ) -> Bool? {
    if config.marginMode == .none { return true }
    var trial = SimChange(account: account)
    book(
      SimExecution(
        coin: request.coin, side: request.side, price: price, size: size,
        rate: config.fees.taker, isTaker: true, leverage: request.leverage, cause: .order),
      for: nil, in: &trial, at: account.caughtUpTo)
    return standing(of: trial.account, marks: marks).map { $0.equity >= $0.marginUsed }
  }

  /// Whether an order would leave more exposure than it found, or turn the position.
  func grows(_ held: SignedQuantity, by request: OrderRequest) -> Bool {
    held.side?.closing != request.side || request.size > held.magnitude
  }
}
