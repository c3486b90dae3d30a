import Exchanges
import Manager
import Market
import Trading

extension Cycle {
  /// Ends positions at once where a rule or a person says so, before anybody is asked.
  func reduce(_ work: inout CycleWork) async throws {
    var orders: [RiskApproved<OrderIntent>] = []
    for spec in lookedAfter(work) where work.accounts[spec.account] != nil {
      guard work.unreadable[spec.account] == nil else { continue }
      for position in work.record(of: spec.id).ledger.positions {
        guard let reason = reductionReason(of: position, spec, work),
          let approved = flattening(position, of: spec, &work)
        else { continue }
        work.notices.append(
          "\(spec.id): closing \(position.size) \(position.coin): \(reason)")
        orders.append(approved)
      }
    }
    orders += try freeing(&work, besides: orders)
    guard !orders.isEmpty else { return }
    countAsPlanned(&work)
    try putOnRecord(orders, &work)
    try await send(orders, &work)
  }

  /// How far beyond the mid a position may be ended by force at a real venue: out at a bad price is
  /// better than not out.
  static let forcedSlippage = Bps(whole: 500)

  /// Whether a trader moves real money.
  func isReal(_ spec: TraderSpec) -> Bool {
    ports.exchanges[spec.exchange]?.isSimulated == false
  }

  /// The approved order that ends a position; `nil` when it cannot be priced, or when an earlier
  /// close of it on a shared account has no known outcome.
  func flattening(
    _ position: Position, of spec: TraderSpec, size: Quantity? = nil, _ work: inout CycleWork
  ) -> RiskApproved<OrderIntent>? {
    guard let snapshot = work.markets[spec.market]?.coins[position.coin],
      !work.isCloseDoubtful(of: spec.id, position.coin, on: spec.account),
      let planned = planner(for: spec, takerFee: .zero, work).flatten(
        position, size: size ?? position.size, mid: snapshot.quote.mid,
        instrument: snapshot.instrument,
        slippage: isReal(spec) ? max(spec.marketSlippage, Self.forcedSlippage) : nil)
    else { return nil }
    let intent = intent(for: planned, account: spec.account, &work)
    return RiskGate.approveReduction(intent, of: position.signedSize)
  }

  /// Makes the cycle count with the next commit, whatever becomes of its turns: its number is in
  /// the ids of what is about to be sent, and must not come again.
  func countAsPlanned(_ work: inout CycleWork) {
    if work.changes.turns == nil { work.changes.turns = [] }
  }

  /// Why a position must end now; `nil` = it need not.
  private func reductionReason(
    of position: Position, _ spec: TraderSpec, _ work: CycleWork
  ) -> String? {
    let runtime = work.record(of: spec.id).runtime
    if options.duties.closing.contains(spec.id) { return "by command" }
    if runtime.status == .isolated, config.isolation.closesPositions {
      return "the trader is isolated and isolation.close_positions is true"
    }
    let mark = work.marks(of: spec.market)[position.coin]
    for fired in work.state.killSwitches where fired.stops(spec.id, on: spec.account) {
      switch fired.action {
      case .block: break
      case .flatten: return "kill switch \(fired.number) (\(fired.cause))"
      case .flattenLosers:
        guard let mark, position.unrealised(at: mark) < .zero else { continue }
        return "kill switch \(fired.number) (\(fired.cause)) ends positions at a loss"
      }
    }
    guard let rule = spec.guards.giveback, let mark else { return nil }
    return Giveback.reason(position, mark: mark, rule: rule)
  }
}
