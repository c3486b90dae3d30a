import Foundation
import Trading

/// The figures from the whole record at once, written from their definitions and not meant to be
/// fast: what the running aggregates are held against.
struct MetricsOracle {
  var points: [EquityPoint] = []
  var trades: [(trade: Trade, equity: USD?)] = []
  var turns: [(turn: TurnRecord, at: Timestamp)] = []
  var fills: [(fill: Fill, purpose: OrderPurpose?, mid: Price?)] = []
  var funding: [FundingPayment] = []
  let inception: Timestamp
  let riskFree: Double
  /// How many quoted dollars a dollar is.
  let scale: Double
  /// The NAV of the benchmark by the ends of days.
  var benchmark: [EquityPoint] = []

  init(
    _ items: [RandomRecord.Item], inception: Timestamp, riskFree: Double, scale: Double,
    benchmark: [EquityPoint]
  ) {
    self.inception = inception
    self.riskFree = riskFree
    self.scale = scale
    self.benchmark = benchmark
    for item in items {
      switch item {
      case .point(let point): points.append(point)
      case .trade(let trade, let equity): trades.append((trade, equity))
      case .turn(let turn, let at): turns.append((turn, at))
      case .fill(let fill, let purpose, let mid): fills.append((fill, purpose, mid))
      case .funding(let payment): funding.append(payment)
      }
    }
  }

  var figures: [String: Double?] {
    curve.merging(results) { $1 }.merging(costs) { $1 }.merging(behaviour) { $1 }
  }

  // MARK: Curve

  /// The last point of each hour since inception, or of each UTC day, in order.
  private func closes(_ points: [EquityPoint], of span: Span) -> [EquityPoint] {
    var last: [Int64: EquityPoint] = [:]
    for point in points {
      let start = span == .hour ? inception.ms : 0
      last[(point.at.ms - start) / span.ms] = point
    }
    return last.sorted { $0.key < $1.key }.map(\.value)
  }

  private func changes(_ closes: [EquityPoint]) -> [Double] {
    let navs = [10_000] + closes.map(\.nav.double)
    return zip(navs.dropFirst(), navs).map { $0 / $1 - 1 }
  }

  /// The greatest fall, with its ends, and the present one with its beginning.
  private var falls: (deepest: Double, from: Timestamp, to: Timestamp?, now: Double, top: Timestamp)
  {
    let curve =
      [(at: inception, nav: 10_000.0)]
      + closes(points, of: .hour).map { (at: $0.at, nav: $0.nav.double) }
    var deepest = (0.0, inception, Timestamp?.none)
    for (index, low) in curve.enumerated() {
      guard let top = curve[...index].max(by: { $0.nav < $1.nav }) else { continue }
      let fall = 1 - low.nav / top.nav
      if fall > deepest.0 { deepest = (fall, top.at, low.at) }
    }
    let top = curve.max { $0.nav < $1.nav } ?? curve[0]
    let now = 1 - (curve.last?.nav ?? 0) / top.nav
    return (deepest.0, deepest.1, deepest.2, now, top.at)
  }

  private var curve: [String: Double?] {
    guard let present = points.last else { return [:] }
    let hourly = Array(closes(points, of: .hour).dropLast())
    let daily = changes(Array(closes(points, of: .day).dropLast()))
    let hourlyChanges = changes(hourly)
    let age = Double((present.at - inception).ms) / 86_400_000
    let total = present.nav.double / 10_000 - 1
    let cagr = age >= 1 ? pow(1 + total, 365 / age) - 1 : nil
    let target = riskFree / 365
    let short = daily.map { pow(min(0, $0 - target), 2) }.reduce(0, +)
    let fall = falls
    var figures: [String: Double?] = [:]
    figures.updateValue(present.equity.double * scale, forKey: "equity_usd")
    figures.updateValue(present.nav.double, forKey: "nav")
    figures.updateValue(100 * total, forKey: "total_return_pct")
    figures.updateValue(age, forKey: "age_days")
    figures.updateValue(cagr.map { 100 * $0 }, forKey: "cagr_pct")
    figures.updateValue(mean(daily).map { 36_500 * $0 }, forKey: "annualised_return_pct")
    figures.updateValue(
      deviation(daily).map { 100 * $0 * 365.0.squareRoot() }, forKey: "volatility_pct")
    figures.updateValue(
      over(mean(daily).map { $0 - target }, deviation(daily)).map {
        $0 * 365.0.squareRoot()
      }, forKey: "sharpe")
    figures.updateValue(
      daily.count < 2
        ? nil
        : over(mean(daily).map { $0 - target }, (short / Double(daily.count)).squareRoot()).map {
          $0 * 365.0.squareRoot()
        }, forKey: "sortino")
    figures.updateValue(over(cagr, fall.deepest), forKey: "calmar")
    figures.updateValue(
      over(mean(hourlyChanges), deviation(hourlyChanges)).map {
        $0 * 24.0.squareRoot()
      }, forKey: "sharpe_hourly")
    figures.updateValue(sharpeOfTrades, forKey: "sharpe_trades")
    figures.updateValue(100 * fall.deepest, forKey: "max_drawdown_pct")
    figures.updateValue(fall.deepest > 0 ? fall.from.seconds : nil, forKey: "max_drawdown_from")
    figures.updateValue(fall.to?.seconds, forKey: "max_drawdown_to")
    figures.updateValue(100 * fall.now, forKey: "drawdown_pct")
    figures.updateValue(fall.now > 0 ? fall.top.seconds : nil, forKey: "drawdown_from")
    figures.updateValue(Double(daily.count), forKey: "return_days")
    figures.updateValue(Double(daily.filter { $0 > 0 }.count), forKey: "days_won")
    figures.updateValue(Double(daily.filter { $0 < 0 }.count), forKey: "days_lost")
    figures.updateValue(daily.max().map { 100 * $0 }, forKey: "best_day_pct")
    figures.updateValue(daily.min().map { 100 * $0 }, forKey: "worst_day_pct")
    figures.updateValue(
      mean(hourly.map { $0.marginUsed > .zero ? 100 : 0 }), forKey: "exposure_pct")
    figures.updateValue(
      mean(hourly.map { 100 * $0.marginUsed.double / $0.equity.double }), forKey: "margin_use_pct")
    return figures
  }

