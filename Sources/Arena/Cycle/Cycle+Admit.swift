import Exchanges
import Manager
import Market
import Trading

extension Cycle {
  /// Judges every decision on its own, then resolves what clashes between traders, then reserves
  /// what is left account by account, and turns what remains into approved orders.
  func admit(_ work: inout CycleWork) async throws {
    var judged: [JudgedTurn] = []
    for (priority, turn) in work.turns.enumerated() {
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
        judged.append(
          JudgedTurn(
            turn: turn, spec: spec, priority: priority, fees: fees,
            result: Admission.review(decisions, in: state)))
      case .failure(let failure):
        fail(turn, record, failure.description, &work)
      case nil:
        fail(turn, record, "was not asked", &work)
      }
    }
    // What only reduces never waits for what opens.
    var outcomes: [TraderID: [Int: EntryOutcome]] = [:]
    for member in judged { outcomes[member.spec.id] = reductions(of: member, &work) }
    for (trader, entries) in openOrders(of: judged, &work) {
      outcomes[trader, default: [:]].merge(entries) { $1 }
    }
    for member in judged { keep(member, outcomes[member.spec.id] ?? [:], &work) }
  }

  /// Puts a judged turn on record, with what became of each decision.
  private func keep(
    _ member: JudgedTurn, _ outcomes: [Int: EntryOutcome], _ work: inout CycleWork
  ) {
    let trader = member.spec.id
    let record = work.record(of: trader)
    let records = member.result.entries.map { entry -> DecisionRecord in
      let outcome = outcomes[entry.index] ?? EntryOutcome()
      let notes = entry.notes + outcome.notes
      let verdict: AdmissionVerdict =
        outcome.isRefused
        ? .rejected : outcome.notes.isEmpty ? entry.verdict.kind : .clamped
      return DecisionRecord(
        trader: trader, index: entry.index, decision: entry.decision, verdict: verdict,
        notes: notes, order: outcome.order)
    }
    countBreaches(records, of: trader, &work)
    work.turnRecords[trader] = TurnRecord(
      trader: trader, era: record.runtime.era.number, slot: member.turn.slot, failure: nil,
      decisions: records.sorted { $0.index < $1.index },
      conversation: work.answers[trader]?.conversation,
      shadows: work.answers[trader]?.shadows ?? [])
  }

  /// Counts turns in a row in which a trader broke a rule it was told.
  private func countBreaches(
    _ records: [DecisionRecord], of trader: TraderID, _ work: inout CycleWork
  ) {
    let isBreach = records.contains { record in
      record.verdict == .rejected
        && (record.notes.last.map { AdmissionTable.breachRules.contains($0.rule) } ?? false)
    }
    let before = work.record(of: trader).runtime.breachesInARow
    work.state.traders[trader]?.runtime.breachesInARow = isBreach ? before + 1 : 0
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
    let means = means(of: record, work)
    return AdmissionState(
      trader: spec, now: work.now, equity: means.equity, marginUsed: means.marginUsed,
      free: means.free,
      positions: record.ledger.positions.map { position in
        // Without a price a position still counts, at what it cost.
        Exposure(position, mark: marks[position.coin] ?? position.entryPrice)
      },
      opensWithinHour: record.recentOpens.count { $0 > work.now - .hour },
      lastClosedAt: record.lastCloses, market: market, staleAfter: config.run.staleAfter,
      barred: bars(on: spec.account, work), takerFee: fees.taker,
      expectedSlippage: Self.expectedSlippage, totals: record.totals,
      blocks: entryBlocks(of: spec, work))
  }

  /// Coins of an account that nobody may open, and why.
  private func bars(on account: AccountID, _ work: CycleWork) -> [Coin: String] {
    var bars: [Coin: String] = [:]
    for (coin, size) in work.state.accounts[account]?.outside ?? [:] {
      bars[coin] = "\(size) \(coin) are held on the account that no trader opened"
    }
    for coin in work.barred(on: account) {
      bars[coin] = "an order of it has no known outcome yet"
    }
    return bars
  }

  /// What an entry is reckoned to lose against the mid.
  static let expectedSlippage = Bps(whole: 5)

  /// The closes and protections of a turn, added to the plan, by the place of their decisions.
  private func reductions(
    of member: JudgedTurn, _ work: inout CycleWork
  ) -> [Int: EntryOutcome] {
    let spec = member.spec
    var outcomes: [Int: EntryOutcome] = [:]
    for entry in member.result.entries {
      switch entry.action {
      case .close(let wish):
        let coin = wish.request.coin
        let planner = planner(for: spec, takerFee: member.fees.taker, work)
        guard !work.isCloseDoubtful(of: spec.id, coin, on: spec.account) else {
          outcomes[entry.index] = EntryOutcome(
            notes: [
              RuleNote(
                rule: EntryRule.symbolBarred.id,
                text: "an earlier close of \(coin) has no known outcome, and on a shared account "
                  + "another one could end what is another trader's")
            ], isRefused: true)
          continue
        }
        guard let snapshot = work.markets[spec.market]?.coins[coin],
          let position = work.record(of: spec.id).ledger.position(in: coin),
          let planned = planner.close(
            wish, mid: snapshot.quote.mid, instrument: snapshot.instrument)
        else { continue }
        let intent = intent(for: planned, account: spec.account, &work)
        guard let approved = RiskGate.approveReduction(intent, of: position.signedSize) else {
          preconditionFailure("expected a close within its position, was \(intent.request)")
        }
        work.orders.append(approved)
        outcomes[entry.index] = EntryOutcome(order: intent.request.clientOrderID)
      case .protect(let wish):
        work.state.traders[spec.id]?.ledger.setExitPlan(
          wish.request.plan, for: wish.request.coin)
      case .open, nil: continue
      }
    }
    return outcomes
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

/// The decisions of one trader, judged on their own.
struct JudgedTurn {
  let turn: TraderTurn
  let spec: TraderSpec
  /// Its place in the order of priority, 0 = first.
  let priority: Int
  let fees: FeeSchedule
  let result: AdmissionResult
}

/// What became of an admitted decision afterwards.
struct EntryOutcome {
  /// What clashes and limits of the account changed, the refusal last.
  var notes: [RuleNote] = []
  var isRefused = false
  /// The order it became; `nil` = none.
  var order: ClientOrderID?
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
