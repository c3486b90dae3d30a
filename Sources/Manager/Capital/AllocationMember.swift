package import Trading

/// A trader among whom money is split, as it stands now.
package struct AllocationMember: Sendable, Hashable {
  /// The trader.
  package let trader: TraderID
  /// Its share of the total, of ``AllocationStrategy/custom``; `nil` counts as nothing.
  package let share: Pct?
  /// Its Sharpe ratio; `nil` = not defined.
  package let sharpe: Double?
  /// Its finished days with a return.
  package let days: Int
  /// Its equity, USD; may be negative.
  package let equity: USD
  /// What can be taken from it at once, USD: min(cash, equity) − margin in use; below zero counts
  /// as nothing.
  package let freeCash: USD
  /// Whether it is given money; isolated and removed traders are left the ``remainder``.
  package let isEntitled: Bool

  /// What is left with a trader that is given nothing, USD, so that its units keep a value.
  package static let remainder = USD(whole: 1)

  /// A member from its parts.
  package init(
    trader: TraderID, share: Pct? = nil, sharpe: Double? = nil, days: Int = 0, equity: USD,
    freeCash: USD, isEntitled: Bool = true
  ) {
    self.trader = trader
    self.share = share
    self.sharpe = sharpe
    self.days = days
    self.equity = equity
    self.freeCash = freeCash
    self.isEntitled = isEntitled
  }

  /// The Sharpe ratio it is compared by: 0 while it is not defined.
  var comparedSharpe: Double { sharpe.flatMap { $0.isFinite ? $0 : nil } ?? 0 }

  /// Whether its record is long enough for its Sharpe ratio to count.
  var isProven: Bool { days >= SharpeRecord.leastDays }

  /// What can be taken from it at once, USD, never negative.
  var takeable: USD { max(.zero, min(freeCash, equity)) }
}
