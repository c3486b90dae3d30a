import Exchanges
import Logging
import Manager
import Market
import Trading

extension Cycle {
  /// The orders of all admitted entries, added to the plan, by trader and place of the decision.
  ///
  /// Account by account: what clashes between traders is resolved first, then capital is reserved
  /// in sequence, within the limits of the account.
  func openOrders(
    of judged: [JudgedTurn], _ work: inout CycleWork
  ) -> [TraderID: [Int: EntryOutcome]] {
    var outcomes: [TraderID: [Int: EntryOutcome]] = [:]
    let groups = Dictionary(grouping: judged, by: \.spec.account)
    for (account, members) in groups.sorted(by: { $0.key < $1.key }) {
      let wishes = members.flatMap(\.openWishes)
      guard !wishes.isEmpty, let snapshot = work.accounts[account], let first = members.first
      else { continue }
      let state = accountState(snapshot, takerFee: first.fees.taker, work)
      let resolution = resolve(wishes, on: state, &work)
      let sequence = Reservation.reserve(resolution.orders, in: state)
      for refused in resolution.refused + sequence.refused {
        outcomes[refused.wish.trader, default: [:]][refused.wish.index] = EntryOutcome(
          notes: [refused.note], isRefused: true)
      }
      for order in sequence.orders {
        guard let sent = send(order, by: members, &work) else { continue }
        for share in order.shares {
          outcomes[share.trader, default: [:]][share.wish.index] = EntryOutcome(
            notes: share.notes, order: sent)
        }
      }
    }
    return outcomes
  }

  /// Resolves what clashes on an account; a trader never clashes with itself.
  private func resolve(
    _ wishes: [OpenWish], on state: AccountState, _ work: inout CycleWork
  ) -> ConflictResolution {
    let resolution = Conflicts.resolve(
      wishes,
      on: SharedAccount(
        account: state.account, free: state.free, takerFee: state.takerFee,
        holders: holders(on: state.account, work),
        outside: Set((work.state.accounts[state.account]?.outside ?? [:]).keys)),
      under: config.conflicts)
    work.conflicts += resolution.conflicts
    work.changes.conflicts += resolution.conflicts
    for conflict in resolution.conflicts { tell(conflict) }
    return resolution
  }

  private func tell(_ conflict: ConflictRecord) {
    ports.log.log(
      level: conflict.severity == .high ? .warning : .notice, "conflict",
      metadata: [
        "phase": "\(Phase.admit.rawValue)", "type": "\(conflict.kind.rawValue)",
        "symbol": "\(conflict.coin?.name ?? "-")", "severity": "\(conflict.severity.rawValue)",
        "traders": "\(conflict.traders.map(\.name).joined(separator: ","))",
        "resolution": "\(conflict.resolution)", "reason": "\(conflict.reason)",
      ])
  }

  /// Who holds what on an account.
  private func holders(
    on account: AccountID, _ work: CycleWork
  ) -> [Coin: [TraderID: PositionSide]] {
    var holders: [Coin: [TraderID: PositionSide]] = [:]
    for record in work.residents(of: account) {
      for position in record.ledger.positions {
        holders[position.coin, default: [:]][record.ledger.trader] = position.side
      }
    }
    return holders
  }

  private func accountState(
    _ snapshot: AccountSnapshot, takerFee: Bps, _ work: CycleWork
  ) -> AccountState {
    AccountState(
      snapshot, marks: marks(of: snapshot.account, work), takerFee: takerFee,
      limits: config.globalLimits)
  }

  /// Adds a reserved order to the plan.
  ///
  /// - Returns: Its id; `nil` when no price is left to send it at.
  private func send(
    _ order: ReservedOrder, by members: [JudgedTurn], _ work: inout CycleWork
  ) -> ClientOrderID? {
    guard let first = order.shares.first,
      let leader = members.first(where: { $0.spec.id == first.trader })
    else { return nil }
    let account = leader.spec.account
    let planner = planner(for: leader.spec, takerFee: leader.fees.taker, work)
    guard let planned = planner.entry(order.approved) else { return nil }
    let shares = order.shares.map { share in
      OrderShare(trader: share.trader, size: share.size, claim: planner.claim(of: share.wish.wish))
    }
    let intent = intent(
      for: planned, account: account, shares: shares.count > 1 ? shares : [], &work)
    guard
      let approved = RiskGate.carryOut(order.approved, as: intent, matches: { $0.covers($1) })
    else {
      preconditionFailure("expected an order within its approval, was \(intent.request)")
    }
    work.orders.append(approved)
    return intent.request.clientOrderID
  }
}

extension JudgedTurn {
  /// The admitted entries.
  fileprivate var openWishes: [OpenWish] {
    result.entries.compactMap { entry in
      guard case .open(let approved) = entry.action else { return nil }
      return OpenWish(
        trader: spec.id, priority: priority, index: entry.index, wish: approved.request)
    }
  }
}
