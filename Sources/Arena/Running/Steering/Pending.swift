import Journal
import Trading

// Stand-ins for what other rooms get at the same time; this file goes away when they are there.

struct PastRefusal {
  let trader: TraderID
  let cycle: CycleNumber
  let at: Timestamp
  let coin: Coin?
  let action: DecisionAction
  let rule: String
  let text: String
}

struct PastConflict {
  let cycle: CycleNumber
  let at: Timestamp
  let conflict: ConflictRecord
}

extension StateStore {
  func recentConflicts(limit: Int) throws(JournalError) -> [PastConflict] { [] }
  func recentRefusals(limit: Int) throws(JournalError) -> [PastRefusal] { [] }
  func events(of trader: TraderID, limit: Int) throws(JournalError) -> [TraderEvent] { [] }
  func eras(of trader: TraderID) throws(JournalError) -> [TraderEra] { [] }
  func killSwitches(limit: Int) throws(JournalError) -> [KillSwitch] { [] }
}

struct MoveRefusal: Error {}

enum TraderMoves {
  static func apply(
    _ move: TraderStatus.Move, to runtime: TraderRuntime, of trader: TraderID,
    pausedUntil: Timestamp? = nil, at now: Timestamp, reason: String, cause: String
  ) -> Result<(runtime: TraderRuntime, event: TraderEvent), MoveRefusal> {
    guard let status = runtime.status.after(move) else { return .failure(MoveRefusal()) }
    var moved = runtime
    moved.status = status
    moved.pausedUntil = move == .pause ? pausedUntil : nil
    moved.reason = status == .running ? "" : reason
    if move == .start || move == .release {
      moved.failuresInARow = 0
      moved.breachesInARow = 0
    }
    let event = TraderEvent(
      trader: trader, at: now, what: move.rawValue, status: status, cause: cause, reason: reason)
    return .success((runtime: moved, event: event))
  }
}

enum RankingScore {
  static func of(_ totals: PerformanceTotals, navReturnPct: Double) -> Double? {
    guard let sharpe = totals.sharpe, totals.trades > 0, navReturnPct.isFinite else { return nil }
    let winRate = Double(totals.wins) / Double(totals.trades)
    return 0.5 * sharpe + 0.3 * navReturnPct + 0.2 * winRate
  }
}

struct Utilisation: Equatable {
  let total: USD
  let allocated: USD
  let utilised: USD
  let reserve: USD
  let overAllocated: [TraderID]

  struct Trader {
    let trader: TraderID
    let equity: USD
    let marginUsed: USD
  }

  init(of traders: [Trader], treasury: USD, reserve: USD) {
    allocated = traders.reduce(.zero) { $0 + $1.equity }
    utilised = traders.reduce(.zero) { $0 + $1.marginUsed }
    total = treasury + allocated
    self.reserve = reserve
    overAllocated = traders.filter { $0.marginUsed > max(.zero, $0.equity) }.map(\.trader).sorted()
  }

  var utilisationPct: Double? { allocated > .zero ? utilised.asPct(of: allocated) : nil }
}

struct OperatorDuties: Equatable {
  var closing: Set<TraderID> = []
  var removing: Set<TraderID> = []
}

extension CycleOptions {
  var asksTraders: Bool {
    get { only.isEmpty }
    set { if !newValue, let nobody = TraderID("nobody-at-all") { only = [nobody] } }
  }

  var duties: OperatorDuties {
    get { OperatorDuties() }
    set { _ = newValue }
  }
}

extension ArenaConfig {
  var allocation: AllocationRules? { nil }
}

extension SteeringDesk {
  /// What a cycle with the duty `removing` does; delete this and its one call.
  mutating func removeForNow(_ id: TraderID) throws {
    guard var runtime = state.traders[id]?.runtime, runtime.removedAt == nil else { return }
    runtime.removedAt = now
    runtime.status = .stopped
    try save(runtime, of: id, nil)
  }
}
