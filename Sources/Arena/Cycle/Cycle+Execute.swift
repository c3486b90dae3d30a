import Exchanges
import Journal
import Manager
import Market
import Trading

extension Cycle {
  /// Writes down every order of the plan before any of them is sent.
  ///
  /// Without orders nothing needs to be on disk yet, and the plan is committed with the record.
  func commitPlan(_ work: inout CycleWork) throws {
    work.changes.turns = work.turns.compactMap { work.turnRecords[$0.trader] }
    guard !work.orders.isEmpty else { return }
    try putOnRecord(work.orders, &work)
  }

  /// Writes intents down before they are sent.
  func putOnRecord(
    _ orders: [RiskApproved<OrderIntent>], _ work: inout CycleWork
  ) throws {
    stage(&work)
    for order in orders { note(order.request, in: &work) }
    try commit(&work)
  }

  /// Puts the records that changed since they were written, and the counters, into the next
  /// transaction.
  func stage(_ work: inout CycleWork) {
    work.changes.traders = work.state.traders.values
      .filter { work.saved[$0.ledger.trader] != $0 }
      .sorted { $0.ledger.trader < $1.ledger.trader }
    work.changes.recorded = work.saved
    work.changes.accounts = work.state.accounts.values
      .filter { work.savedAccounts[$0.account] != $0 }.sorted { $0.account < $1.account }
    work.changes.nextNonce = ports.nonceHead
    work.changes.nextPosition = work.state.nextPosition
  }

  /// Sends the plan: reductions first, then opens, then books what they did.
  func execute(_ work: inout CycleWork) async throws {
    guard !work.orders.isEmpty else { return }
    let reductions = work.orders.filter(\.request.request.reduceOnly)
    let opens = work.orders.filter { !$0.request.request.reduceOnly }
    try await send(reductions + opens, &work)
  }

  /// Sends approved orders that are on record, notes their outcomes, and books their fills.
  func send(_ orders: [RiskApproved<OrderIntent>], _ work: inout CycleWork) async throws {
    guard !orders.isEmpty else { return }
    var touched: Set<AccountID> = []
    let venues = Set(orders.map { venue(of: $0.request, work) }).sorted()
    for venue in venues {
      guard let exchange = ports.exchanges[venue] else { continue }
      let batch = orders.filter { self.venue(of: $0.request, work) == venue }
      guard !isDry(exchange) else {
        withhold(batch.map(\.request), &work)
        continue
      }
      let outcomes = await outcomes(of: batch, at: exchange, &work)
      for (order, outcome) in zip(batch, outcomes) {
        var intent = order.request
        intent.outcome = outcome
        note(intent, in: &work)
        judge(intent, outcome, &work)
        touched.insert(intent.request.account)
      }
    }
    try await refresh(touched.sorted(), &work)
    try await awaitReport(of: touched.sorted(), &work)
  }

  /// Sends a batch and settles what can be settled now.
  ///
  /// To a real venue orders go one by one: once it does not answer, or the run is out of time, the
  /// rest is not sent, and is decided anew in the next run.
  private func outcomes(
    of batch: [RiskApproved<OrderIntent>], at exchange: any Exchange, _ work: inout CycleWork
  ) async -> [OrderOutcome] {
    guard !exchange.isSimulated else { return await exchange.submit(batch, at: work.now) }
    var outcomes: [OrderOutcome] = []
    var obstacle: String?
    for order in batch {
      if ports.clock.monotonicMs() >= work.deadlineMs { obstacle = "the run is out of time" }
      if let obstacle {
        outcomes.append(.rejected("not sent: \(obstacle)"))
        continue
      }
      let answers = await exchange.submit([order], at: work.now)
      let outcome = await settled([order], answers, at: exchange, &work).first
      outcomes.append(outcome ?? .unknown("no answer"))
      if outcome?.isSettled != true { obstacle = "the venue does not answer" }
    }
    return outcomes
  }

  /// Whether nothing may be sent to a venue: a dry run that would move real money.
  func isDry(_ exchange: any Exchange) -> Bool { options.isDryRun && !exchange.isSimulated }

  /// Keeps orders that a dry run does not send, to show them.
  private func withhold(_ intents: [OrderIntent], _ work: inout CycleWork) {
    for var intent in intents {
      intent.outcome = .rejected("dry run: not sent")
      note(intent, in: &work)
      work.withheld.append(intent)
    }
  }

  private func venue(of intent: OrderIntent, _ work: CycleWork) -> ProviderID {
    work.record(of: intent.request.trader).exchange
  }

  private func judge(_ intent: OrderIntent, _ outcome: OrderOutcome, _ work: inout CycleWork) {
    let request = intent.request
    work.told[request.clientOrderID] = outcome
    let concerned = intent.shares.isEmpty ? [request.trader] : intent.shares.map(\.trader)
    let words =
      "\(request.purpose.rawValue) \(request.side.rawValue) \(request.size) "
      + "\(request.coin)"
    switch outcome {
    case .filled(let size, _, _, _):
      if size < request.size {
        trouble("\(words): only \(size) filled, the book was too thin", concerned, &work)
      }
    case .resting: break
    case .rejected(let reason):
      trouble("\(words) refused: \(reason)", concerned, &work)
    case .unknown(let cause):
      work.bar(request)
      trouble("\(words): outcome unknown (\(cause))", concerned, &work)
      work.alert(
        "unknown_outcome.\(request.clientOrderID)", .high, trader: request.trader,
        "the outcome of \(words) for \(request.trader) is not known: \(cause). "
          + "\(request.coin) is barred from opens; the next run looks the order up.")
    }
  }

  private func trouble(_ text: String, _ traders: [TraderID], _ work: inout CycleWork) {
    for trader in traders { work.troubles[trader, default: []].append(text) }
  }

  /// The longest an order may be on its way: what arrives later was decided on other prices.
  private static let longestExpiry = Span.minute

  /// Makes the intent of a planned order, with its derived id and the next send number.
  func intent(
    for planned: PlannedOrder, account: AccountID, shares: [OrderShare] = [],
    _ work: inout CycleWork
  ) -> OrderIntent {
    let digest = SHA256Digest.bytes(of: Array(planned.identity.text.utf8))
    guard let id = ClientOrderID(digest: digest) else {
      preconditionFailure("expected a digest of 32 bytes, was \(digest.count)")
    }
    let request = planned.request(id, account: account)
    let key = GenerationKey(
      trader: request.trader, coin: request.coin, purpose: request.purpose)
    work.generations[key, default: 0] += 1
    let exchange = ports.exchanges[work.record(of: request.trader).exchange]
    let time = exchange?.time(inCycleOf: work.now) ?? work.now
    var intent = OrderIntent(
      request: request, run: work.run, decidedAt: work.now, decisionMid: planned.decisionMid,
      expiresAt: time
        + (exchange?.isSimulated == false
          ? min(config.run.orderExpiry, Self.longestExpiry) : config.run.orderExpiry),
      // A real venue wants numbers that are times.
      nonce: ports.nextNonce(at: exchange?.isSimulated == false ? time : nil),
      claim: planned.claim, shares: shares)
    intent.signedRequest = exchange?.seal(intent)
    work.sent[id] = intent
    work.owners[id] = request.trader
    return intent
  }
}
