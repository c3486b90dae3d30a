import Exchanges
import Journal
import Manager
import Trading

/// How orders get their outcomes when the answer is lost: by ``OrderSettlement``, in the run that
/// sent them and in later ones.
extension Cycle {
  /// What became of an order of an earlier run.
  ///
  /// One that provably never arrived is sent again while it has not expired, byte for byte the
  /// same, unless nobody wants it any more.
  func outcome(ofEarlier intent: OrderIntent, _ work: inout CycleWork) async -> OrderOutcome {
    let request = intent.request
    // The record knows the venue of a trader that has left the configuration, too.
    guard
      let exchange = work.state.traders[request.trader].flatMap({ ports.exchanges[$0.exchange] })
    else { return .unknown("its exchange is no longer configured") }
    let (evidence, asked) = await evidence(on: intent, at: exchange, work)
    let refusal = refusalToRepeat(intent, work)
    let step = OrderSettlement.step(
      expiresAt: intent.expiresAt, evidence: evidence, now: asked,
      mayRepeat: refusal == nil, rules: exchange.settlement)
    switch step {
    case .settled(let outcome): return outcome
    case .repeatRequest:
      let again = RiskGate.reapprove(recorded: intent)
      let answer = await repeated(again, at: exchange, work)
      return await settled([again], [answer], at: exchange, &work).first ?? .unknown("no answer")
    case .wait(let cause):
      // At a venue that knows at once whether it has an order, what is absent never arrives.
      if evidence == .absent, exchange.settlement == .immediate, let refusal {
        return .rejected("never reached the venue and is not sent again: \(refusal)")
      }
      return .unknown(cause)
    }
  }

  /// The same outcomes, those that are not known looked up for as long as the venue's patience and
  /// the run's deadline allow.
  ///
  /// Within its life an order that the venue does not have is sent once more, byte for byte.
  func settled(
    _ orders: [RiskApproved<OrderIntent>], _ answers: [OrderOutcome], at exchange: any Exchange,
    _ work: inout CycleWork
  ) async -> [OrderOutcome] {
    var outcomes = answers
    let began = ports.clock.monotonicMs()
    // A venue that is down is waited for once in a run, not once for each batch.
    let end = min(began + Double(exchange.settlement.patience.ms) - work.waitedMs, work.deadlineMs)
    guard began < end else { return outcomes }
    defer { work.waitedMs += ports.clock.monotonicMs() - began }
    var repeatedOnes: Set<Int> = []
    var wait = Self.firstWait
    while outcomes.contains(where: { !$0.isSettled }) {
      for index in outcomes.indices where !outcomes[index].isSettled {
        let intent = orders[index].request
        guard ports.clock.monotonicMs() < work.deadlineMs else { return outcomes }
        let (evidence, asked) = await evidence(on: intent, at: exchange, work)
        let step = OrderSettlement.step(
          expiresAt: intent.expiresAt, evidence: evidence, now: asked,
          mayRepeat: !repeatedOnes.contains(index), rules: exchange.settlement)
        switch step {
        case .settled(let outcome): outcomes[index] = outcome
        case .wait: break
        case .repeatRequest:
          repeatedOnes.insert(index)
          outcomes[index] = await repeated(orders[index], at: exchange, work)
        }
      }
      guard outcomes.contains(where: { !$0.isSettled }),
        ports.clock.monotonicMs() + Double(wait.ms) < end, !Task.isCancelled
      else { break }
      await ports.pause(wait)
      wait = min(wait * 2, Self.longestWait)
    }
    return outcomes
  }

  /// Sends an order again, byte for byte.
  ///
  /// At a real venue a refusal of the repetition (expired, number used) says nothing of the first
  /// one, which may have been carried out meanwhile.
  private func repeated(
    _ order: RiskApproved<OrderIntent>, at exchange: any Exchange, _ work: CycleWork
  ) async -> OrderOutcome {
    let answer = await exchange.submit([order], at: work.now).first ?? .unknown("no answer")
    guard case .rejected(let reason) = answer, !exchange.isSimulated else { return answer }
    if case .found(let outcome) = await evidence(on: order.request, at: exchange, work).found {
      return outcome
    }
    return .unknown("sent again and refused: \(reason)")
  }

