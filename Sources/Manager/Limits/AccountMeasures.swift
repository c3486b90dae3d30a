package import Trading

/// What the limits of a whole account look at.
package struct AccountMeasures: Sendable, Equatable {
  /// The account.
  package let account: AccountID
  /// Reconciled equity, USD.
  package let equity: USD
  /// Margin that positions take, USD.
  package let marginUsed: USD
  /// Positions open.
  package let positions: Int
  /// What is held of each coin, USD, always positive, sorted by coin.
  package let symbols: [Symbol]
  /// Profit not yet realised, USD; negative = a loss.
  package let unrealised: USD
  /// Loss since the beginning of the UTC day in per cent, flows taken out; `nil` = not known.
  package let dailyLossPct: Pct?
  /// Fall from the highest value so far in per cent, flows taken out; `nil` = not known.
  package let drawdownPct: Pct?

  /// The worth of one coin's position.
  package struct Symbol: Sendable, Hashable {
    /// The coin.
    package let coin: Coin
    /// Its notional, USD, always positive.
    package let notional: USD
  }

  /// What a share of equity ends at, in per cent: also that of anything when there is no equity.
  package static let greatestPct = Factor(whole: 1_000_000)

  /// The measures of an account as its venue shows it.
  ///
  /// A position without a mark is valued by what the venue says it gained.
  ///
  /// - Parameters:
  ///   - snapshot: The account now.
  ///   - marks: Prices positions are valued at, USD.
  ///   - books: Its books, with the equity of now observed; `nil` = loss and drawdown not known.
  package init(_ snapshot: AccountSnapshot, marks: [Coin: Price], books: AccountBooks?) {
    account = snapshot.account
    equity = snapshot.equity
    marginUsed = snapshot.marginUsed
    positions = snapshot.positions.count
    symbols = snapshot.positions.sorted { $0.coin < $1.coin }.map { position in
      let worth =
        marks[position.coin].map { $0 * position.size }
        ?? (position.entryPrice * position.size + position.unrealised)
      return Symbol(coin: position.coin, notional: worth.magnitude)
    }
    unrealised = snapshot.positions.reduce(.zero) { $0 + $1.unrealised }
    dailyLossPct = books?.dailyLossPct
    drawdownPct = books?.drawdownPct
  }

  /// An amount in per cent of equity, rounded up, so that it is above a limit exactly when the
  /// amount is; amounts of zero and less are 0.
  func shareOfEquity(_ amount: USD) -> Factor {
    guard amount > .zero else { return .zero }
    guard equity > .zero else { return Self.greatestPct }
    let share = ExactMath.divide(
      Int128(amount.mantissa) * Int128(Factor(whole: 100).mantissa), by: Int128(equity.mantissa),
      .ceiling)
    return min(Factor(mantissa: Int64(clamping: share)), Self.greatestPct)
  }
}
