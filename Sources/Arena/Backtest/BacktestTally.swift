import Analytics
import Journal
import Market
import Trading

/// Gathers what the cycles of a back-test did.
struct BacktestTally {
  private(set) var timesMs: [Int64] = []
  private var traders: [BacktestTrader]
  private var places: [TraderID: Int] = [:]
  private var turns = 0
  private var last: CycleReport?

  /// A tally of the configured traders that will see so many cycles.
  init(_ config: ArenaConfig, cycles: Int) {
    traders = config.traders.map { spec in
      var trader = BacktestTrader(
        id: spec.id, name: spec.name, executor: spec.executor.label, start: spec.initialEquity)
      trader.equity.reserveCapacity(cycles)
      return trader
    }
    for (index, spec) in config.traders.enumerated() { places[spec.id] = index }
    timesMs.reserveCapacity(cycles)
  }

  /// Takes a cycle in.
  mutating func add(_ report: CycleReport) {
    timesMs.append(report.at.ms)
    take(report) { trader, equity in trader.equity.append(equity) }
  }

  /// Takes in a cycle at the time of the one before it, whose values it replaces.
  mutating func amend(_ report: CycleReport) {
    take(report) { trader, equity in
      if !trader.equity.isEmpty { trader.equity[trader.equity.count - 1] = equity }
    }
  }

  private mutating func take(
    _ report: CycleReport, _ keep: (inout BacktestTrader, Int64) -> Void
  ) {
    last = report
    for line in report.lines {
      guard let place = places[line.trader] else { continue }
      traders[place].take(line)
      // Without a price it is worth what it was.
      let before = traders[place].equity.last ?? traders[place].start.mantissa
      keep(&traders[place], line.equity?.mantissa ?? before)
      if line.wasDue { turns += 1 }
    }
    for place in traders.indices where traders[place].equity.count < timesMs.count {
      // A trader whose account could not be opened is not there yet.
      traders[place].equity.append(
        traders[place].equity.last ?? traders[place].start.mantissa)
    }
  }

  /// The record of the back-test, with the books as they are at its end.
  func record(
    _ description: BacktestDescription, coins: [BacktestCoin], _ store: StateStore
  ) throws -> BacktestRecord {
    let state = try store.loadState(now: last?.at ?? Timestamp(ms: timesMs.last ?? 0))
    var traders = traders
    var notices = description.notices
    for place in traders.indices {
      let id = traders[place].id
      guard let record = state.traders[id] else { continue }
      traders[place].take(
        record.ledger, trades: try store.recentTrades(id, limit: Int(Int32.max)).reversed())
      if let missing = traders[place].failures[AnswerBook.missingReason] {
        notices.append(
          "\(id) held in \(missing) of its turns, as there was no recorded answer; --llm live asks")
      }
      if record.runtime.status == .isolated {
        notices.append(BacktestPass.isolationNotice(of: id, record.runtime.reason))
      }
      if let first = try store.flows(id).first { traders[place].startsWith(first.amount) }
    }
    return BacktestRecord(
      source: description.source, isSynthetic: description.isSynthetic, timesMs: timesMs,
      traders: traders, coins: coins, cycles: timesMs.count, traderCycles: turns,
      engine: BacktestEngine.cycle.rawValue, fillRule: description.fillRule, notices: notices)
  }
}

/// What a report says of how a back-test was made.
struct BacktestDescription {
  let source: String
  let isSynthetic: Bool
  let fillRule: String
  var notices: [String]
}

extension BacktestTrader {
  /// Takes in what a trader did in a cycle.
  fileprivate mutating func take(_ line: TraderLine) {
    fills += line.fills.count
    for fill in line.fills { volume += fill.notional }
    if let failure = line.failure { failures[failure, default: 0] += 1 }
    if line.conversation?.reply == AnswerBook.missing {
      failures[AnswerBook.missingReason, default: 0] += 1
    }
    for record in line.decisions {
      decisions[record.decision.action.rawValue, default: 0] += 1
      if record.verdict == .rejected, let rule = record.notes.last?.rule {
        rejections[rule, default: 0] += 1
      }
    }
  }

  /// Takes in its books.
  fileprivate mutating func take(_ ledger: Ledger, trades finished: [Trade]) {
    trades = finished
    openPositions = ledger.positions.count
    cash = ledger.cash
    fees = ledger.fees
    funding = ledger.funding
  }

  /// The same trader with what it was really given.
  fileprivate mutating func startsWith(_ amount: USD) {
    guard amount != start else { return }
    var trader = BacktestTrader(id: id, name: name, executor: executor, start: amount)
    trader.equity = equity
    trader.trades = trades
    trader.openPositions = openPositions
    trader.cash = cash
    trader.fees = fees
    trader.funding = funding
    trader.volume = volume
    trader.fills = fills
    trader.decisions = decisions
    trader.rejections = rejections
    trader.failures = failures
    self = trader
  }
}
