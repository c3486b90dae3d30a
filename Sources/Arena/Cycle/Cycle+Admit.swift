import Exchanges
import Manager
import Market
import Trading

extension Cycle {
  /// Judges every decision on its own and turns what was admitted into approved orders.
  func admit(_ work: inout CycleWork) async throws {
    for turn in work.turns {
      guard let spec = specs[turn.trader],
        let exchange = ports.exchanges[spec.exchange]
      else { continue }
      let record = work.record(of: spec.id)
      switch work.answers[turn.trader]?.result {
      case .success(let decisions):
        let fees: FeeSchedule
        do {
          fees = try await exchange.fees(for: spec.account)
        } catch {
          fail(turn, record, "\(error)", &work)
          continue
        }
        let state = admissionState(of: spec, fees: fees, work)
        let result = Admission.review(decisions, in: state)
        let records = result.entries.map { entry in
          DecisionRecord(
            trader: spec.id, index: entry.index, decision: entry.decision,
            verdict: entry.verdict.kind, notes: entry.notes,
            order: order(for: entry, of: spec, fees: fees, &work))
        }
        work.turnRecords[turn.trader] = TurnRecord(
          trader: turn.trader, era: record.runtime.era.number, slot: turn.slot, failure: nil,
          decisions: records.sorted { $0.index < $1.index },
          conversation: work.answers[turn.trader]?.conversation,
          shadows: work.answers[turn.trader]?.shadows ?? [])
      case .failure(let failure):
        fail(turn, record, failure.description, &work)
      case nil:
        fail(turn, record, "was not asked", &work)
      }
    }
  }

  private func fail(
    _ turn: TraderTurn, _ record: TraderRecord, _ reason: String, _ work: inout CycleWork
  ) {
    work.turnRecords[turn.trader] = TurnRecord(
      trader: turn.trader, era: record.runtime.era.number, slot: turn.slot, failure: reason,
      decisions: [], conversation: work.answers[turn.trader]?.conversation,
      shadows: work.answers[turn.trader]?.shadows ?? [])
  }

  private func admissionState(
    of spec: TraderSpec, fees: FeeSchedule, _ work: CycleWork
  ) -> AdmissionState {
    let record = work.record(of: spec.id)
    let market = market(of: spec, work)
    let marks = market.marks
    let equity = record.ledger.equity(marks: marks) ?? record.ledger.cash
    let account = work.accounts[spec.account]
    let barred = work.barred[spec.account] ?? []
    return AdmissionState(
      trader: spec, now: work.now, equity: equity, marginUsed: account?.marginUsed ?? .zero,
      free: account?.free ?? .zero,
      positions: record.ledger.positions.compactMap { position in
        marks[position.coin].map { Exposure(position, mark: $0) }
      },
      opensWithinHour: record.recentOpens.count { $0 > work.now - .hour },
      lastClosedAt: record.lastCloses, market: market, staleAfter: config.run.staleAfter,
      barred: Dictionary(
        uniqueKeysWithValues: barred.map { ($0, "an order of it has no known outcome yet") }),
      takerFee: fees.taker, expectedSlippage: Self.expectedSlippage,
      blocks: EntryBlocks(global: work.blocks[spec.account].map { "\($0.rule): \($0.text)" }))
  }

  /// What an entry is reckoned to lose against the mid.
  static let expectedSlippage = Bps(whole: 5)

  /// The approved order of an admitted decision, added to the plan; `nil` when there is none.
  private func order(
    for entry: AdmittedDecision, of spec: TraderSpec, fees: FeeSchedule, _ work: inout CycleWork
  ) -> ClientOrderID? {
    let planner = planner(for: spec, takerFee: fees.taker, work)
    switch entry.action {
    case .open(let wish):
      guard let planned = planner.entry(wish) else { return nil }
      let intent = intent(for: planned, account: spec.account, &work)
      guard
        let approved = RiskGate.carryOut(wish, as: intent, matches: { $0.covers($1) })
      else {
        preconditionFailure("expected an order within its approval, was \(intent.request)")
      }
      work.orders.append(approved)
      return intent.request.clientOrderID
    case .close(let wish):
      let coin = wish.request.coin
      guard let snapshot = work.markets[spec.market]?.coins[coin],
        let position = work.record(of: spec.id).ledger.position(in: coin),
        let planned = planner.close(
          wish, mid: snapshot.quote.mid, instrument: snapshot.instrument)
      else { return nil }
      let intent = intent(for: planned, account: spec.account, &work)
      guard let approved = RiskGate.approveReduction(intent, of: position.signedSize) else {
        preconditionFailure("expected a close within its position, was \(intent.request)")
      }
      work.orders.append(approved)
      return intent.request.clientOrderID
    case .protect(let wish):
      work.state.traders[spec.id]?.ledger.setExitPlan(
        wish.request.plan, for: wish.request.coin)
      return nil
    case nil: return nil
    }
  }

  /// The planner of a trader's orders in this cycle.
  func planner(for spec: TraderSpec, takerFee: Bps, _ work: CycleWork) -> OrderPlanner {
    let made = work.generations
    return OrderPlanner(
      arena: work.state.arena, trader: spec, cycle: work.cycle, takerFee: takerFee,
      nextGeneration: { coin, purpose in
        made[GenerationKey(trader: spec.id, coin: coin, purpose: purpose)] ?? 0
      })
  }
}

extension DecisionVerdict {
  /// The word used for it in records.
  fileprivate var kind: AdmissionVerdict {
    switch self {
    case .accepted: .accepted
    case .clamped: .clamped
    case .rejected: .rejected
    case .held: .held
    }
  }
}
