import Analytics
import Exchanges
import Executor
import Manager
import Market
import Trading

/// One control trader with all that a run keeps of it: its account at the venue, its ledger, what
/// it remembers.
///
/// Each step is the one of the same name in ``Cycle``, on values instead of the state.
struct PipelineSeat {
  let spec: TraderSpec
  let kind: BaselineKind
  let config: ArenaConfig
  let venue: SimVenue
  /// The rows of the tape that it trades, as configured.
  let rows: [Int]
  /// The place of its averages in the tape; `nil` = it looks at none.
  let averages: Int?
  var books: SimAccount { didSet { shown = nil } }
  var ledger: Ledger
  var runtime: TraderRuntime
  var totals = PerformanceTotals()
  var recentOpens: [Timestamp] = []
  var lastCloses: [Coin: Timestamp] = [:]
  var outlook: BaselineOutlook
  var result: BacktestTrader
  /// What it decided in this cycle, for those that follow it.
  var decided: [Decision] = []
  /// How often it was sure to hold in this cycle; 0 = it was not due, or not sure.
  private var quietHolds = 0
  /// Claims of the entries of this cycle.
  var claims: [ClientOrderID: EntryClaim] = [:]
  /// Prices between which nothing happens to its account; `nil` = to be found again.
  var bands: [Band]?
  /// Whether what rests at the venue may not be what its positions need.
  var needsProtection = false
  /// The number of the position that it opens next.
  var nextPosition = PositionNumber(1)
  private var turns = 0
  private var holds = 0
  /// The account as its venue shows it at a cycle; `nil` = its books have changed since.
  private var shown: (cycle: Int, account: AccountSnapshot?)?
  /// What a rule of averages sees: ±1 the side, ±2 where it has just crossed, 0 not yet known; by
  /// cycle, then by place in ``rows``.
  private let signals: [Int8]
  private let traderHash: UInt64
  /// The day whose first point is in its totals, and what it was worth last.
  private var foldedDay: CivilDay?
  private var last: (at: Timestamp, value: Int64)?

  /// The quiet prices of one coin.
  struct Band {
    let row: Int
    let low: Int64
    let high: Int64
    /// Whether funding is charged on it.
    let isHeld: Bool
  }

  init(
    _ spec: TraderSpec, _ kind: BaselineKind, _ config: ArenaConfig, venue: SimVenue,
    tape: inout PipelineTape
  ) throws {
    self.spec = spec
    self.kind = kind
    self.config = config
    self.venue = venue
    rows = spec.coins.compactMap { tape.coins.firstIndex(of: $0) }
    if case .emaCross(let rule) = kind {
      let place = try tape.averages(of: rule, interval: spec.decisionInterval)
      averages = place
      signals = tape.signals(of: place, rows: rows)
    } else {
      averages = nil
      signals = []
    }
    books = SimAccount(id: spec.account, rawUSD: spec.initialEquity, caughtUpTo: tape.start)
    ledger = Ledger(trader: spec.id)
    ledger.book(flow: spec.initialEquity, equity: .zero)
    runtime = TraderRuntime(
      status: .running, inceptionAt: tape.start,
      era: TraderEra(number: 1, startedAt: tape.start, configDigest: spec.configDigest),
      capital: spec.initialEquity)
    outlook = BaselineOutlook(coins: spec.coins)
    result = BacktestTrader(
      id: spec.id, name: spec.name, executor: spec.executor.label, start: spec.initialEquity)
    result.equity.reserveCapacity(tape.count)
    traderHash = stableHash(spec.id.name)
  }

  /// How many turns it took.
  var turnsTaken: Int { turns }

  /// Numbers the positions of a cycle, so that those of all traders sort as a run numbers them: by
  /// cycle, by account, one behind the other.
  ///
  /// - Parameters:
  ///   - cycle: The cycle, counted from 0, below 2^38.
  ///   - place: The place of its account among all, below 2^12.
  mutating func numberPositions(from cycle: Int, place: Int) {
    nextPosition = PositionNumber(cycle + 1) << 24 | PositionNumber(place) << 12
  }

