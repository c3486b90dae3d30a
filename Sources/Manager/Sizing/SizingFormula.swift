import Market
import Trading

/// An entry as a sizing method wants it.
struct SizedEntry: Equatable {
  /// Coins, on the lot grid; zero when the formula leaves less than a lot.
  let size: Quantity
  /// The stop: ours for `atr`, the model's otherwise; `nil` = none.
  let stop: Price?
  /// The formula with its numbers, for people.
  let formula: String
}

/// Why a sizing method cannot say how large an entry is.
struct SizingGap: Error, Equatable {
  /// What is missing, for people.
  let reason: String
}

/// The sizing methods that do not ask the model.
enum SizingFormula {
  /// Finished trades that Kelly's formula needs; before, the size is a fixed fraction.
  static let leastTrades = 30
  /// Wins, and as many losses, that the shrunk win rate starts from: the prior is Beta(10, 10).
  static let priorWins = 10
  /// The part of Kelly's fraction that is used is one over this.
  static let kellyDivisor = 4
  /// How old the last candle of the average true range may be.
  static let oldestCandle = Span.day

  /// Size and stop of an entry by the trader's method; `nil` when the model decides.
  static func size(
    _ wish: EntryWish, at market: EntryMarket, in state: AdmissionState
  ) throws(SizingGap) -> SizedEntry? {
    let sizing = state.limits.sizing
    guard sizing.method != .model else { return nil }
    guard state.equity > .zero else {
      throw SizingGap(
        reason: "expected equity above 0 USD to size an entry from, was \(state.equity) USD")
    }
    switch sizing.method {
    case .model: return nil
    case .fixedFraction: return fixed(wish, at: market, in: state, as: "fixed_fraction")
    case .atr: return try atr(wish, at: market, in: state)
    case .kelly: return try kelly(wish, at: market, in: state)
    }
  }

  /// Equity · fraction · leverage / price.
  private static func fixed(
    _ wish: EntryWish, at market: EntryMarket, in state: AdmissionState, as name: String
  ) -> SizedEntry {
    let fraction = state.limits.sizing.fraction
    return margined(
      wish, by: state.equity.applying(fraction, .floor), at: market, in: state,
      as: "\(name): \(fraction) % of \(state.equity) USD")
  }

  /// Equity · (f* / 4) · leverage / price, from the trader's own record.
  ///
  /// A record without a loss has no b; it is sized like a short one. A record without a win, or
  /// with f* at or below zero, has no edge: no entry.
  private static func kelly(
    _ wish: EntryWish, at market: EntryMarket, in state: AdmissionState
  ) throws(SizingGap) -> SizedEntry {
    let totals = state.totals
    guard totals.trades >= leastTrades else {
      return fixed(
        wish, at: market, in: state,
        as: "kelly with \(totals.trades) of \(leastTrades) trades on record")
    }
    guard totals.wins > 0, totals.winnings > .zero else {
      throw SizingGap(
        reason: "kelly: none of \(totals.trades) trades was won, so no size has an edge")
    }
    guard totals.losings < .zero else {
      return fixed(wish, at: market, in: state, as: "kelly without a loss on record")
    }
    let edge = KellyEdge(totals)
    guard edge.share > .zero else {
      throw SizingGap(reason: "kelly: \(edge.text) leaves no size with an edge")
    }
    return margined(
      wish, by: state.equity.multiplied(by: edge.share, .floor), at: market, in: state,
      as: "kelly: a quarter of \(edge.text), of \(state.equity) USD")
  }

  /// The size whose margin at the leverage it will have is an amount.
  ///
  /// That leverage is the wished one within the trader's limit and the venue's for the notional it
  /// leads to; a model cannot enlarge an entry by asking for more leverage than it gets.
  private static func margined(
    _ wish: EntryWish, by margin: USD, at market: EntryMarket, in state: AdmissionState,
    as formula: String
  ) -> SizedEntry {
    let held = state.heldNotional(for: wish)
    var leverage = min(
      wish.leverage, state.limits.leverage(for: wish.coin), market.instrument.maxLeverage)
    func size() -> Quantity {
      let worth = Int128(margin.mantissa) * Int128(leverage)
      return market.size(
        worth: min(USD(mantissa: Int64(clamping: worth)), EntryWish.largestAmount))
    }
    while leverage > 1,
      market.instrument.maxLeverage(forNotional: market.sizing * size() + held) < leverage
    { leverage -= 1 }
    return SizedEntry(
      size: size(), stop: wish.stop, formula: "\(formula) × \(leverage)x / \(market.sizing) USD")
  }
}

