import Analytics
import Exchanges
import Executor
import Manager
import Market
import Trading

extension PipelineSeat {
  /// Judges decisions and carries out what remains of them: closes first.
  mutating func carryOut(
    _ decisions: [Decision], measured before: SimAccount?, _ moment: inout PipelineMoment,
    _ tape: PipelineTape
  ) throws {
    let market = try moment.market()
    let marks = moment.marks()
    let fee = venue.config.fees.taker
    let means = means(&moment)
    let state = AdmissionState(
      trader: spec, now: moment.now, equity: means.equity, marginUsed: means.marginUsed,
      free: means.free,
      positions: ledger.positions.map { Exposure($0, mark: marks[$0.coin] ?? $0.entryPrice) },
      opensWithinHour: recentOpens.count { $0 > moment.now - .hour }, lastClosedAt: lastCloses,
      market: market, staleAfter: config.run.staleAfter, takerFee: fee,
      expectedSlippage: Cycle.expectedSlippage, totals: totals,
      blocks: EntryBlocks(global: breach(before, &moment)))
    let judged = Admission.review(decisions, in: state)
    let planner = planner(moment.cycle)
    var orders: [PlannedOrder] = []
    for entry in judged.entries {
      guard case .close(let wish) = entry.action,
        let snapshot = market.coins[wish.request.coin],
        let order = planner.close(
          wish, mid: snapshot.quote.mid, instrument: snapshot.instrument)
      else { continue }
      orders.append(order)
    }
    let (entries, refused) = reserve(judged, &moment)
    orders += entries.compactMap { planner.entry($0.approved) }
    count(judged.entries, refused: refused)
    send(orders, &moment, tape)
  }

  /// Why a limit over the account blocks entries; `nil` = none does.
  ///
  /// What counts is the account when the cycle began, which `before` is where it has changed since.
  private mutating func breach(
    _ before: SimAccount?, _ moment: inout PipelineMoment
  ) -> String? {
    let marks = moment.marks()
    let measured =
      before.map { venue.snapshot(of: $0, marks: marks, at: moment.now) } ?? account(&moment)
    guard let snapshot = measured else { return nil }
    let measures = AccountMeasures(snapshot, marks: marks, books: nil)
    return LimitWatch.breaches(of: config.globalLimits, by: measures).first.map {
      "\($0.rule): \($0.text)"
    }
  }

  /// Reserves what the account has for the admitted entries.
  private mutating func reserve(
    _ judged: AdmissionResult, _ moment: inout PipelineMoment
  ) -> ([ReservedOrder], [RefusedWish]) {
    let wishes = judged.entries.compactMap { entry -> OpenWish? in
      guard case .open(let approved) = entry.action else { return nil }
      return OpenWish(trader: spec.id, priority: 0, index: entry.index, wish: approved.request)
    }
    guard !wishes.isEmpty, let snapshot = account(&moment) else { return ([], []) }
    let fee = venue.config.fees.taker
    var holders: [Coin: [TraderID: PositionSide]] = [:]
    for position in ledger.positions { holders[position.coin] = [spec.id: position.side] }
    let resolution = Conflicts.resolve(
      wishes,
      on: SharedAccount(
        account: spec.account, free: snapshot.free, takerFee: fee, holders: holders, outside: []),
      under: config.conflicts)
    let state = AccountState(
      snapshot, marks: moment.marks(), takerFee: fee, limits: config.globalLimits)
    let sequence = Reservation.reserve(resolution.orders, in: state)
    return (sequence.orders, resolution.refused + sequence.refused)
  }

  /// Books what the venue did: money and funding before fills of the same instant.
  mutating func book(_ change: SimChange) {
    books = change.account
    bands = nil
    var payments = change.funding[...]
    for fill in change.fills {
      while let payment = payments.first, payment.at <= fill.at {
        ledger.book(payment)
        payments = payments.dropFirst()
      }
      book(fill)
    }
    for payment in payments { ledger.book(payment) }
    for (index, coin) in spec.coins.enumerated() {
      let size = books.size(of: coin).mantissa
      outlook.held[index] = size == 0 ? 0 : size > 0 ? 1 : -1
      outlook.wasClosed[index] = lastCloses[coin] != nil
    }
  }

  private mutating func book(_ fill: Fill) {
    let claim =
      fill.clientOrderID.flatMap { claims[$0] } ?? ledger.position(in: fill.coin)?.claim
      ?? EntryClaim(
        cycle: CycleNumber(0), leverage: 1, confidence: nil, riskUSD: .zero,
        exitPlan: ExitPlan(stop: nil, target: nil))
    for event in ledger.book(fill, claim: claim, nextPosition: &nextPosition) {
      switch event {
      case .opened: recentOpens.append(fill.at)
      case .changed: break
      case .closed(let trade):
        lastCloses[fill.coin] = fill.at
        totals.fold(trade)
        result.trades.append(trade)
      }
    }
    result.volume += fill.notional
    result.fills += 1
  }

  /// Drops what no rule looks at any more.
  mutating func tidy(at now: Timestamp) {
    if let first = recentOpens.first, first <= now - .hour {
      recentOpens.removeAll { $0 <= now - .hour }
    }
    if claims.count > 64 { claims = [:] }
  }

  /// Ends what is open at the last prices, and values the last cycle anew.
  mutating func closeAll(
    _ moment: inout PipelineMoment, _ tape: PipelineTape, on lastPrice: SimVenue
  ) {
    let planner = planner(moment.cycle)
    let marks = moment.marks()
    var quotes: [Coin: Quote] = [:]
    for (coin, mark) in marks {
      quotes[coin] = Quote(coin: coin, asOf: moment.now, mid: mark, mark: mark, oracle: mark)
    }
    var change = SimChange(account: books)
    for position in ledger.positions {
      guard let row = tape.coins.firstIndex(of: position.coin), let mid = marks[position.coin],
        let planned = planner.flatten(position, mid: mid, instrument: tape.instruments[row]),
        let id = BacktestPass.orderID(change.account.nextOrderID)
      else { continue }
      lastPrice.submit(
        OrderIntent(
          request: planned.request(id, account: books.id), run: RunNumber(1),
          decidedAt: moment.now, decisionMid: mid, expiresAt: moment.now, nonce: 0, claim: nil),
        to: &change, quotes: quotes, at: moment.now)
    }
    book(change)
    result.equity.removeLast()
    record(moment.cycle, tape)
  }
}
