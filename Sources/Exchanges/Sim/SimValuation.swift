package import Trading

/// What an account is worth at given marks, USD.
struct SimStanding: Sendable, Equatable {
  /// Everything.
  var equity: USD
  /// Equity less what is set aside for, or earned by, isolated positions.
  var crossEquity: USD
  /// Maintenance margin of the positions that share the account.
  var crossMaintenance = USD.zero
  /// Maintenance margin of all positions.
  var maintenance = USD.zero
  /// Margin all positions take.
  var marginUsed = USD.zero
}

extension SimVenue {
  /// What an account is worth; `nil` when the mark or the instrument of a position is missing.
  func standing(of account: SimAccount, marks: [Coin: Price]) -> SimStanding? {
    var standing = SimStanding(equity: account.rawUSD, crossEquity: account.rawUSD)
    // Sums of whole numbers: the order of the dictionary does not matter.
    for (coin, position) in account.positions {
      guard let mark = marks[coin], let instrument = instruments[coin] else { return nil }
      let value = mark * position.size
      guard config.marginMode != .none else {
        standing.equity += value
        standing.crossEquity += value
        continue
      }
      let maintenance = instrument.maintenanceMargin(notional: value.magnitude)
      standing.equity += value
      standing.crossEquity += value
      standing.maintenance += maintenance
      if let backing = position.isolatedBacking(at: mark) {
        standing.crossEquity -= backing
        standing.marginUsed += backing
      } else {
        standing.crossMaintenance += maintenance
        standing.marginUsed += instrument.initialMargin(
          notional: value.magnitude, leverage: position.leverage)
      }
    }
    return standing
  }

  /// What backs a position beyond all maintenance margin, USD; negative = to be liquidated.
  ///
  /// `nil` when flat, when a mark is missing, or when nothing needs margin.
  func available(to coin: Coin, in account: SimAccount, marks: [Coin: Price]) -> USD? {
    guard config.marginMode != .none, let position = account.positions[coin],
      let mark = marks[coin],
      let instrument = instruments[coin]
    else { return nil }
    return available(
      to: position, in: instrument, at: mark,
      position.isolatedMargin == nil ? standing(of: account, marks: marks) : nil)
  }

  /// The same for a position at a mark in an account that stands so; `standing` may be `nil` for
  /// one with margin of its own.
  func available(
    to position: SimPosition, in instrument: Instrument, at mark: Price, _ standing: SimStanding?
  ) -> USD? {
    if let backing = position.isolatedBacking(at: mark) {
      return backing - instrument.maintenanceMargin(notional: (mark * position.size).magnitude)
    }
    return standing.map { $0.crossEquity - $0.crossMaintenance }
  }

  /// Where a position would be liquidated, all other marks staying; `nil` = nowhere above zero.
  func liquidationPrice(of coin: Coin, in account: SimAccount, marks: [Coin: Price]) -> Price? {
    guard let position = account.positions[coin], let mark = marks[coin],
      let available = available(to: coin, in: account, marks: marks)
    else { return nil }
    return instruments[coin]?.liquidationPrice(
      size: position.size, mark: mark, available: available)
  }

  /// The account as the venue shows it.
  ///
  /// Margin in use is notional / leverage for a cross position and margin + unrealised profit for
  /// an isolated one, so that equity less margin in use is what can still become margin.
  ///
  /// - Returns: `nil` when the mark or the instrument of an open position is missing.
  package func snapshot(
    of account: SimAccount, marks: [Coin: Price], at now: Timestamp
  ) -> AccountSnapshot? {
    guard let standing = standing(of: account, marks: marks) else { return nil }
    let coins = account.positions.keys.sorted()
    return AccountSnapshot(
      account: account.id, at: now, equity: standing.equity, marginUsed: standing.marginUsed,
      maintenanceMargin: standing.maintenance,
      positions: coins.compactMap { venuePosition(in: $0, of: account, standing, marks: marks) },
      orders: account.resting.map { $0.shown(position: account.size(of: $0.request.coin)) },
      needsMargin: config.marginMode != .none)
  }

  private func venuePosition(
    in coin: Coin, of account: SimAccount, _ standing: SimStanding, marks: [Coin: Price]
  ) -> VenuePosition? {
    guard let position = account.positions[coin], let mark = marks[coin],
      let instrument = instruments[coin]
    else { return nil }
    let value = mark * position.size
    let available =
      config.marginMode == .none
      ? nil : available(to: position, in: instrument, at: mark, standing)
    return VenuePosition(
      coin: coin, size: position.size, entryPrice: position.entryPrice ?? mark,
      leverage: position.leverage,
      marginUsed: config.marginMode == .none
        ? .zero
        : position.isolatedBacking(at: mark)
          ?? instrument.initialMargin(notional: value.magnitude, leverage: position.leverage),
      unrealised: value - position.cost,
      liquidationPrice: available.flatMap {
        instrument.liquidationPrice(size: position.size, mark: mark, available: $0)
      })
  }
}

extension SimPosition {
  /// The average entry, rounded half-even to 1e-8.
  var entryPrice: Price? {
    Price(mantissa: ExactMath.ratio(cost.mantissa, size.mantissa, .halfEven))
  }

  /// Isolated margin plus unrealised profit; `nil` for a cross position.
  func isolatedBacking(at mark: Price) -> USD? {
    isolatedMargin.map { $0 + mark * size - cost }
  }
}

extension SimOrder {
  /// The order as the venue shows it while it rests.
  fileprivate func shown(position: SignedQuantity) -> RestingOrder {
    RestingOrder(
      orderID: orderID, clientOrderID: request.clientOrderID, coin: request.coin,
      side: request.side, size: effectiveSize(position: position),
      kind: isTriggered ? .limit(request.limitPrice, .goodTilCancelled) : request.kind,
      reduceOnly: request.reduceOnly, purpose: request.purpose)
  }
}