  private static let firstWait = Span(ms: 100)
  private static let longestWait = Span.seconds(3)

  /// What the venue says of an order, and its time when it was asked, not when it had answered:
  /// an order that came in between is not absent.
  private func evidence(
    on intent: OrderIntent, at exchange: any Exchange, _ work: CycleWork
  ) async -> (found: OrderEvidence, asked: Timestamp) {
    let asked = exchange.time(inCycleOf: work.now)
    do throws(ExchangeError) {
      let found = try await exchange.lookUp(
        intent.request.clientOrderID, of: intent.request.account, at: work.now)
      // A clock that was corrected meanwhile proves nothing.
      let time = min(asked, exchange.time(inCycleOf: work.now))
      switch found {
      case .found(let outcome): return (.found(outcome), time)
      case .absent: return (.absent, time)
      }
    } catch {
      return (.unavailable(error.description), asked)
    }
  }

  /// Why an order of an earlier run must not be sent again; `nil` = it may.
  private func refusalToRepeat(_ intent: OrderIntent, _ work: CycleWork) -> String? {
    let request = intent.request
    // Meanwhile a stop may have ended the position, and this would end another trader's.
    let isElses =
      work.isShared(request.account)
      || work.state.accounts[request.account]?.outside[request.coin] != nil
    if request.reduceOnly, isElses { return "a reduction is decided anew" }
    return bar(of: intent, work)
  }

  /// Why an entry that never arrived must not be sent any more; `nil` = it may.
  ///
  /// Its trader may have been taken out since it was decided.
  private func bar(of intent: OrderIntent, _ work: CycleWork) -> String? {
    guard !intent.request.reduceOnly else { return nil }
    let traders =
      intent.shares.isEmpty ? [intent.request.trader] : intent.shares.map(\.trader)
    for trader in traders {
      guard specs[trader] != nil else { return "\(trader) is no longer configured" }
      let runtime = work.record(of: trader).runtime
      guard runtime.removedAt == nil else { return "\(trader) was removed" }
      guard runtime.status == .running else {
        return "\(trader) is \(runtime.status.rawValue)"
      }
      if let fired = work.state.killSwitches.first(where: {
        $0.stops(trader, on: intent.request.account)
      }) {
        return "kill switch \(fired.number) holds"
      }
    }
    return nil
  }
}

/// What a venue takes a moment to report.
extension Cycle {
  /// Asks again for accounts that do not show yet all that the answers to their orders said: fills,
  /// without which a new position would have no owner, and resting orders.
  ///
  /// An order that rests by its answer and is nowhere to be seen is looked up; until it is known to
  /// be gone nothing is sent in its place.
  func awaitReport(of accounts: [AccountID], _ work: inout CycleWork) async throws {
    for account in accounts {
      guard let exchange = venue(of: account, work), !exchange.isSimulated else { continue }
      var wait = Self.firstWait
      while !unseen(on: account, work).isEmpty, wait < Self.longestWait,
        ports.clock.monotonicMs() + Double(wait.ms) < work.deadlineMs
      {
        await ports.pause(wait)
        wait = wait * 2
        try await refresh([account], &work)
      }
      for var intent in unseen(on: account, work) {
        switch await evidence(on: intent, at: exchange, work).found {
        case .found(let outcome) where outcome.label == "rejected":
          intent.outcome = outcome
          note(intent, in: &work)
          work.told[intent.request.clientOrderID] = outcome
        case .found, .absent, .unavailable: work.bar(intent.request)
        }
      }
    }
  }

  /// Orders of this cycle whose answers told of more than the account shows, by id.
  private func unseen(on account: AccountID, _ work: CycleWork) -> [OrderIntent] {
    let resting = Set((work.accounts[account]?.orders ?? []).compactMap(\.clientOrderID))
    return work.sent.values.filter { intent in
      let id = intent.request.clientOrderID
      let booked = work.booked[id]?.size ?? .zero
      guard intent.request.account == account else { return false }
      switch work.told[id] {
      case .filled(let size, _, _, _): return booked < size
      case .resting: return booked == .zero && !resting.contains(id) && !work.cancelled.contains(id)
      case .rejected, .unknown, nil: return false
      }
    }.sorted { $0.request.clientOrderID < $1.request.clientOrderID }
  }
}
