import Analytics
import Journal
import Trading

/// What exports are made from and never changes any more, kept beside them, so that a run reads
/// only what is new however long the history is.
///
/// It follows from the state: what it holds is checked against the state where it ends, and without
/// it, or where it does not fit, everything is read anew.
struct ExportMemory: Sendable, Equatable {
  /// What is kept of one trader or of the benchmark.
  struct Curve: Sendable, Equatable {
    /// Points of hours that are over, ascending, thinned.
    var points: [EquityPoint] = []
    /// Decisions of cycles before ``nextCycle``, ascending.
    var hours: [DecisionHour] = []
    /// The first cycle that is not counted in ``hours``; 0 = none is.
    var nextCycle: CycleNumber = 0
    /// Net profits of its newest trades, oldest first.
    var nets: [USD] = []
    /// Trades that it had then.
    var trades = 0
    /// The last of these.
    var lastTrade = (at: Timestamp(ms: .min), position: PositionNumber.min)
    /// The middle of all of them; `nil` = there were none.
    var middle: TradeMiddle?

    static func == (left: Curve, right: Curve) -> Bool {
      left.points == right.points && left.hours == right.hours
        && left.nextCycle == right.nextCycle && left.nets == right.nets
        && left.trades == right.trades && left.lastTrade == right.lastTrade
        && left.middle == right.middle
    }
  }

  /// Whose model calls cost how much.
  struct Payer: Sendable, Hashable, Comparable {
    let trader: TraderID
    let model: ModelAlias

    static func < (left: Payer, right: Payer) -> Bool {
      left.trader == right.trader ? left.model < right.model : left.trader < right.trader
    }
  }

  /// What was spent.
  struct Bill: Sendable, Equatable {
    var calls = 0
    var tokens = 0
    var cost = USD.zero
  }

  /// The hour since 1970 that it was made in.
  var hour: Int64
  /// By trader, the benchmark among them.
  var curves: [TraderID: Curve] = [:]
  /// What was spent up to ``billedThrough``.
  var bills: [Payer: Bill] = [:]
  /// The last day that is in ``bills``.
  var billedThrough = CivilDay(number: 0)
  /// Whether it is worth writing: another hour has begun, or it did not fit.
  var isDue = true

  /// A memory of nothing, made at an instant.
  init(at now: Timestamp) { hour = Self.hour(of: now) }

  static func hour(of instant: Timestamp) -> Int64 { instant.floored(to: .hour).ms / Span.hour.ms }

  /// Notes that time went on.
  mutating func begin(at now: Timestamp) {
    isDue = isDue || hour != Self.hour(of: now)
    hour = Self.hour(of: now)
  }
}

extension ExportMemory {
  /// Profits that are kept of each trader.
  private static let countedNets = 500
  /// Cycles that decisions are looked for in: a week of two a minute.
  private static let countedCycles: CycleNumber = 20_160

  /// Whether a state goes on from what is kept: one curve that is in both is looked at.
  func fits(_ state: ArenaState, _ store: StateStore) throws(JournalError) -> Bool {
    for (id, curve) in curves.sorted(by: { $0.key < $1.key }) {
      guard let last = curve.points.last, let record = state.traders[id] else { continue }
      return try Self.rest(after: last, since: record.runtime.inceptionAt, store) != nil
    }
    return false
  }

  /// The points after one that is kept; `nil` when the state does not have that one.
  private static func rest(
    after last: EquityPoint, since inception: Timestamp, _ store: StateStore
  ) throws(JournalError) -> ArraySlice<EquityPoint>? {
    let hour = max(0, (last.at - inception).ms / Span.hour.ms)
    let points = try store.hourlyTotals(last.trader, fromHour: hour).map { $0.point.light }
    return points.first == last ? points.dropFirst() : nil
  }

  /// The curve of a trader or the benchmark, thinned, its newest point last.
  ///
  /// To be asked first: where it does not fit, nothing that is kept of the trader does.
  mutating func curve(
    of id: TraderID, since inception: Timestamp, _ store: StateStore, at now: Timestamp
  ) throws(JournalError) -> [EquityPoint] {
    let kept = curves[id]?.points ?? []
    let points: [EquityPoint]
    if let last = kept.last, let rest = try Self.rest(after: last, since: inception, store) {
      points = kept + rest
    } else {
      curves[id] = Curve()
      let finest = CurveGrain.finest(at: now)
      let old = try store.lastTotalsOfDays(id, from: CurveGrain.oldest(at: now), before: finest)
      points = (old + (try store.hourlyTotals(id, from: finest))).map { $0.point.light }
      // A single point may still change, so that nothing would be kept.
      if points.count > 1 { isDue = true }
    }
    let curve = CurveGrain.drawn.thinned(points, at: now)
    // The newest hour may not be over.
    curves[id, default: Curve()].points = Array(curve.dropLast())
    return curve
  }