  private var meanEquity: Double? {
    mean(closes(points, of: .hour).dropLast().map(\.equity.double)) ?? points.last?.equity.double
  }

  private var sharpeOfTrades: Double? {
    let closes = closes(benchmark, of: .day)
    let theirs = Dictionary(
      uniqueKeysWithValues: zip(closes.map { CivilDay($0.at) }, changes(closes)))
    var equity = 10_000.0
    var excess: [Double] = []
    for (day, ended) in Dictionary(grouping: trades, by: { CivilDay($0.trade.closedAt) }).sorted(
      by: { $0.key < $1.key })
    {
      let profit = ended.map(\.trade.net.double).reduce(0, +) * scale
      if equity > 0, let their = theirs[day] { excess.append(profit / equity - their) }
      equity += profit
    }
    guard excess.count >= 3 else { return nil }
    let sorted = excess.sorted()
    let cut = Int((0.1 * Double(sorted.count - 1)).rounded(.down))
    let clipped = excess.map { min(sorted[sorted.count - 1 - cut], max(sorted[cut], $0)) }
    return over(mean(clipped), deviation(clipped))
  }

  // MARK: Trades

  private var results: [String: Double?] {
    let all = trades.map(\.trade)
    let net = all.map(\.net.double)
    let (wins, losses) = (all.filter { $0.net > .zero }, all.filter { $0.net <= .zero })
    let (win, loss) = (mean(wins.map(\.net.double)), mean(losses.map(\.net.double)))
    let payoff = over(win, loss.map { -$0 })
    let runs = runs
    func minutes(_ trades: [Trade]) -> Double? {
      mean(trades.map { Double(($0.closedAt - $0.openedAt).ms) / 60_000 })
    }
    func hits(_ trades: [Trade]) -> Double? { mean(trades.map { $0.net > .zero ? 100 : 0 }) }
    var figures: [String: Double?] = [:]
    figures.updateValue(Double(all.count), forKey: "trades")
    figures.updateValue(Double(wins.count), forKey: "wins")
    figures.updateValue(Double(losses.count), forKey: "losses")
    figures.updateValue(hits(all), forKey: "win_rate_pct")
    figures.updateValue(
      over(
        wins.map(\.net.double).reduce(0, +), -losses.map(\.net.double).reduce(0, +)),
      forKey: "profit_factor")
    figures.updateValue(mean(net).map { $0 * scale }, forKey: "expectancy_usd")
    figures.updateValue(
      payoff.map {
        (1 + $0) * Double(wins.count) / Double(all.count) - 1
      }, forKey: "expectancy_ratio")
    figures.updateValue(
      over(mean(net), deviation(net)).map { $0 * Double(net.count).squareRoot() }, forKey: "sqn")
    figures.updateValue(win.map { $0 * scale }, forKey: "average_win_usd")
    figures.updateValue(loss.map { $0 * scale }, forKey: "average_loss_usd")
    figures.updateValue(payoff, forKey: "payoff_ratio")
    figures.updateValue(net.max().map { $0 * scale }, forKey: "best_trade_usd")
    figures.updateValue(net.min().map { $0 * scale }, forKey: "worst_trade_usd")
    figures.updateValue(Double(runs.filter { $0 > 0 }.max() ?? 0), forKey: "longest_wins")
    figures.updateValue(Double(-(runs.filter { $0 < 0 }.min() ?? 0)), forKey: "longest_losses")
    figures.updateValue(Double(runs.last ?? 0), forKey: "streak")
    figures.updateValue(minutes(all), forKey: "holding_minutes")
    figures.updateValue(minutes(wins), forKey: "holding_wins_minutes")
    figures.updateValue(minutes(losses), forKey: "holding_losses_minutes")
    figures.updateValue(mean(all.map { $0.entryNotional.double * scale }), forKey: "trade_size_usd")
    figures.updateValue(mean(all.map { $0.side == .long ? 100 : 0 }), forKey: "long_trades_pct")
    figures.updateValue(hits(all.filter { $0.side == .long }), forKey: "hit_rate_buy_pct")
    figures.updateValue(hits(all.filter { $0.side == .short }), forKey: "hit_rate_sell_pct")
    figures.updateValue(hits(all.filter { $0.exitCause == .order }), forKey: "hit_rate_close_pct")
    for cause in FillCause.allCases {
      let ended = all.filter { $0.exitCause == cause }
      figures.updateValue(Double(ended.count), forKey: "exits_\(cause.rawValue)")
      figures.updateValue(
        ended.map { $0.net.double * scale }.reduce(0, +), forKey: "exits_\(cause.rawValue)_net_usd")
    }
    return figures
  }

