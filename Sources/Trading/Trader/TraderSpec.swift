/// One virtual trader as configured: where it trades, who decides, and within which limits.
package struct TraderSpec: Sendable, Equatable {
  /// The id, unique in the arena and never changed.
  package let id: TraderID
  /// The name shown to people.
  package let name: String
  /// The exchange provider it trades on.
  package let exchange: ProviderID
  /// The market provider it looks at.
  package let market: ProviderID
  /// The account at the exchange that carries its positions.
  package let account: AccountID
  /// What makes its decisions.
  package let executor: ExecutorSpec
  /// The coins it may trade, in the order configured.
  package let coins: [Coin]
  /// Time between decisions; slots are its multiples since 1970.
  package let decisionInterval: Span
  /// How long its executor may take.
  package let decisionTimeout: Span
  /// Whether it runs from its first cycle on; afterwards the saved status counts.
  package let autoStart: Bool
  /// Money it starts with, USD, above zero.
  package let initialEquity: USD
  /// How its market orders are priced.
  package let orderStyle: OrderStyle
  /// How far beyond the mid its orders may go, in basis points.
  package let marketSlippage: Bps
  /// What it may risk.
  package let risk: RiskLimits
  /// Further guards on execution.
  package let guards: ExecutionGuards
  /// A digest of everything above that opens a new era when it changes; never empty.
  package let configDigest: String

  /// A trader from its parts.
  package init(
    id: TraderID, name: String, exchange: ProviderID, market: ProviderID, account: AccountID,
    executor: ExecutorSpec, coins: [Coin], decisionInterval: Span, decisionTimeout: Span,
    autoStart: Bool, initialEquity: USD, orderStyle: OrderStyle, marketSlippage: Bps,
    risk: RiskLimits, guards: ExecutionGuards, configDigest: String
  ) {
    self.id = id
    self.name = name
    self.exchange = exchange
    self.market = market
    self.account = account
    self.executor = executor
    self.coins = coins
    self.decisionInterval = decisionInterval
    self.decisionTimeout = decisionTimeout
    self.autoStart = autoStart
    self.initialEquity = initialEquity
    self.orderStyle = orderStyle
    self.marketSlippage = marketSlippage
    self.risk = risk
    self.guards = guards
    self.configDigest = configDigest
  }
}

/// How an order that should fill at once is priced.
package enum OrderStyle: String, Sendable, CaseIterable {
  /// An immediate-or-cancel limit at the mid moved by the allowed slippage.
  case limitIOC = "limit_ioc"
  /// The same; the name nof0 used for orders meant to fill whatever the price.
  case marketIOC = "market_ioc"
}
