package import Trading

/// The money and the figures of a trader, or of the arena, in a period.
///
/// Exact: `start + flows + pnl == end` and
/// `pnl == realised − fees + funding + unrealisedChange`. What was realised follows from the cash
/// of the equity points, which the books keep as flows + realised + funding − fees; `nof0 state
/// check` proves these from the fills.
package struct PeriodFigures: Sendable, Equatable {
  /// Equity at the beginning, USD.
  package let start: USD
  /// Money put in less money taken out, USD.
  package let flows: USD
  /// Profit of what was closed, before fees and funding, USD.
  package let realised: USD
  /// Fees paid, USD.
  package let fees: USD
  /// Funding received (negative: paid), USD.
  package let funding: USD
  /// What the profit not yet realised grew by, USD.
  package let unrealisedChange: USD
  /// Equity at the end, USD.
  package let end: USD
  /// Return with flows taken out, per cent; `nil` = nothing was at work.
  package let returnPct: Double?
  /// Positions that ended.
  package let trades: Int
  /// Those that ended with a profit after fees.
  package let wins: Int
  /// Annualised Sharpe ratio within the period; of the arena the mean of its traders' ones.
  ///
  /// `nil` = not enough returns.
  package let sharpe: Double?

  /// Figures from their parts.
  package init(
    start: USD, flows: USD, realised: USD, fees: USD, funding: USD, unrealisedChange: USD,
    end: USD, returnPct: Double?, trades: Int, wins: Int, sharpe: Double?
  ) {
    self.start = start
    self.flows = flows
    self.realised = realised
    self.fees = fees
    self.funding = funding
    self.unrealisedChange = unrealisedChange
    self.end = end
    self.returnPct = returnPct
    self.trades = trades
    self.wins = wins
    self.sharpe = sharpe
  }

  /// Profit and loss, USD: realised − fees + funding + unrealisedChange.
  package var pnl: USD { realised - fees + funding + unrealisedChange }

  /// What the end has that nothing explains, USD; zero unless the record is damaged.
  package var unexplained: USD { end - start - flows - pnl }

  /// Share of the trades that won, per cent; `nil` = there were none.
  package var winRatePct: Double? {
    trades == 0 ? nil : 100 * Double(wins) / Double(trades)
  }
}
