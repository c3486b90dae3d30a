import Trading

/// A trade before it is booked.
struct Trade {
  let account: VenueAddress
  let coin: VenueCoin
  let side: OrderSide
  let size: Quantity
  let price: Price
  let order: Int64
  var cloid: String?
  var isTaker = true
  var force: VenueFill.Force?
  var at: Timestamp
}

extension VenueState {
  /// Books a trade: position, raw USD, fee, volume, and the fill itself.
  mutating func book(_ trade: Trade) {
    guard var account = accounts[trade.account] else { return }
    let coin = trade.coin.coin
    var position = account.positions[coin] ?? VenuePosition()
    let before = position.size
    let signed = trade.size.signed(trade.side)
    let pnl = Self.move(&position, by: signed, at: trade.price)
    let fee = fee(of: trade)
    let cash = -(trade.price * signed) - fee
    let leverage = account.leverage(of: trade.coin.instrument)
    if leverage.isCross {
      account.rawUSD += cash
    } else {
      Self.bookIsolated(
        &position, before: before, cash: cash, price: trade.price, leverage: leverage.value,
        raw: &account.rawUSD)
    }
    position.paidSinceChange = .zero
    if before.mantissa == 0 { position.paidSinceOpen = .zero }
    account.positions[coin] = position
    let value = trade.price * trade.size
    account.volume += value
    accounts[trade.account] = account
    fills.append(
      VenueFill(
        account: trade.account, coin: coin, price: trade.price, size: trade.size,
        side: trade.side, at: trade.at, startPosition: before,
        direction: Self.direction(before, position.size, trade, isCross: leverage.isCross),
        closedPnl: micro(pnl), fee: fee, orderNumber: trade.order,
        tradeID: 100_000_000_000_003 + Int64(fills.count) * 1_000_003, cloid: trade.cloid,
        isTaker: trade.isTaker, force: trade.force))
    fitReduceOnly(trade.account, coin, at: trade.at)
  }

  private func fee(of trade: Trade) -> USD {
    switch trade.force {
    case .backstop, .deleveraging: .zero
    case .liquidation, nil:
      micro((trade.price * trade.size).applying(trade.isTaker ? fees.taker : fees.maker))
    }
  }

  /// Moves a position; the profit of what was closed, before fees.
  private static func move(
    _ position: inout VenuePosition, by signed: SignedQuantity, at price: Price
  ) -> USD {
    var pnl = USD.zero
    var opened = signed
    if position.size.mantissa != 0, (position.size.mantissa < 0) != (signed.mantissa < 0) {
      let closed = min(position.size.magnitude, signed.magnitude)
      let closedSigned = SignedQuantity(
        mantissa: position.size.mantissa < 0 ? -closed.mantissa : closed.mantissa)
      let share = USD(
        mantissa: ExactMath.scale(
          position.cost.mantissa, by: closed.mantissa, over: abs(position.size.mantissa),
          .halfEven))
      pnl = price * closedSigned - share
      position.cost -= share
      position.size = position.size - closedSigned
      opened = signed + closedSigned
    }
    position.size = position.size + opened
    position.cost += price * opened
    return pnl
  }

  /// Money of an isolated position: margin goes in with what is opened, and out with what is
  /// closed, in proportion.
  private static func bookIsolated(
    _ position: inout VenuePosition, before: SignedQuantity, cash: USD, price: Price,
    leverage: Int, raw: inout USD
  ) {
    let old = before.magnitude.mantissa
    let new = position.size.magnitude.mantissa
    let hasFlipped = before.mantissa != 0 && (before.mantissa < 0) != (position.size.mantissa < 0)
    var own = (position.isolatedRaw ?? .zero) + cash
    if old != 0, hasFlipped || new < old {
      // What the position is worth after the trade, kept in proportion to what is left of it.
      let worth = own + price * position.size
      let kept =
        hasFlipped
        ? USD.zero
        : micro(USD(mantissa: ExactMath.scale(worth.mantissa, by: new, over: old, .down)))
      own -= worth - kept
      raw += worth - kept
    }
    let opened = hasFlipped || old == 0 ? new : max(0, new - old)
    if let opened = Quantity(mantissa: opened), opened > .zero {
      let margin = micro((price * opened).divided(by: leverage, .up))
      own += margin
      raw -= margin
    }
    position.isolatedRaw = new == 0 ? nil : own
    if new == 0 { raw += own }
  }

  private static func direction(
    _ before: SignedQuantity, _ after: SignedQuantity, _ trade: Trade, isCross: Bool
  ) -> String {
    let wasLong = before.mantissa > 0
    switch trade.force {
    case .liquidation, .backstop:
      return "Liquidated \(isCross ? "Cross" : "Isolated") \(wasLong ? "Long" : "Short")"
    case .deleveraging: return "Auto-Deleveraging"
    case nil: break
    }
    if before.mantissa == 0 { return trade.side == .buy ? "Open Long" : "Open Short" }
    if wasLong == (trade.side == .buy) { return wasLong ? "Open Long" : "Open Short" }
    if after.mantissa != 0, wasLong != (after.mantissa > 0) {
      return wasLong ? "Long > Short" : "Short > Long"
    }
    return wasLong ? "Close Long" : "Close Short"
  }

  /// Shrinks resting reduce-only orders to the position, and ends those that have none.
  private mutating func fitReduceOnly(
    _ account: VenueAddress, _ coin: Coin, at instant: Timestamp
  ) {
    let size = accounts[account]?.positions[coin]?.size ?? .zero
    for index in openOrders(of: account, coin: coin) {
      let order = orders[index]
      guard order.isReduceOnly, !order.isWaiting, order.remaining > .zero else { continue }
      if size.mantissa == 0 || (size.mantissa > 0) == (order.side == .buy) {
        become(.reduceOnlyCanceled, index, at: instant)
      } else if !order.isTrigger, order.remaining > size.magnitude {
        orders[index].remaining = size.magnitude
      }
    }
  }
}
