package import Trading

/// One account over all its traders, as entries are reserved on it one after the other.
///
/// Limits are shares of the equity as reconciled at the start of the cycle; what is held outside
/// of nof0 counts.
package struct AccountState: Sendable, Equatable {
  /// The account.
  package var account: AccountID
  /// Reconciled equity, USD; not above zero = no entries.
  package var equity: USD
  /// Margin in use, USD.
  package var marginUsed: USD
  /// What can still become margin, USD.
  package var free: USD
  /// Fee of an order that fills at once.
  package var takerFee: Bps
  /// The limits over all its traders.
  package var limits: GlobalLimits
  /// Notional of each open coin, USD.
  package var notional: [Coin: USD]
  /// Coins with an open position.
  package var positions: Set<Coin>
  /// Leverage of open positions; no entry = not known, or flat.
  package var leverage: [Coin: Int]

  /// A state from its parts.
  package init(
    account: AccountID, equity: USD, marginUsed: USD, free: USD, takerFee: Bps,
    limits: GlobalLimits, notional: [Coin: USD], positions: Set<Coin>, leverage: [Coin: Int]
  ) {
    self.account = account
    self.equity = equity
    self.marginUsed = marginUsed
    self.free = free
    self.takerFee = takerFee
    self.limits = limits
    self.notional = notional
    self.positions = positions
    self.leverage = leverage
  }

  /// The state of an account as its venue shows it; a position without a mark counts at its entry.
  package init(
    _ snapshot: AccountSnapshot, marks: [Coin: Price], takerFee: Bps, limits: GlobalLimits
  ) {
    var notional: [Coin: USD] = [:]
    var leverage: [Coin: Int] = [:]
    for position in snapshot.positions {
      let mark = marks[position.coin] ?? position.entryPrice
      notional[position.coin] = (mark * position.size).magnitude
      leverage[position.coin] = position.leverage
    }
    self.init(
      account: snapshot.account, equity: snapshot.equity, marginUsed: snapshot.marginUsed,
      free: snapshot.free, takerFee: takerFee, limits: limits, notional: notional,
      positions: Set(notional.keys), leverage: leverage)
  }

  /// The state after an entry was approved: less free margin, more margin in use, a larger
  /// position at the lower leverage.
  package func approving(_ wish: EntryWish) -> AccountState {
    var next = self
    let regearing = regearing(for: wish)
    next.free -= wish.cost(takerFee: takerFee) + regearing
    next.marginUsed += wish.margin + regearing
    next.notional[wish.coin] = held(wish.coin) + wish.notional
    next.positions.insert(wish.coin)
    next.leverage[wish.coin] = min(leverage[wish.coin] ?? wish.leverage, wish.leverage)
    return next
  }
}

extension AccountState {
  /// The notional held of a coin, USD; zero when flat.
  func held(_ coin: Coin) -> USD { notional[coin] ?? .zero }

  /// Margin that the open position of the coin takes on top when an entry lowers its leverage,
  /// USD; zero when it does not.
  ///
  /// Venues keep one leverage for each coin of an account.
  func regearing(for wish: EntryWish) -> USD {
    guard let before = leverage[wish.coin], wish.leverage < before else { return .zero }
    let value = held(wish.coin)
    return value.divided(by: max(1, wish.leverage), .ceiling)
      - value.divided(by: max(1, before), .floor)
  }

  /// The margin that regearing takes, in words; empty when there is none.
  func regearingText(for wish: EntryWish) -> String {
    let amount = regearing(for: wish)
    return amount == .zero
      ? "" : ", of which lowering the open \(wish.coin) to \(wish.leverage)x takes \(amount) USD"
  }
}
