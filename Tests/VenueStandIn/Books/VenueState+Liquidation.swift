import Trading

extension VenueState {
  /// Closes what an account cannot keep: equity below maintenance margin.
  mutating func liquidate(
    _ address: VenueAddress, _ marks: [Coin: Price], at instant: Timestamp
  ) {
    guard let account = accounts[address] else { return }
    for (coin, position) in account.held {
      guard let own = position.isolatedRaw, let mark = marks[coin], let listed = listed(coin)
      else { continue }
      let value = position.value(at: mark)
      let needed = listed.coin.instrument.maintenanceMargin(notional: value.magnitude)
      guard own + value < needed else { continue }
      seize(
        address, listed.coin, mark: mark, isBackstop: isFar(own + value, below: needed),
        at: instant)
    }
    let value = account.value(marks, instruments)
    guard value.crossNotional > .zero, value.crossEquity < value.crossMaintenance else { return }
    cancelAll(of: address, .liquidatedCanceled, at: instant)
    for (coin, position) in account.held where position.isolatedRaw == nil {
      guard let mark = marks[coin], let listed = listed(coin)?.coin else { continue }
      seize(
        address, listed, mark: mark,
        isBackstop: isFar(value.crossEquity, below: value.crossMaintenance), at: instant)
    }
  }

  /// Below two thirds of the maintenance margin the backstop vault takes over.
  private func isFar(_ equity: USD, below needed: USD) -> Bool {
    Int128(equity.mantissa) * 3 < Int128(needed.mantissa) * 2
  }

  /// Closes a position through the book, or at the mark by the backstop.
  private mutating func seize(
    _ address: VenueAddress, _ coin: VenueCoin, mark: Price, isBackstop: Bool,
    at instant: Timestamp
  ) {
    guard let size = accounts[address]?.positions[coin.coin]?.size, let side = size.side?.closing
    else { return }
    let index = force(address, coin, side, size.magnitude, limit: mark, at: instant)
    let plan =
      isBackstop
      ? [] : matches(coin, side, size.magnitude, within: nil, at: instant)
    execute(index, plan, force: .liquidation(mark: mark), at: instant)
    let rest = orders[index].remaining
    if rest > .zero {
      execute(
        index, [DepthLevel(price: mark, size: rest)], force: .backstop(mark: mark), at: instant)
    }
  }

  /// An order that nobody sent, or somebody by hand: no client's name.
  mutating func force(
    _ address: VenueAddress, _ coin: VenueCoin, _ side: OrderSide, _ size: Quantity,
    limit: Price, at instant: Timestamp
  ) -> Int {
    let asset = listed(coin.coin)?.asset ?? 0
    return add(
      OrderDraft(
        account: address, coin: coin, asset: asset, side: side, limit: limit, size: size,
        isReduceOnly: false, kind: .limit(tif: "Ioc"), cloid: nil), at: instant)
  }
}