  /// The hours of a week in which a trader decided, ascending.
  ///
  /// What is kept never counts the present cycle, which may be repeated.
  mutating func hours(
    of id: TraderID, _ store: StateStore, at now: Timestamp, cycle: CycleNumber
  ) throws(JournalError) -> [DecisionHour] {
    let since = now.floored(to: .hour) - .hours(Int64(Export.hoursOfDecisions) - 1)
    var kept = curves[id] ?? Curve()
    if kept.nextCycle > cycle || kept.nextCycle == 0 {
      kept.hours = []
      kept.nextCycle = max(1, cycle - Self.countedCycles)
    }
    kept.hours.removeAll { $0.start < since }
    if isDue, kept.nextCycle < cycle {
      kept.hours.add(
        try store.decisionHours(id, cycles: kept.nextCycle..<cycle, since: since))
      kept.nextCycle = cycle
    }
    curves[id] = kept
    var hours = kept.hours
    hours.add(try store.decisionHours(id, cycles: kept.nextCycle..<(.max), since: since))
    return hours
  }

  /// The net profits of a trader's newest trades, oldest first, and the middle of all its trades;
  /// `trades` is how many it has.
  mutating func trades(
    of id: TraderID, _ store: StateStore, count trades: Int
  ) throws(JournalError) -> (nets: [USD], middle: TradeMiddle?) {
    var kept = curves[id] ?? Curve()
    if kept.trades != trades {
      var new = try store.netsOfTrades(id, after: kept.lastTrade, limit: Self.countedNets)
      if kept.trades + new.count != trades {
        // One was closed before others that are kept, as real venues may tell it late.
        kept.nets = []
        kept.middle = nil
        new = try store.netsOfTrades(
          id, after: (Timestamp(ms: .min), .min), limit: Self.countedNets)
      }
      kept.nets = (kept.nets + new.map(\.net)).suffix(Self.countedNets)
      kept.middle = try store.tradeMiddle(
        of: id, trades: trades, from: kept.middle, adding: new.map(\.position))
      kept.trades = trades
      if let last = new.last { kept.lastTrade = (last.closedAt, last.position) }
      curves[id] = kept
    }
    return (kept.nets, kept.middle)
  }

  /// What the calls of each trader to each model cost, by trader.
  mutating func costs(
    _ store: SpendingStore, today: CivilDay
  ) throws(JournalError) -> [TraderID: [ModelCost]] {
    // Calls of yesterday may still be settled.
    let closed = CivilDay(number: today.number - 2)
    if billedThrough > closed {
      bills = [:]
      billedThrough = CivilDay(number: 0)
    }
    func add(_ uses: [ModelUse], to bills: inout [Payer: Bill]) {
      for use in uses {
        let payer = Payer(trader: use.trader, model: use.model)
        bills[payer, default: Bill()].calls += use.calls
        bills[payer, default: Bill()].tokens += use.spent.tokens
        bills[payer, default: Bill()].cost += use.spent.cost
      }
    }
    if isDue, billedThrough < closed {
      let next = CivilDay(number: billedThrough.number + 1)
      add(try store.use(from: next, through: closed), to: &bills)
      billedThrough = closed
    }
    var all = bills
    let next = CivilDay(number: billedThrough.number + 1)
    add(try store.use(from: next, through: today), to: &all)
    var present: [Payer: Bill] = [:]
    add(try store.use(from: today, through: today), to: &present)
    var costs: [TraderID: [ModelCost]] = [:]
    for (payer, bill) in all.sorted(by: { $0.key < $1.key }) {
      costs[payer.trader, default: []].append(
        ModelCost(
          model: payer.model.name, calls: bill.calls, tokens: bill.tokens, cost: bill.cost,
          costToday: present[payer]?.cost ?? .zero))
    }
    return costs
  }
}

extension EquityPoint {
  /// The same as far as exports show points that are over.
  fileprivate var light: EquityPoint {
    EquityPoint(
      trader: trader, at: at, equity: equity, nav: nav, cash: equity - unrealised,
      unrealised: unrealised, marginUsed: .zero)
  }
}

extension [DecisionHour] {
  /// Adds counts of later turns; both ascend, and at most one hour is in both.
  fileprivate mutating func add(_ counted: [CountedHour]) {
    for hour in counted {
      let start = Timestamp(ms: hour.hour * Span.hour.ms)
      if let index = lastIndex(where: { $0.start == start }) {
        self[index].decisions += hour.decisions
        self[index].entries += hour.entries
        self[index].refused += hour.refused
      } else {
        append(
          DecisionHour(
            start: start, decisions: hour.decisions, entries: hour.entries,
            refused: hour.refused))
      }
    }
  }
}