extension SizingFormula {
  /// Equity · risk / (k · ATR), and the stop k · ATR from the entry, rounded towards it.
  private static func atr(
    _ wish: EntryWish, at market: EntryMarket, in state: AdmissionState
  ) throws(SizingGap) -> SizedEntry {
    let sizing = state.limits.sizing
    let range = try averageTrueRange(of: wish.coin, period: sizing.atrPeriod, in: state)
    guard let distance = Price(approximating: range * sizing.atrMultiple.double) else {
      throw SizingGap(
        reason: "expected an average true range above 0 USD for sizing by atr, was \(range)")
    }
    let isLong = wish.side == .long
    let step = Int128(isLong ? -distance.mantissa : distance.mantissa)
    guard let exact = Int64(exactly: Int128(market.entry.mantissa) + step).flatMap(Price.init),
      let stop = market.instrument.rounded(exact, isLong ? .ceiling : .floor)
    else {
      throw SizingGap(
        reason: "a stop \(distance) USD (\(sizing.atrMultiple) × ATR) from the entry "
          + "\(market.entry) is no price")
    }
    let budget = state.equity.applying(sizing.risk, .floor)
    let coins = ExactMath.divide(
      Int128(budget.mantissa) * Int128(exactDecimalScale), by: Int128(distance.mantissa), .floor)
    let size = market.instrument.roundedDown(Quantity(mantissa: Int64(clamping: coins)) ?? .zero)
    return SizedEntry(
      size: min(size, market.size(worth: EntryWish.largestAmount)), stop: stop,
      formula: "atr: \(sizing.risk) % of \(state.equity) USD / \(distance) USD "
        + "(\(sizing.atrMultiple) × ATR of \(sizing.atrPeriod) h)")
  }

  /// Candles of one hour that an average true range is taken from: far enough back that the first
  /// ones have next to no weight (Wilder's weights fall by 1/e in one period).
  static func candlesForATR(period: Int) -> Int { 8 * max(1, period) + 1 }

  private static func averageTrueRange(
    of coin: Coin, period: Int, in state: AdmissionState
  ) throws(SizingGap) -> Double {
    guard var average = ATR(period: period) else {
      throw SizingGap(reason: "expected a period of 1 to 100000 h for sizing by atr, was \(period)")
    }
    let candles =
      state.market.coins[coin]?.candles[.h1]?
      .window(endingBy: state.market.at, limit: candlesForATR(period: period))
      ?? CandleSeries(timeframe: .h1)
    guard candles.count >= average.warmUp else {
      throw SizingGap(
        reason: "sizing by atr needs \(average.warmUp) finished candles of 1h of \(coin), "
          + "was \(candles.count)")
    }
    let age = state.market.at - candles.closeTime(candles.count - 1)
    guard age <= oldestCandle else {
      throw SizingGap(
        reason: "sizing by atr needs a candle of 1h of \(coin) at most \(oldestCandle) old, "
          + "was \(age)")
    }
    let scale = Double(exactDecimalScale)
    for index in 0..<candles.count {
      average.update(
        high: Double(candles.highs[index]) / scale, low: Double(candles.lows[index]) / scale,
        close: Double(candles.closes[index]) / scale)
    }
    guard let value = average.value else {
      preconditionFailure("expected an average after \(candles.count) candles, had none")
    }
    return value
  }
}

/// Kelly's fraction of a record with wins and losses, shrunk by a Beta prior.
///
/// f* = p − (1 − p) / b with p = (wins + 10) / (trades + 20) and b = average win / average loss;
/// Kelly, "A new interpretation of information rate", 1956.
private struct KellyEdge {
  /// f* / 4, rounded down; zero or less without an edge.
  let share: Factor
  /// f*, p and b to four decimals, for people.
  let text: String

  init(_ totals: PerformanceTotals) {
    let prior = Int128(SizingFormula.priorWins)
    let wins = Int128(totals.wins)
    let losses = Int128(totals.trades - totals.wins)
    let won = Int128(totals.winnings.mantissa)
    let lost = -Int128(totals.losings.mantissa)
    let whole = wins + losses + 2 * prior
    // p − (1 − p) / b over one denominator, so that it is rounded once.
    let above = (wins + prior) * won * losses - (losses + prior) * wins * lost
    let below = whole * won * losses
    func ratio(_ value: Int128, _ divisor: Int128) -> Factor {
      let steps = ExactMath.divide(value * 10_000, by: divisor, .halfEven)
      return Factor(mantissa: 10_000 * Int64(min(max(steps, -shownBound), shownBound)))
    }
    share = Factor(
      mantissa: Int64(
        clamping: ExactMath.divide(
          above * Int128(exactDecimalScale), by: below * Int128(SizingFormula.kellyDivisor),
          .floor)))
    text =
      "f* \(ratio(above, below)) (p \(ratio(wins + prior, whole)), "
      + "b \(ratio(won * losses, wins * lost)), \(totals.trades) trades)"
  }
}

/// What is shown of a ratio at most, in steps of 1e-4.
private let shownBound: Int128 = 100_000_000_000