  /// Numbers its positions by their rank among all.
  mutating func renumber(_ ranks: [PositionNumber: PositionNumber]) {
    result.trades = result.trades.map { $0.numbered(ranks[$0.position] ?? $0.position) }
  }

  /// The numbers of all positions that it opened.
  var positionNumbers: [PositionNumber] {
    result.trades.map(\.position) + ledger.positions.map(\.number)
  }

  /// Takes a turn if it is due: asks its rule, unless that is sure to hold.
  ///
  /// - Returns: The decisions to be judged; `nil` = it was not due, or holds.
  mutating func decide(
    _ moment: inout PipelineMoment, _ tape: PipelineTape, peer: Peer?
  ) throws -> [Decision]? {
    decided = []
    quietHolds = 0
    guard runtime.status == .running else { return nil }
    let slot = DueTraders.slot(at: moment.now, interval: spec.decisionInterval)
    guard runtime.lastSlot.map({ slot > $0 }) ?? true else { return nil }
    runtime.lastSlot = slot
    turns += 1
    defer { runtime.invocations += 1 }
    if let quiet = sureHolds(moment.cycle, tape, slot: slot, peer: peer) {
      holds += quiet
      quietHolds = quiet
      runtime.breachesInARow = 0
      return nil
    }
    let context = try context(&moment, slot: slot, peer: peer)
    if case .emaCross(let rule) = kind, let averages {
      decided = EMACross.decisions(of: rule, in: context) { coin in
        guard let row = tape.coins.firstIndex(of: coin) else { return nil }
        let place = Int(tape.averages[averages].places[row][moment.cycle])
        return place < 0 ? nil : tape.averages[averages].courses[row].standing(at: place)
      }
    } else {
      decided = Baseline.decisions(of: kind, in: context)
    }
    return decided
  }

  /// The holds of a turn that asks for nothing; `nil` = it may ask for something.
  private func sureHolds(
    _ cycle: Int, _ tape: PipelineTape, slot: Int64, peer: Peer?
  ) -> Int? {
    switch kind {
    case .flat: return 1
    case .buyAndHold: return outlook.holdsOfBuyAndHold
    case .momentum:
      return outlook.holdsOfMomentum { tape.courses[rows[$0]].changes4h[cycle] }
    case .random(let seed, let follows):
      let pace = follows == nil ? nil : peer.map { ($0.opens, $0.invocations) } ?? (0, 0)
      return outlook.holdsOfRandom(seed: seed, traderHash: traderHash, slot: slot, peer: pace)
    case .emaCross(let rule):
      let first = cycle * rows.count
      return outlook.holds(
        of: rule,
        side: { Int8(signals[first + $0].signum()) },
        hasCrossed: { signals[first + $0].magnitude > 1 })
    case .inverseOf:
      // Of holds the opposite are holds; of nothing it is one.
      return peer.flatMap { $0.decided.isEmpty ? max(1, $0.quietHolds) : nil }
    }
  }

  /// What those that follow it are told.
  struct Peer {
    let decided: [Decision]
    let quietHolds: Int
    /// Positions it opened since it began.
    let opens: Int
    /// Turns it was asked for, that of this cycle included.
    let invocations: Int
  }

  /// What those that follow it are told in this cycle.
  var asPeer: Peer {
    Peer(
      decided: decided, quietHolds: quietHolds,
      opens: totals.trades + ledger.positions.count, invocations: runtime.invocations)
  }

