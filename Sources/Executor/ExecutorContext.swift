package import Market
package import Trading

/// A position as its trader's executor sees it.
package struct PositionView: Sendable, Equatable {
  /// The position.
  package let position: Position
  /// The mark price now.
  package let mark: Price
  /// Margin it takes, USD.
  package let marginUsed: USD
  /// Where the venue would liquidate it; `nil` = nowhere above zero.
  package let liquidationPrice: Price?
  /// The stop that rests at the venue; `nil` = none.
  package let restingStop: Price?
  /// The target that rests at the venue; `nil` = none.
  package let restingTarget: Price?

  /// A view from its parts.
  package init(
    position: Position, mark: Price, marginUsed: USD, liquidationPrice: Price?,
    restingStop: Price?, restingTarget: Price?
  ) {
    self.position = position
    self.mark = mark
    self.marginUsed = marginUsed
    self.liquidationPrice = liquidationPrice
    self.restingStop = restingStop
    self.restingTarget = restingTarget
  }

  /// Profit not yet realised, USD.
  package var unrealised: USD { position.unrealised(at: mark) }
}

/// An account as its trader's executor sees it.
package struct AccountView: Sendable, Equatable {
  /// Cash plus unrealised profit, USD.
  package let equity: USD
  /// What can still become margin, USD.
  package let available: USD
  /// Margin that positions take, USD.
  package let marginUsed: USD
  /// Equity less what was put in, USD.
  package let profit: USD

  /// A view from its parts.
  package init(equity: USD, available: USD, marginUsed: USD, profit: USD) {
    self.equity = equity
    self.available = available
    self.marginUsed = marginUsed
    self.profit = profit
  }
}

/// A trader's own record as its executor sees it.
package struct PerformanceView: Sendable, Equatable {
  /// Running totals since inception.
  package let totals: PerformanceTotals
  /// Fees paid since inception, USD.
  package let fees: USD
  /// Funding received since inception (negative: paid), USD.
  package let funding: USD
  /// Positions opened in the last hour.
  package let opensInLastHour: Int

  /// A view from its parts.
  package init(totals: PerformanceTotals, fees: USD, funding: USD, opensInLastHour: Int) {
    self.totals = totals
    self.fees = fees
    self.funding = funding
    self.opensInLastHour = opensInLastHour
  }
}

/// Another trader of the same run, as a control trader that follows it sees it.
package struct PeerView: Sendable, Equatable {
  /// What it decided in this cycle; empty when it was not due or failed.
  package let decisions: [Decision]
  /// Positions it opened since inception.
  package let opens: Int
  /// Decisions it was asked for since inception, this cycle's included.
  package let invocations: Int

  /// A view from its parts.
  package init(decisions: [Decision], opens: Int, invocations: Int) {
    self.decisions = decisions
    self.opens = opens
    self.invocations = invocations
  }
}

/// A rule of admission in words.
package struct RuleText: Sendable, Hashable {
  /// Its id, for example `reward_risk`.
  package let id: String
  /// What it demands, with the trader's numbers.
  package let text: String

  /// A rule from its parts.
  package init(id: String, text: String) {
    self.id = id
    self.text = text
  }
}

/// Everything an executor may know when it decides: one value for every kind of executor.
package struct ExecutorContext: Sendable, Equatable {
  /// The decision time.
  package let at: Timestamp
  /// The cycle.
  package let cycle: CycleNumber
  /// The decision slot: ⌊time / interval⌋.
  package let slot: Int64
  /// When the trader's record began.
  package let inceptionAt: Timestamp
  /// The trader and its limits.
  package let trader: TraderSpec
  /// Its account.
  package let account: AccountView
  /// Its own record.
  package let performance: PerformanceView
  /// Its open positions, sorted by coin.
  package let positions: [PositionView]
  /// Coins whose positions it has closed at least once.
  package let closedCoins: Set<Coin>
  /// The market of the coins it may trade.
  package let market: MarketSnapshot
  /// The trader it looks at; `nil` for most.
  package let peer: PeerView?
  /// Its latest round trips, newest first; empty for executors that do not look at them.
  package let recentTrades: [Trade]
  /// The rules its decisions will be judged by, in words with its numbers, in their order; empty
  /// for executors that do not look at them.
  package let rules: [RuleText]
  /// The fee of an order that fills at once, of the notional; `nil` = not known, or not looked at.
  package let takerFee: Bps?

  /// A context from its parts.
  package init(
    at: Timestamp, cycle: CycleNumber, slot: Int64, inceptionAt: Timestamp, trader: TraderSpec,
    account: AccountView, performance: PerformanceView, positions: [PositionView],
    closedCoins: Set<Coin>, market: MarketSnapshot, peer: PeerView? = nil,
    recentTrades: [Trade] = [], rules: [RuleText] = [], takerFee: Bps? = nil
  ) {
    self.at = at
    self.cycle = cycle
    self.slot = slot
    self.inceptionAt = inceptionAt
    self.trader = trader
    self.account = account
    self.performance = performance
    self.positions = positions
    self.closedCoins = closedCoins
    self.market = market
    self.peer = peer
    self.recentTrades = recentTrades
    self.rules = rules
    self.takerFee = takerFee
  }

  /// The coins it may trade that have prices, strongest move within the last hour first; ties by
  /// name.
  ///
  /// At most `candidate_limit` of them, and every coin with an open position.
  package var candidates: [Coin] {
    let known = trader.coins.compactMap { coin in
      market.coins[coin].map { (coin: coin, move: abs($0.change1hPct ?? 0)) }
    }
    let ranked = known.sorted { left, right in
      left.move == right.move ? left.coin < right.coin : left.move > right.move
    }
    let kept = ranked.prefix(trader.guards.candidateLimit).map(\.coin)
    let held = positions.map(\.position.coin).filter { coin in
      known.contains { $0.coin == coin } && !kept.contains(coin)
    }
    return kept + held
  }

  /// The open position in a coin; `nil` when flat.
  package func position(in coin: Coin) -> PositionView? {
    positions.first { $0.position.coin == coin }
  }
}
