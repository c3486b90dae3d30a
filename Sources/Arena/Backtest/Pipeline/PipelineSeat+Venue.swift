import Exchanges
import Manager
import Market
import Trading

extension PipelineSeat {
  /// Brings its account up to a cycle: funding, stops and targets, liquidation; and books it.
  mutating func catchUp(to cycle: Int, _ tape: PipelineTape) {
    guard !books.positions.isEmpty || !books.resting.isEmpty else { return }
    let now = tape.time(of: cycle)
    if let bands = bands ?? found(at: cycle - 1, tape), isQuiet(cycle, bands, tape) {
      self.bands = bands
      books.caughtUpTo = now
      return
    }
    bands = nil
    var replays: [Coin: MarketReplay] = [:]
    for (row, coin) in tape.coins.enumerated()
    where books.positions[coin] != nil || books.resting.contains(where: { $0.request.coin == coin })
    {
      replays[coin] = tape.replay(row, after: books.caughtUpTo, through: now)
    }
    let before = cycle > 0 ? tape.marks(at: cycle - 1, of: books.positions.keys) : [:]
    var replay = SimReplay(
      of: books, on: venue, market: replays, prices: before, through: now)
    replay.run()
    let hasChanged = !replay.change.fills.isEmpty || !replay.change.orders.isEmpty
    book(replay.change)
    needsProtection = needsProtection || hasChanged
  }

  private func found(at cycle: Int, _ tape: PipelineTape) -> [Band]? {
    guard cycle >= 0 else { return nil }
    let quiet = SimReplay.quietBands(
      of: books, on: venue,
      prices: tape.marks(at: cycle, of: books.positions.keys))
    return quiet.compactMap { coin, low, high in
      tape.coins.firstIndex(of: coin).map {
        Band(row: $0, low: low, high: high, isHeld: books.positions[coin] != nil)
      }
    }
  }

  private func isQuiet(_ cycle: Int, _ bands: [Band], _ tape: PipelineTape) -> Bool {
    for band in bands {
      let course = tape.courses[band.row]
      if course.lows[cycle] <= band.low || course.highs[cycle] >= band.high { return false }
      if band.isHeld && course.hasFunding[cycle] { return false }
    }
    return true
  }

  /// Raises the best gain of its positions, as far as a rule looks at it.
  mutating func observePeaks(_ cycle: Int, _ tape: PipelineTape) {
    guard spec.guards.giveback != nil, cycle > 0 else { return }
    for position in ledger.positions {
      guard let row = tape.coins.firstIndex(of: position.coin) else { continue }
      let course = tape.courses[row]
      if position.openedAt <= tape.time(of: cycle - 1) {
        let best = position.side == .long ? course.highs[cycle] : course.lows[cycle]
        if let price = Price(mantissa: best) { ledger.observe(price, for: position.coin) }
      }
      if let mark = Price(mantissa: course.prices[cycle]) {
        ledger.observe(mark, for: position.coin)
      }
    }
  }

  /// Whether a rule may end its positions before it is asked.
  var mayBeReduced: Bool {
    !ledger.positions.isEmpty
      && (spec.guards.giveback != nil
        || runtime.status == .isolated && config.isolation.closesPositions)
  }

  /// Ends positions that gave back too much of their gain, and all of a trader that is taken out
  /// where the configuration says so.
  mutating func reduce(_ moment: inout PipelineMoment, _ tape: PipelineTape) throws {
    let isOut = runtime.status == .isolated && config.isolation.closesPositions
    var ended: [Position] = []
    for position in ledger.positions {
      guard let row = tape.coins.firstIndex(of: position.coin),
        let mark = Price(mantissa: tape.courses[row].prices[moment.cycle])
      else { continue }
      let gives = spec.guards.giveback.flatMap { Giveback.reason(position, mark: mark, rule: $0) }
      if isOut || gives != nil { ended.append(position) }
    }
    guard !ended.isEmpty else { return }
    send(ended.compactMap { flattening($0, &moment, tape) }, &moment, tape)
  }

  /// The order that ends a position.
  private func flattening(
    _ position: Position, _ moment: inout PipelineMoment, _ tape: PipelineTape
  ) -> PlannedOrder? {
    guard let row = tape.coins.firstIndex(of: position.coin),
      let mid = moment.marks()[position.coin]
    else { return nil }
    return planner(moment.cycle).flatten(
      position, size: position.size, mid: mid, instrument: tape.instruments[row], slippage: nil)
  }

  /// The planner of its orders in a cycle.
  func planner(_ cycle: Int) -> OrderPlanner {
    OrderPlanner(
      arena: "", trader: spec, cycle: CycleNumber(Int64(cycle) + 1),
      takerFee: venue.config.fees.taker, nextGeneration: { _, _ in 0 })
  }

