package import Trading

/// How much of the arena's money works.
package struct Utilisation: Sendable, Equatable {
  /// What the money is worth, USD: the treasury and the equity of every trader.
  package let total: USD
  /// Σ equity of the traders, USD.
  package let allocated: USD
  /// Σ margin in use, USD.
  package let utilised: USD
  /// The money that nobody gets, USD.
  package let reserve: USD
  /// Traders whose margin in use is more than their equity, sorted.
  package let overAllocated: [TraderID]

  /// A trader as the report sees it.
  package struct Trader: Sendable, Hashable {
    /// The trader.
    package let trader: TraderID
    /// Its equity, USD.
    package let equity: USD
    /// Margin that its positions take, USD.
    package let marginUsed: USD

    /// A trader from its parts.
    package init(trader: TraderID, equity: USD, marginUsed: USD) {
      self.trader = trader
      self.equity = equity
      self.marginUsed = marginUsed
    }
  }

  /// The report on traders, the money that none of them has, and the reserve, USD.
  package init(of traders: [Trader], treasury: USD, reserve: USD) {
    allocated = traders.reduce(.zero) { $0 + $1.equity }
    utilised = traders.reduce(.zero) { $0 + $1.marginUsed }
    total = treasury + allocated
    self.reserve = reserve
    overAllocated = traders.filter { $0.marginUsed > max(.zero, $0.equity) }.map(\.trader).sorted()
  }

  /// Margin in use in per cent of what is allocated; `nil` when nothing is.
  package var utilisationPct: Double? {
    allocated > .zero ? utilised.asPct(of: allocated) : nil
  }

  /// Whether traders have so much that the reserve is not covered: allocated > total − reserve.
  package var isReserveUncovered: Bool { allocated > total - reserve }
}