  /// The lengths of runs of wins (positive) and losses (negative), in order.
  private var runs: [Int] {
    var runs: [Int] = []
    for (trade, _) in trades {
      let step = trade.net > .zero ? 1 : -1
      if let last = runs.last, last.signum() == step {
        runs[runs.count - 1] += step
      } else {
        runs.append(step)
      }
    }
    return runs
  }

  // MARK: Costs

  private var costs: [String: Double?] {
    let all = trades.map(\.trade)
    func sum(_ amounts: [USD]) -> Double { amounts.map(\.double).reduce(0, +) }
    let real = fills.filter { $0.fill.cause != .adopted && $0.fill.cause != .residue }
    let traded = sum(real.map(\.fill.notional))
    let fees = sum(real.map(\.fill.fee))
    let received = sum(funding.map(\.amount))
    let gross = sum(all.map(\.gross))
    let tradeFees = sum(all.map(\.entryFees)) + sum(all.map(\.exitFees))
    let tradeFunding = sum(all.map(\.funding))
    var (lost, base) = (0.0, 0.0)
    for (fill, purpose, mid) in real {
      guard let mid, let purpose, [.open, .close, .flatten].contains(purpose) else { continue }
      let sign: Double = fill.side == .buy ? 1 : -1
      lost += sign * (fill.notional.double - (mid * fill.size).double)
      base += (mid * fill.size).double
    }
    var figures: [String: Double?] = [:]
    figures.updateValue(gross * scale, forKey: "gross_usd")
    figures.updateValue(tradeFees * scale, forKey: "fees_usd")
    figures.updateValue(tradeFunding * scale, forKey: "funding_usd")
    figures.updateValue((gross - tradeFees + tradeFunding) * scale, forKey: "net_usd")
    figures.updateValue(fees * scale, forKey: "fees_paid_usd")
    figures.updateValue(received * scale, forKey: "funding_received_usd")
    figures.updateValue(Double(real.count), forKey: "fills")
    figures.updateValue(traded * scale, forKey: "turnover_usd")
    figures.updateValue(over(traded, meanEquity), forKey: "turnover_ratio")
    figures.updateValue(
      over(
        100 * sum(real.filter(\.fill.isTaker).map(\.fill.notional)), traded),
      forKey: "taker_share_pct")
    figures.updateValue(over(100 * fees, meanEquity), forKey: "fee_drag_pct")
    figures.updateValue(over(-100 * received, meanEquity), forKey: "funding_drag_pct")
    figures.updateValue(over(10_000 * lost, base), forKey: "slippage_bps")
    figures.updateValue(lost * scale, forKey: "slippage_usd")
    return figures
  }

  // MARK: Behaviour