  /// Sends orders to the venue, in order, and books what they did.
  mutating func send(
    _ orders: [PlannedOrder], _ moment: inout PipelineMoment, _ tape: PipelineTape
  ) {
    guard !orders.isEmpty else { return }
    var quotes: [Coin: Quote] = [:]
    for coin in Set(orders.map(\.identity.coin)).union(books.positions.keys) {
      guard let mark = moment.marks()[coin] else { continue }
      quotes[coin] = Quote(coin: coin, asOf: moment.now, mid: mark, mark: mark, oracle: mark)
    }
    let opens = venue.config.fillAt == .nextOpen ? nextOpens(of: orders, moment.cycle, tape) : nil
    var change = SimChange(account: books)
    for planned in orders {
      guard let id = BacktestPass.orderID(change.account.nextOrderID) else {
        continue
      }
      claims[id] = planned.claim
      venue.submit(
        OrderIntent(
          request: planned.request(id, account: books.id), run: RunNumber(1),
          decidedAt: moment.now, decisionMid: planned.decisionMid, expiresAt: moment.now,
          nonce: change.account.nextOrderID, claim: planned.claim),
        to: &change, quotes: quotes, opens: opens, at: moment.now)
      // Positions that it opened are to be valued when the next one is judged.
      for coin in change.account.positions.keys where quotes[coin] == nil {
        guard let mark = moment.marks()[coin] else { continue }
        quotes[coin] = Quote(coin: coin, asOf: moment.now, mid: mark, mark: mark, oracle: mark)
      }
    }
    book(change)
    needsProtection = true
  }

  private func nextOpens(
    of orders: [PlannedOrder], _ cycle: Int, _ tape: PipelineTape
  ) -> [Coin: Price] {
    var opens: [Coin: Price] = [:]
    for coin in Set(orders.map(\.identity.coin)) {
      guard let row = tape.coins.firstIndex(of: coin) else { continue }
      opens[coin] = Price(mantissa: tape.courses[row].opens[cycle])
    }
    return opens
  }

  /// Makes what rests at the venue what its positions need, and ends what has no stop.
  mutating func protect(_ moment: inout PipelineMoment, _ tape: PipelineTape) {
    guard needsProtection else { return }
    let plan = protection(&moment, tape)
    let restingBefore = books.resting.count
    send(plan.place, &moment, tape)
    if books.resting.count == restingBefore + plan.place.count {
      // All that was wanted rests: what else there is to do is as it was.
      cancel(plan.cancel, awaiting: [], &moment)
    } else {
      let rest = protection(&moment, tape)
      cancel(rest.cancel, awaiting: rest.place, &moment)
    }
    let naked = self.naked(&moment)
    if !naked.isEmpty {
      send(naked.compactMap { flattening($0, &moment, tape) }, &moment, tape)
      let rest = protection(&moment, tape)
      cancel(rest.cancel, awaiting: rest.place, &moment)
    }
    bands = nil
    needsProtection = !naked.isEmpty && !self.naked(&moment).isEmpty
  }

  private mutating func resting(_ moment: inout PipelineMoment) -> [RestingOrder] {
    account(&moment)?.orders ?? []
  }

  private mutating func protection(
    _ moment: inout PipelineMoment, _ tape: PipelineTape
  ) -> ProtectionPlan {
    let planner = planner(moment.cycle)
    let marks = moment.marks()
    let desired = ledger.positions.flatMap { position -> [PlannedOrder] in
      guard let row = tape.coins.firstIndex(of: position.coin), let mark = marks[position.coin]
      else { return [] }
      return ProtectionPlan.desired(
        for: position, following: position.claim.exitPlan, instrument: tape.instruments[row],
        mark: mark, by: planner)
    }
    return ProtectionPlan.compare(desired, resting: resting(&moment))
  }

  /// Takes back what nothing needs any more; what is awaited anew stays until that rests.
  private mutating func cancel(
    _ ids: [ClientOrderID], awaiting: [PlannedOrder], _ moment: inout PipelineMoment
  ) {
    guard !ids.isEmpty else { return }
    let resting = resting(&moment)
    var change = SimChange(account: books)
    for id in ids {
      if let order = resting.first(where: { $0.clientOrderID == id }),
        let purpose = order.purpose, ledger.position(in: order.coin) != nil,
        awaiting.contains(where: {
          $0.identity.coin == order.coin && $0.identity.purpose == purpose
        })
      {
        continue
      }
      venue.cancel(id, in: &change)
    }
    books = change.account
  }

  /// The positions that need a stop and have none.
  private mutating func naked(_ moment: inout PipelineMoment) -> [Position] {
    let needing = ledger.positions.filter {
      $0.claim.exitPlan.stop != nil || spec.risk.needsStop
    }
    guard !needing.isEmpty else { return [] }
    let resting = resting(&moment)
    return needing.filter { position in
      !resting.contains {
        $0.coin == position.coin && $0.purpose == .stop && $0.reduceOnly
          && $0.size >= position.size && $0.side == position.side.closing
      }
    }
  }
}
