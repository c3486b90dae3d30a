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

  /// Books money that came into (or, when negative, left) the account.
  ///
  /// It buys units at the present value, so that it is neither gain nor loss, and belongs to
  /// nobody until ``give(_:)``. Money that leaves less than ``least`` ends the units; what comes
  /// in later buys new ones at the value the old ones had at last. So does money for an account
  /// that lost everything: a deposit heals no loss.
  ///
  /// - Parameters:
  ///   - amount: The money, USD.
  ///   - equity: The equity of the account just before it moved, USD.
  package mutating func book(transfer amount: USD, equity: USD) {
    unallocated += amount
    let worth = worth(equity: equity)
    let hadUnits = units > .zero
    let after = equity + amount
    units = after < Self.least ? .zero : Self.units(of: after, worth: worth)
    let isEmptied = hadUnits && units == .zero
    let isFirst = lastNAV == nil && units > .zero
    guard isEmptied || isFirst else { return }
    // Losses before the first look count; of units that end, their last value is remembered.
    lastNAV = worth
    peakNAV = max(peakNAV, worth)
    dayStartNAV = dayStartNAV ?? worth
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
  ///
  /// Negative when the equity is.
  package func nav(equity: USD) -> USD? {
    guard units > .zero else { return nil }
    return USD(
      mantissa: Self.scaled(equity.mantissa, by: Self.base.mantissa, over: units.mantissa))
  }

  /// Takes in the reconciled equity of an instant, transfers until then booked.
  ///
  /// A new UTC day begins with the last value of the day before; an instant of an earlier day
  /// than the last one counts to the last one. A value below ``least`` counts as ``least``. Money
  /// that was there without a transfer buys units at the last value known.
  package mutating func observe(equity: USD, at now: Timestamp) {
    let today = CivilDay(now)
    let isNewDay = day.map { $0 < today } ?? true
    if isNewDay, let lastNAV { dayStartNAV = lastNAV }
    if units == .zero, equity >= Self.least {
      units = Self.units(of: equity, worth: worth(equity: equity))
    }
    guard units > .zero || lastNAV != nil else { return }
    if isNewDay { day = today }
    guard units > .zero else { return }
    let worth = worth(equity: equity)
    dayStartNAV = dayStartNAV ?? worth
    lastNAV = worth
    peakNAV = max(peakNAV, worth)
  }

  /// Measures loss and drawdown from the present value on: what a reset kill switch needs.
  package mutating func forgetLosses() {
    forgetDailyLoss()
    forgetDrawdown()
  }

  /// Measures the loss of the day from the present value on.
  package mutating func forgetDailyLoss() {
    if let lastNAV { dayStartNAV = lastNAV }
  }

  /// Measures the drawdown from the present value on.
  package mutating func forgetDrawdown() {
    if let lastNAV { peakNAV = lastNAV }
  }

  /// Loss since the beginning of the day in per cent; negative = a gain; `nil` = not known.
  package var dailyLossPct: Pct? {
    guard let start = dayStartNAV, let last = lastNAV, start > .zero else { return nil }
    return Self.fall(from: start, to: last)
  }

  /// Fall from the peak in per cent, never negative; `nil` = not known.
  package var drawdownPct: Pct? {
    guard let last = lastNAV, peakNAV > .zero else { return nil }
    return max(.zero, Self.fall(from: peakNAV, to: last))
  }
}

extension AccountBooks {
  /// An account with less equity is empty, and 10,000 USD that became less are lost: neither can
  /// be divided by.
  package static let least = USD(whole: 1)

  /// What a unit of account starts as.
  private static let base = USD(whole: 10_000)

  /// The value new units are bought at: the present one, or the last one known, or the first.
  private func worth(equity: USD) -> USD {
    max(Self.least, nav(equity: equity) ?? lastNAV ?? Self.base)
  }

  /// The units that make an equity worth that much.
  private static func units(of equity: USD, worth: USD) -> Factor {
    Factor(mantissa: scaled(equity.mantissa, by: base.mantissa, over: worth.mantissa))
  }

  private static func fall(from start: USD, to last: USD) -> Pct {
    Pct(
      mantissa: scaled(
        (start - last).mantissa, by: Pct(whole: 100).mantissa, over: start.mantissa))
  }

  /// `value · numerator / denominator`, at the end of the range when it lies beyond.
  private static func scaled(
    _ value: Int64, by numerator: Int64, over denominator: Int64
  ) -> Int64 {
    Int64(
      clamping: ExactMath.divide(
        Int128(value) * Int128(numerator), by: Int128(denominator), .halfEven))
  }
}