  private mutating func context(
    _ moment: inout PipelineMoment, slot: Int64, peer: Peer?
  ) throws -> ExecutorContext {
    let marks = moment.marks()
    let market = try moment.market()
    let means = means(&moment)
    return ExecutorContext(
      at: moment.now, cycle: CycleNumber(Int64(moment.cycle) + 1), slot: slot,
      inceptionAt: runtime.inceptionAt, trader: spec,
      account: AccountView(
        equity: means.equity, available: means.free, marginUsed: means.marginUsed,
        profit: means.equity - ledger.flows),
      performance: PerformanceView(
        totals: totals, fees: ledger.fees, funding: ledger.funding,
        opensInLastHour: recentOpens.count),
      positions: ledger.positions.compactMap { position in
        marks[position.coin].map {
          PositionView(
            position: position, mark: $0, marginUsed: .zero, liquidationPrice: nil,
            restingStop: nil, restingTarget: nil)
        }
      },
      closedCoins: Set(lastCloses.keys), market: market,
      peer: peer.map {
        PeerView(decisions: $0.decided, opens: $0.opens, invocations: $0.invocations)
      })
  }

  /// Its account as the venue shows it now; `nil` where a mark is missing.
  mutating func account(_ moment: inout PipelineMoment) -> AccountSnapshot? {
    if let shown, shown.cycle == moment.cycle { return shown.account }
    let account = venue.snapshot(of: books, marks: moment.marks(), at: moment.now)
    shown = (moment.cycle, account)
    return account
  }

  /// What it can work with, as in ``Cycle/means(of:_:)``.
  mutating func means(_ moment: inout PipelineMoment) -> TraderMeans {
    let equity = ledger.equity(marks: moment.marks()) ?? ledger.cash
    guard let account = account(&moment) else {
      return TraderMeans(equity: equity, marginUsed: .zero, free: .zero)
    }
    return TraderMeans(equity: equity, marginUsed: account.marginUsed, free: account.free)
  }

  /// Takes in what a judged turn said.
  mutating func count(_ entries: [AdmittedDecision], refused: [RefusedWish]) {
    var isBreach = false
    for entry in entries {
      result.decisions[entry.decision.action.rawValue, default: 0] += 1
      guard case .rejected(let note) = entry.verdict else { continue }
      result.rejections[note.rule, default: 0] += 1
      isBreach = isBreach || AdmissionTable.breachRules.contains(note.rule)
    }
    for wish in refused { result.rejections[wish.note.rule, default: 0] += 1 }
    runtime.breachesInARow = isBreach ? runtime.breachesInARow + 1 : 0
  }

  /// Values it at the end of a cycle.
  mutating func record(_ cycle: Int, _ tape: PipelineTape) {
    let value = value(at: cycle, tape)
    result.equity.append(value)
    let now = tape.time(of: cycle)
    let day = CivilDay(now)
    // Ratios of days need the last point of each and the first of the next.
    if day != foldedDay {
      if let last, let point = point(last.value, at: last.at) { totals.fold(point) }
      foldedDay = day
      if let point = point(value, at: now) { totals.fold(point) }
    }
    last = (now, value)
  }

  private func point(_ value: Int64, at now: Timestamp) -> EquityPoint? {
    let equity = USD(mantissa: value)
    return ledger.nav(equity: equity, base: USD(whole: 10_000)).map {
      EquityPoint(
        trader: spec.id, at: now, equity: equity, nav: $0, cash: ledger.cash,
        unrealised: equity - ledger.cash, marginUsed: .zero)
    }
  }

  private func value(at cycle: Int, _ tape: PipelineTape) -> Int64 {
    var value = books.rawUSD.mantissa
    guard !books.positions.isEmpty else { return value }
    for (index, row) in rows.enumerated() where outlook.held[index] != 0 {
      let size = books.size(of: spec.coins[index]).mantissa
      value += ExactMath.multiply(tape.courses[row].prices[cycle], size, .halfEven)
    }
    return value
  }

  /// What it did, with its books as they are.
  mutating func finish() -> BacktestTrader {
    // As the record of a run has them.
    result.trades.sort { ($0.closedAt, $0.position) < ($1.closedAt, $1.position) }
    result.openPositions = ledger.positions.count
    result.cash = ledger.cash
    result.fees = ledger.fees
    result.funding = ledger.funding
    if holds > 0 { result.decisions[DecisionAction.hold.rawValue, default: 0] += holds }
    return result
  }
}
