package import Market
package import Trading

/// A position as admission sees it.
package struct Exposure: Sendable, Hashable {
  /// The coin.
  package let coin: Coin
  /// Its direction.
  package let side: PositionSide
  /// Coins, above zero.
  package let size: Quantity
  /// Average entry price.
  package let entryPrice: Price
  /// Size times mark, USD.
  package let notional: USD
  /// Margin it takes, USD.
  package let margin: USD
  /// When its first lot was opened.
  package let openedAt: Timestamp
  /// How it is meant to end.
  package let exitPlan: ExitPlan

  /// An exposure from its parts.
  package init(
    coin: Coin, side: PositionSide, size: Quantity, entryPrice: Price, notional: USD, margin: USD,
    openedAt: Timestamp, exitPlan: ExitPlan
  ) {
    self.coin = coin
    self.side = side
    self.size = size
    self.entryPrice = entryPrice
    self.notional = notional
    self.margin = margin
    self.openedAt = openedAt
    self.exitPlan = exitPlan
  }

  /// A position at a mark; its margin is the notional over the leverage it was opened with.
  package init(_ position: Position, mark: Price) {
    let notional = position.notional(at: mark)
    self.init(
      coin: position.coin, side: position.side, size: position.size,
      entryPrice: position.entryPrice, notional: notional,
      margin: notional.divided(by: max(1, position.claim.leverage), .ceiling),
      openedAt: position.openedAt, exitPlan: position.claim.exitPlan)
  }
}

/// What a decision of this cycle already does with a coin.
package enum CoinTurn: Sendable, Hashable {
  /// It opens or grows a position.
  case opened
  /// It closes a part.
  case reduced
  /// It closes everything.
  case closed
  /// It gives the position a new stop or target.
  case protected
}

/// Why a trader may not open anything.
///
/// `nil` = that reason does not apply. The texts are for people.
package struct EntryBlocks: Sendable, Hashable {
  /// A limit over all traders of the account is breached.
  package var global: String?
  /// A kill switch has fired.
  package var killSwitch: String?
  /// The trader is isolated.
  package var isolation: String?
  /// Only reductions are allowed, for example after three model failures in a row.
  package var reductionsOnly: String?

  /// Blocks from their reasons.
  package init(
    global: String? = nil, killSwitch: String? = nil, isolation: String? = nil,
    reductionsOnly: String? = nil
  ) {
    self.global = global
    self.killSwitch = killSwitch
    self.isolation = isolation
    self.reductionsOnly = reductionsOnly
  }
}

