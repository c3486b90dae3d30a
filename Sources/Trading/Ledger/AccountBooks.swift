/// What an account holds that is no trader's, and how it did as a whole.
///
/// Exact, but for the fractions it measures. Σ equity of its traders + ``unallocated`` +
/// ``outsideEquity(marks:)`` = the venue's equity, always.
package struct AccountBooks: Sendable, Equatable {
  /// The account.
  package let account: AccountID
  /// Money in the account that no trader was given, USD.
  package private(set) var unallocated: USD
  /// What positions outside of nof0 cost less what they brought, with fees and funding, USD.
  package private(set) var outsideCash: USD
  /// Signed sizes held outside of nof0, by coin; never zero.
  package private(set) var outside: [Coin: SignedQuantity]
  /// Units of the account's net asset value; a unit is worth 1 USD at its beginning.
  package private(set) var units: Factor
  /// The highest value of what 10,000 USD at the beginning became, USD; zero before the first.
  package private(set) var peakNAV: USD
  /// That value at the beginning of the UTC day, USD; `nil` before the first.
  package private(set) var dayStartNAV: USD?
  /// The latest of these values, USD; `nil` before the first.
  package private(set) var lastNAV: USD?
  /// The day of ``lastNAV``.
  package private(set) var day: CivilDay?

  /// Books of an account without money.
  package init(account: AccountID) {
    self.init(
      account: account, unallocated: .zero, outsideCash: .zero, outside: [:], units: .zero,
      peakNAV: .zero, dayStartNAV: nil, lastNAV: nil, day: nil)
  }

  /// Books as read back from storage.
  package init(
    account: AccountID, unallocated: USD, outsideCash: USD, outside: [Coin: SignedQuantity],
    units: Factor, peakNAV: USD, dayStartNAV: USD?, lastNAV: USD?, day: CivilDay?
  ) {
    self.account = account
    self.unallocated = unallocated
    self.outsideCash = outsideCash
    self.outside = outside
    self.units = units
    self.peakNAV = peakNAV
    self.dayStartNAV = dayStartNAV
    self.lastNAV = lastNAV
    self.day = day
  }

  /// Worth of what is held outside of nof0, USD; `nil` when a mark is missing.
  package func outsideEquity(marks: [Coin: Price]) -> USD? {
    var total = outsideCash
    for (coin, size) in outside {
      guard let mark = marks[coin] else { return nil }
      total += mark * size
    }
    return total
  }

  // MARK: Booking

  /// Books money that came into (or, when negative, left) the account at its present equity.
  ///
  /// It buys units, and belongs to nobody until ``give(_:)``.
  package mutating func book(transfer amount: USD, equity: USD) {
    unallocated += amount
    if units == .zero || equity <= .zero {
      units = Factor(mantissa: max(0, equity.mantissa + amount.mantissa))
      if let last = lastNAV { rebase(to: last) }
      return
    }
    let bought = ExactMath.scale(
      amount.mantissa, by: units.mantissa, over: equity.mantissa, .halfEven)
    units = Factor(mantissa: max(0, units.mantissa + bought))
  }

  /// Gives money of the account to a trader (or, when negative, takes it back).
  package mutating func give(_ amount: USD) { unallocated -= amount }

  /// Books a fill that is no trader's.
  package mutating func bookOutside(_ fill: Fill) {
    let signed = fill.size.signed(fill.side)
    outsideCash -= fill.price * signed + fill.fee
    let after = (outside[fill.coin] ?? .zero) + signed
    outside[fill.coin] = after == .zero ? nil : after
  }

  /// Books funding of a position that is no trader's.
  package mutating func bookOutside(_ payment: FundingPayment) { outsideCash += payment.amount }

  // MARK: Measuring

  /// What 10,000 USD at the beginning became at an equity, USD; `nil` without units.
  package func nav(equity: USD) -> USD? {
    guard units > .zero else { return nil }
    return USD(
      mantissa: ExactMath.scale(
        equity.mantissa, by: USD(whole: 10_000).mantissa, over: units.mantissa, .halfEven))
  }

  /// Takes in the reconciled equity of an instant; instants must not go back.
  ///
  /// A new UTC day begins with the last value of the day before.
  package mutating func observe(equity: USD, at now: Timestamp) {
    guard let nav = nav(equity: equity) else { return }
    let today = CivilDay(now)
    if day.map({ $0 < today }) ?? true { dayStartNAV = lastNAV ?? nav }
    day = today
    lastNAV = nav
    peakNAV = max(peakNAV, nav)
  }

  /// Measures loss and drawdown from the present value on: what a reset kill switch needs.
  package mutating func forgetLosses() {
    guard let lastNAV else { return }
    peakNAV = lastNAV
    dayStartNAV = lastNAV
  }

  /// Loss since the beginning of the day in per cent; negative = a gain; `nil` = not known.
  package var dailyLossPct: Pct? {
    guard let start = dayStartNAV, let last = lastNAV, start > .zero else { return nil }
    return Pct(
      mantissa: ExactMath.scale(
        (start - last).mantissa, by: Pct(whole: 100).mantissa, over: start.mantissa, .halfEven))
  }

  /// Fall from the peak in per cent, never negative; `nil` = not known.
  package var drawdownPct: Pct? {
    guard let last = lastNAV, peakNAV > .zero else { return nil }
    return Pct(
      mantissa: ExactMath.scale(
        (peakNAV - last).mantissa, by: Pct(whole: 100).mantissa, over: peakNAV.mantissa, .halfEven))
  }

  /// After the account had nothing left, its new money starts where the old ended.
  private mutating func rebase(to nav: USD) {
    guard nav > .zero, units > .zero else { return }
    units = Factor(
      mantissa: ExactMath.scale(
        units.mantissa, by: USD(whole: 10_000).mantissa, over: nav.mantissa, .halfEven))
  }
}
