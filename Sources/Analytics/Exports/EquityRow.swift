import Trading

/// One row of account-totals without its positions, in quoted dollars.
///
/// Equity and unrealised profit are primary; realised profit is their rest, so that
/// equity = start + realised + unrealised holds to the last digit.
struct EquityRow: Sendable, Equatable {
  /// The trader or benchmark.
  let id: TraderID
  /// When.
  let at: Timestamp
  /// Since when markers count.
  let inceptionAt: Timestamp
  /// What it started with: the NAV base, or raw flows until then.
  let start: USD
  /// Worth.
  let equity: USD
  /// Profit not yet realised.
  let unrealised: USD
  /// What 10,000 USD at inception became, flows taken out.
  let nav: USD

  /// The worth of one unit at inception in ``nav``.
  static let navStart = USD(whole: 10_000)

  /// Profit realised, after fees and funding.
  var realised: USD { equity - start - unrealised }

  /// Full hours since inception; 0 for an instant before it.
  var hourlyMarker: Int64 { Self.hourlyMarker(at: at, since: inceptionAt) }

  /// Full minutes since inception; 0 for an instant before it.
  var minuteMarker: Int64 { max(0, (at - inceptionAt).ms / Span.minute.ms) }

  /// Full hours from an inception to an instant; 0 for an instant before it.
  static func hourlyMarker(at instant: Timestamp, since inceptionAt: Timestamp) -> Int64 {
    max(0, (instant - inceptionAt).ms / Span.hour.ms)
  }

  /// The change of the NAV since inception in per cent, rounded half-even to so many decimals.
  func returnPct(decimals: Int) -> Pct {
    let steps = Int128(ExactMath.powerOfTen(decimals))
    let gained = Int128(nav.mantissa - Self.navStart.mantissa)
    let rounded = ExactMath.divide(
      gained * 100 * steps, by: Int128(Self.navStart.mantissa), .halfEven)
    return Pct(
      mantissa: Int64(rounded) * ExactMath.powerOfTen(exactDecimalDigits - decimals))
  }
}

extension EquityRow {
  /// A trader as it is now; unrealised profit is the sum of its positions' as quoted.
  static func present(of trader: TraderView, in view: ArenaView) -> EquityRow {
    let ledger = trader.record.ledger
    let scale = view.scale(of: trader)
    guard ledger.units > .zero else { return without(money: trader, in: view) }
    let unrealised = ledger.positions.reduce(USD.zero) { total, position in
      total
        + (trader.holdings[position.coin].map { scale(position.unrealised(at: $0.mark)) }
          ?? .zero)
    }
    return EquityRow(
      id: trader.id, at: view.at, inceptionAt: trader.record.runtime.inceptionAt,
      start: view.navBase ?? ledger.flows,
      equity: scale(trader.equity), unrealised: unrealised,
      nav: ledger.nav(equity: trader.equity, base: navStart) ?? navStart)
  }

  /// A trader that has no money: one that was removed stays where it ended, and one that was
  /// given nothing yet stands where every trader starts.
  private static func without(money trader: TraderView, in view: ArenaView) -> EquityRow {
    let runtime = trader.record.runtime
    let nav = runtime.removedAt.flatMap { _ in trader.record.totals.lastNAV } ?? navStart
    let start = view.navBase ?? .zero
    let equity = USD(
      mantissa: ExactMath.scale(
        nav.mantissa, by: start.mantissa, over: navStart.mantissa, .halfEven))
    return EquityRow(
      id: trader.id, at: runtime.removedAt ?? view.at, inceptionAt: runtime.inceptionAt,
      start: start, equity: equity, unrealised: .zero, nav: nav)
  }

  /// The benchmark as it is now.
  static func present(of benchmark: BenchmarkView, in view: ArenaView) -> EquityRow {
    let bought = benchmark.benchmark
    let scale = view.scale(of: bought)
    let equity = bought.equity(at: benchmark.mark)
    let nav = ExactMath.scale(
      equity.mantissa, by: navStart.mantissa, over: bought.start.mantissa, .halfEven)
    return EquityRow(
      id: bought.id, at: view.at, inceptionAt: bought.boughtAt,
      start: view.navBase ?? bought.start, equity: scale(equity),
      unrealised: scale(benchmark.unrealised), nav: USD(mantissa: nav))
  }

  /// A trader or the benchmark at an earlier time.
  ///
  /// - Parameters:
  ///   - point: Its worth then.
  ///   - inceptionAt: Since when markers count.
  ///   - flows: Money put in until then, USD; shows only in raw dollars.
  ///   - navBase: What a start is quoted as; `nil` = raw dollars.
  init(_ point: EquityPoint, inceptionAt: Timestamp, flows: USD, navBase: USD?) {
    id = point.trader
    at = point.at
    self.inceptionAt = inceptionAt
    nav = point.nav
    start = navBase ?? flows
    equity = Self.quoted(point, navBase: navBase)
    // NAV over equity is the scale of that time; without equity nothing tells it.
    unrealised =
      equity == point.equity || point.equity == .zero
      ? point.unrealised
      : USD(
        mantissa: ExactMath.scale(
          point.unrealised.mantissa, by: equity.mantissa, over: point.equity.mantissa, .halfEven))
  }

  /// What a point was worth, as quoted: its NAV as a share of the base, or raw dollars.
  static func quoted(_ point: EquityPoint, navBase: USD?) -> USD {
    guard let navBase else { return point.equity }
    if navBase == navStart { return point.nav }
    return USD(
      mantissa: ExactMath.scale(
        point.nav.mantissa, by: navBase.mantissa, over: navStart.mantissa, .halfEven))
  }
}