  private var behaviour: [String: Double?] {
    let decisions = turns.flatMap(\.turn.decisions)
    let entries = decisions.filter { $0.decision.action.entrySide != nil }
    let counts = DecisionAction.allCases.map { action in
      decisions.filter { $0.decision.action == action }.count
    }
    let breaks = zip(turns.dropFirst(), turns).map { Double(($0.at - $1.at).ms) / 60_000 }
    func share(_ records: [DecisionRecord], _ condition: (DecisionRecord) -> Bool) -> Double? {
      mean(records.map { condition($0) ? 100 : 0 })
    }
    var figures: [String: Double?] = [:]
    figures.updateValue(Double(turns.count), forKey: "turns")
    figures.updateValue(
      Double(turns.filter { $0.turn.failure != nil }.count), forKey: "failed_turns")
    figures.updateValue(
      mean(turns.map { $0.turn.failure == nil ? 0 : 100 }), forKey: "failed_turns_pct")
    figures.updateValue(mean(breaks), forKey: "turn_break_minutes")
    figures.updateValue(Double(decisions.count), forKey: "decisions")
    figures.updateValue(Double(entries.count), forKey: "entries")
    figures.updateValue(share(decisions) { $0.verdict == .rejected }, forKey: "rejected_pct")
    figures.updateValue(share(decisions) { $0.verdict == .clamped }, forKey: "clamped_pct")
    figures.updateValue(
      decisions.isEmpty
        ? nil
        : counts.filter { $0 > 0 }.map { Double($0) / Double(decisions.count) }
          .map { -$0 * log2($0) }.reduce(0, +), forKey: "action_entropy_bits")
    figures.updateValue(share(decisions) { $0.decision.action == .hold }, forKey: "hold_share_pct")
    figures.updateValue(
      share(entries) { $0.decision.action == .buyToEnter }, forKey: "long_share_pct")
    return figures.merging(claims) { $1 }
  }

  private var claims: [String: Double?] {
    let outcomes = trades.map(\.trade).compactMap { trade -> (stated: Double, hit: Double)? in
      guard let confidence = trade.claim.confidence else { return nil }
      let isHit =
        trade.exitCause == .target
        || (trade.exitCause != .stop && trade.exitCause != .liquidation && trade.net > .zero)
      return (Double(confidence) / 100, isHit ? 1 : 0)
    }
    let risks = trades.map(\.trade).filter { $0.claim.riskUSD > .zero }
    let lost = risks.filter { $0.net < .zero }
    let letIn = turns.flatMap(\.turn.decisions).filter {
      ($0.verdict == .accepted || $0.verdict == .clamped) && $0.decision.action.entrySide != nil
    }.map(\.decision)
    let risky = letIn.compactMap { decision -> (stated: Double, own: Double)? in
      guard let stated = decision.riskUSD, let size = decision.positionSize,
        let entry = decision.entryPrice, let stop = decision.stopLoss
      else { return nil }
      return (stated.double, size.double * abs(entry.double - stop.double) / entry.double)
    }
    let plans = trades.map(\.trade).compactMap { trade -> Double? in
      guard trade.net <= .zero, !trade.claim.exitPlan.invalidation.isEmpty,
        let stop = trade.claim.exitPlan.stop,
        ![.target, .adopted, .residue].contains(trade.exitCause)
      else { return nil }
      let isBefore = trade.side == .long ? trade.exitPrice > stop : trade.exitPrice < stop
      return isBefore && [.order, .limit].contains(trade.exitCause) ? 100 : 0
    }
    let (stated, hit) = (mean(outcomes.map(\.stated)), mean(outcomes.map(\.hit)))
    var figures: [String: Double?] = [:]
    figures.updateValue(Double(outcomes.count), forKey: "calibrated_trades")
    figures.updateValue(mean(outcomes.map { pow($0.stated - $0.hit, 2) }), forKey: "brier")
    figures.updateValue(stated.map { 100 * $0 }, forKey: "stated_confidence_pct")
    figures.updateValue(hit.map { 100 * $0 }, forKey: "target_hit_rate_pct")
    figures.updateValue(
      stated.flatMap { stated in hit.map { 100 * (stated - $0) } }, forKey: "overconfidence_pct")
    figures.updateValue(
      over(
        risky.map(\.stated).reduce(0, +), risky.map(\.own).reduce(0, +)),
      forKey: "stated_risk_ratio")
    figures.updateValue(
      over(
        lost.map { -$0.net.double }.reduce(0, +), lost.map(\.claim.riskUSD.double).reduce(0, +)),
      forKey: "realised_risk_ratio")
    figures.updateValue(
      mean(risks.map { $0.net.double / $0.claim.riskUSD.double }), forKey: "average_r")
    figures.updateValue(mean(plans), forKey: "invalidation_honoured_pct")
    return figures
  }

  // MARK: Numbers

  private func mean(_ numbers: [Double]) -> Double? {
    numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
  }

  private func deviation(_ numbers: [Double]) -> Double? {
    guard numbers.count >= 2, let mean = mean(numbers) else { return nil }
    return (numbers.map { pow($0 - mean, 2) }.reduce(0, +) / Double(numbers.count - 1))
      .squareRoot()
  }

  private func over(_ part: Double?, _ whole: Double?) -> Double? {
    guard let part, let whole, whole != 0 else { return nil }
    return part / whole
  }
}