/// One trader's means and surroundings, as its decisions are judged one after the other.
///
/// Limits are shares of the equity as reconciled at the start of the cycle. Closes accepted in the
/// same cycle free nothing before they are filled, so no set of approvals can pass a limit when a
/// close fails.
package struct AdmissionState: Sendable, Equatable {
  /// The trader with its limits, guards and coins.
  package var trader: TraderSpec
  /// The decision time.
  package var now: Timestamp
  /// Reconciled equity, USD.
  package var equity: USD
  /// Margin in use, USD.
  package var marginUsed: USD
  /// What can still become margin, USD.
  package var free: USD
  /// Open positions, sorted by coin; one for each coin.
  package var positions: [Exposure]
  /// Positions newly opened in this cycle.
  package var newThisCycle: Int
  /// Entries within the hour before now.
  package var opensWithinHour: Int
  /// When the last position of a coin ended.
  package var lastClosedAt: [Coin: Timestamp]
  /// The market as it was seen.
  package var market: MarketSnapshot
  /// Trading rules by coin; they outlast a missing quote, so that closes stay possible.
  package var instruments: [Coin: Instrument]
  /// Prices older than this admit reductions only.
  package var staleAfter: Span
  /// Coins with an unresolved order or another bar, and why.
  package var barred: [Coin: String]
  /// Fee of an order that fills at once.
  package var takerFee: Bps
  /// Slippage that entries are reckoned with.
  package var expectedSlippage: Bps
  /// The trader's record, which `kelly` sizing reads.
  package var totals: PerformanceTotals
  /// What stops every entry.
  package var blocks: EntryBlocks
  /// What decisions of this cycle already do.
  package internal(set) var turns: [Coin: CoinTurn] = [:]

  /// A state from its parts.
  ///
  /// Instruments default to those of the market.
  package init(
    trader: TraderSpec, now: Timestamp, equity: USD, marginUsed: USD, free: USD,
    positions: [Exposure], newThisCycle: Int = 0, opensWithinHour: Int,
    lastClosedAt: [Coin: Timestamp], market: MarketSnapshot,
    instruments: [Coin: Instrument]? = nil, staleAfter: Span, barred: [Coin: String] = [:],
    takerFee: Bps, expectedSlippage: Bps, totals: PerformanceTotals = PerformanceTotals(),
    blocks: EntryBlocks = EntryBlocks()
  ) {
    self.trader = trader
    self.now = now
    self.equity = equity
    self.marginUsed = marginUsed
    self.free = free
    self.positions = positions.sorted { $0.coin < $1.coin }
    self.newThisCycle = newThisCycle
    self.opensWithinHour = opensWithinHour
    self.lastClosedAt = lastClosedAt
    self.market = market
    self.instruments = instruments ?? market.coins.mapValues(\.instrument)
    self.staleAfter = staleAfter
    self.barred = barred
    self.takerFee = takerFee
    self.expectedSlippage = expectedSlippage
    self.totals = totals
    self.blocks = blocks
  }

  /// The trader's limits.
  package var limits: RiskLimits { trader.risk }

  /// The trader's guards.
  package var guards: ExecutionGuards { trader.guards }

  /// The open position in a coin; `nil` when flat.
  package func position(in coin: Coin) -> Exposure? { positions.first { $0.coin == coin } }

  /// The state after an entry was approved: less free margin, more margin in use, one more count.
  package func approving(_ wish: EntryWish) -> AdmissionState {
    var next = self
    next.free -= wish.cost(takerFee: takerFee)
    next.marginUsed += wish.margin
    next.opensWithinHour += 1
    next.turns[wish.coin] = .opened
    let held = isFlip(wish) ? nil : position(in: wish.coin)
    if position(in: wish.coin) == nil { next.newThisCycle += 1 }
    next.positions.removeAll { $0.coin == wish.coin }
    next.positions.append(grown(held, by: wish))
    next.positions.sort { $0.coin < $1.coin }
    return next
  }

  /// Whether an entry opens the other way what a decision before it closes, and may.
  func isFlip(_ wish: EntryWish) -> Bool {
    limits.allowsFlip && turns[wish.coin] == .closed
      && position(in: wish.coin).map { $0.side != wish.side } ?? false
  }

  private func grown(_ held: Exposure?, by wish: EntryWish) -> Exposure {
    let entry = wish.market?.entry ?? held?.entryPrice
    guard let entry else {
      preconditionFailure("expected an approved entry in \(wish.coin) to have a price, had none")
    }
    return Exposure(
      coin: wish.coin, side: wish.side, size: (held?.size ?? .zero) + wish.size,
      entryPrice: held?.entryPrice ?? entry, notional: (held?.notional ?? .zero) + wish.notional,
      margin: (held?.margin ?? .zero) + wish.margin, openedAt: held?.openedAt ?? now,
      exitPlan: wish.exitPlan)
  }
}

extension AdmissionState {
  /// Margin the limits allow to be in use, USD, rounded down; `nil` = no limit.
  var marginLimit: USD? {
    let shares = [limits.maxMarginUsage, guards.maxMarginUsage].compactMap { $0 }
    return shares.min().map { equity.applying($0, .floor) }
  }

  /// The notional band of a coin.
  func band(for coin: Coin) -> EquityBand { coin.isMajor ? guards.majorBand : guards.altBand }

  /// Why the prices of a coin are too old to act on; `nil` when they are not.
  func staleness(of coin: Coin) -> String? {
    guard let age = market.age(of: coin), age > staleAfter else { return nil }
    return "prices of \(coin) are \(age) old, expected at most \(staleAfter)"
  }

  /// What is already held of the wished coin on the wished side, USD; zero when flat.
  func heldNotional(for wish: EntryWish) -> USD { position(in: wish.coin)?.notional ?? .zero }
}
