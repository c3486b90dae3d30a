package import Market
package import Trading

/// The rules of the simulated venue: what becomes of an order, and what an account is worth.
///
/// Pure: it changes only the books it is given, asks no clock and forgets nothing in between. Every
/// operation works on a ``SimChange``, whose `account` is the books as they stand and whose lists
/// collect what must be written down.
///
/// Choices that decide money:
/// - The mark never moves because of our fills.
/// - An order gets at most one fill at one instant; a resting rest may get another later.
/// - Fees are a share of the notional, rounded away from zero to 1e-8.
/// - A position has the leverage of the last order that opened or grew it.
/// - An entry is refused when, bought at its expected price and valued at the marks, the account
///   would have less equity than margin in use. A resting entry reserves no margin; it is checked
///   again when it fills, and cancelled if it no longer fits.
/// - A resting reduce-only order rests with the smaller of its own remainder and the position, and
///   is cancelled when the position is gone or has turned.
///
/// Several traders may share an account; the venue tells their orders apart by client id alone:
/// - Positions are netted. What one trader holds backs, and endangers, what the others hold.
/// - The leverage of the last entry counts for the whole position, whoever entered the rest: one at
///   2x makes what another holds at 10x take five times the margin, and is refused if that is more
///   than there is. An isolated position keeps the margin set aside for it before.
/// - Every reduce-only order ends no more than its own size. Together they may be larger than the
///   position: each is clipped when it fills, and the last are cancelled when nothing is left. The
///   stop of a trader who has closed its share would end another's: whoever sent it takes it back.
/// - Orders that fill at one instant do not feel each other: each finds the whole depth.
package struct SimVenue: Sendable {
  /// The rules that can be chosen.
  package let config: SimConfig
  /// What is traded, by coin.
  package let instruments: [Coin: Instrument]

  /// A venue from its rules and its coins.
  package init(config: SimConfig, instruments: [Coin: Instrument]) {
    self.config = config
    self.instruments = instruments
  }

  /// Receives an order, refuses it with the venue's words or lets it fill and rest.
  ///
  /// The caller makes sure that the client id is new. Every order gets a number, refused ones too.
  /// After an accepted order the books count as caught up to `now`: no price before it may touch
  /// what it made.
  ///
  /// The quotes are the prices now: of the order's coin and of every open position. Where orders
  /// fill around the next open, `opens` has it; an order of a coin without one is refused.
  ///
  /// Gives the order as it stands afterwards.
  @discardableResult
  package func submit(
    _ intent: OrderIntent, to change: inout SimChange, quotes: [Coin: Quote],
    opens: [Coin: Price]? = nil, at now: Timestamp
  ) -> SimOrder {
    var order = SimOrder(
      orderID: change.account.nextOrderID, request: intent.request, receivedAt: now,
      status: .rejected)
    change.account.nextOrderID += 1
    guard let quote = fillQuote(for: order.request, quotes: quotes, opens: opens),
      let instrument = instruments[order.request.coin]
    else {
      order.reason =
        instruments[order.request.coin] == nil ? SimRefusal.unknownCoin : SimRefusal.noMarket
      change.put(order)
      return order
    }
    let marks = quotes.mapValues(\.mark)
    order.reason =
      now > intent.expiresAt
      ? SimRefusal.expired
      : refusal(of: order.request, quote: quote, on: instrument) ?? ""
    if order.reason.isEmpty {
      let book = book(for: order.request.side, quote: quote)
      order.reason =
        marginRefusal(of: order.request, in: change.account, book: book, marks: marks) ?? ""
    }
    guard order.reason.isEmpty else {
      change.put(order)
      return order
    }
    match(&order, in: &change, quote: quote, on: instrument)
    if order.status != .rejected {
      change.account.caughtUpTo = max(change.account.caughtUpTo, now)
    }
    return order
  }

  /// The prices an order meets; `nil` = none.
  private func fillQuote(
    for request: OrderRequest, quotes: [Coin: Quote], opens: [Coin: Price]?
  ) -> Quote? {
    guard let quote = quotes[request.coin], let opens else { return quotes[request.coin] }
    // What only waits meets no price yet.
    guard case .limit = request.kind else { return quote }
    return opens[request.coin].map(quote.replacing(mid:))
  }

  /// Takes a resting order back; one that no longer rests is left as it is.
  package func cancel(_ id: ClientOrderID, in change: inout SimChange) {
    guard let order = change.account.resting.first(where: { $0.request.clientOrderID == id })
    else { return }
    change.cancel(order, because: SimRefusal.cancelled)
  }

  /// The book a taker meets at a quote.
  func book(for side: OrderSide, quote: Quote) -> LinearBook {
    let impact = side == .buy ? quote.impactAsk : quote.impactBid
    if config.spreadBps == nil, let impact,
      side == .buy ? impact >= quote.mid : impact <= quote.mid
    {
      return LinearBook(
        side: side, mid: quote.mid, touch: impact, slippage: config.slippageBpsPer100k,
        depth: config.depth)
    }
    return book(for: side, mid: quote.mid, depth: config.depth)
  }

  /// The book a taker meets where only a price is known.
  func book(for side: OrderSide, mid: Price, depth: USD?) -> LinearBook {
    LinearBook(
      side: side, mid: mid, spread: config.spreadBps ?? SimConfig.defaultSpread,
      slippage: config.slippageBpsPer100k, depth: depth)
  }

  private func match(
    _ order: inout SimOrder, in change: inout SimChange, quote: Quote, on instrument: Instrument
  ) {
    guard case .limit(_, let timeInForce) = order.request.kind else {
      order.status = .resting
      change.put(order)
      return
    }
    let book = book(for: order.request.side, quote: quote)
    let wanted = order.effectiveSize(position: change.account.size(of: order.request.coin))
    take(
      wanted, for: &order, in: &change, from: book, on: instrument, cause: .order,
      at: order.receivedAt)
    let rest = order.effectiveSize(position: change.account.size(of: order.request.coin))
    switch timeInForce {
    case .immediateOrCancel:
      order.status = order.filledSize > .zero ? .filled : .rejected
      if order.status == .rejected { order.reason = SimRefusal.noLiquidity }
    case .goodTilCancelled:
      order.status = rest > .zero ? .resting : .filled
    }
    change.put(order)
    change.settleReduceOnly(in: order.request.coin)
  }
}
