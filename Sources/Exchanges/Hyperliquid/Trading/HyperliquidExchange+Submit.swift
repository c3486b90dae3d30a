import Synchronization
package import Trading

/// Sending orders, each at most once a call.
extension HyperliquidExchange {
  /// Sends orders one after the other; before one that opens, the leverage is set where it may
  /// differ.
  ///
  /// `at` is the time of the cycle: an order decided in an earlier one may have been sent before,
  /// and is then never said to be rejected because this time it was not sent.
  package func submit(
    _ orders: [RiskApproved<OrderIntent>], at now: Timestamp
  ) async -> [OrderOutcome] {
    var outcomes: [OrderOutcome] = []
    for order in orders { outcomes.append(await send(order.request, at: now)) }
    return outcomes
  }

  private func send(_ intent: OrderIntent, at now: Timestamp) async -> OrderOutcome {
    let id = intent.request.clientOrderID
    let isRepeated =
      intent.outcome != nil || intent.decidedAt != now
      || course.withLock { $0.sent.contains(id) }
    func unsent(_ reason: String) -> OrderOutcome {
      isRepeated ? .unknown("\(reason); it may have been sent before") : .rejected(reason)
    }
    guard !access.isDry else { return unsent("dry run: not sent") }
    guard intent.request.account == access.account else {
      return .rejected("\(name) has no account \(intent.request.account)")
    }
    guard let body = intent.signedRequest else {
      return .rejected("could not be signed: \(reasonUnsealed(intent.request))")
    }
    do throws(ExchangeError) {
      if !intent.request.reduceOnly { try await setLeverage(for: intent.request) }
      try doubtResting()
    } catch {
      return unsent("not sent: \(error)")
    }
    course.withLock { course in
      course.sent.insert(id)
      course.coins[id] = intent.request.coin
    }
    switch await wire.send(body) {
    case .statuses(let words): return await outcome(of: words, for: intent)
    case .refused(let reason):
      let refusal = VenueRefusal(reason)
      if refusal.doubtsStanding { doubtStanding() }
      // Refused may be the repetition alone, by a check that comes before that of the number.
      guard isRepeated || refusal.mayHaveBeenDone else { return .rejected(reason) }
      return await lookedUp(intent, reason)
    case .done: return await lookedUp(intent, "the venue told nothing of the order")
    case .duplicateNonce: return await lookedUp(intent, "the venue has had these bytes before")
    case .notSent(let reason): return unsent("not sent: \(reason)")
    case .unknown(let reason): return .unknown(reason)
    }
  }

  private func outcome(
    of words: [OrderStatusWord], for intent: OrderIntent
  ) async -> OrderOutcome {
    guard let word = words.first, words.count == 1 else {
      return await lookedUp(intent, "expected one status for one order, was \(words.count)")
    }
    switch word {
    case .filled(let size, let price, let number):
      course.withLock { _ = $0.toldFilled.insert(number) }
      return .filled(size: size, averagePrice: price, fee: nil, orderID: number)
    case .resting(let number):
      course.withLock { _ = $0.toldResting.insert(number) }
      return .resting(orderID: number)
    case .waiting, .success: return await lookedUp(intent, "the venue has it and told no number")
    case .error(let reason): return .rejected(reason)
    }
  }

  /// What became of an order that the venue may have; unknown, for the reason given, when it
  /// cannot be found now.
  private func lookedUp(_ intent: OrderIntent, _ reason: String) async -> OrderOutcome {
    do throws(ExchangeError) {
      let request = intent.request
      switch try await lookUp(request.clientOrderID, of: request.account, at: clock.now) {
      case .found(let outcome): return outcome
      case .absent: return .unknown(reason)
      }
    } catch {
      return .unknown("\(reason); \(error)")
    }
  }

  /// Sets the leverage of a coin unless it is certain to be the one wanted.
  ///
  /// - Throws: When it is not certain that it is set; the order must not be sent then.
  private func setLeverage(for request: OrderRequest) async throws(ExchangeError) {
    let operation = "leverage \(request.leverage) for \(request.coin)"
    let (account, coin) = (request.account, request.coin)
    let present = try remembering(operation) { try memory.leverage(account, coin) }
    let isSure = course.withLock { $0.sureLeverage.contains(coin) }
    guard !isSure || present != request.leverage else { return }
    guard let asset = try await learnedUniverse()[coin] else {
      throw refused(operation, "the venue has no coin \(coin)")
    }
    let action = VenueAction.updateLeverage(
      asset: asset.index, isCross: !asset.onlyIsolated, leverage: request.leverage)
    try remembering(operation) { try memory.keepLeverage(account, coin, nil) }
    switch try await perform(action, operation) {
    case .done, .statuses([.success]):
      try remembering(operation) {
        try memory.keepLeverage(account, coin, request.leverage)
      }
      course.withLock { _ = $0.sureLeverage.insert(coin) }
    case .refused(let reason):
      if VenueRefusal(reason).doubtsStanding { doubtStanding() }
      throw refused(operation, reason)
    case .statuses(let words):
      throw refused(operation, "expected it to be done, was \(words)")
    case .duplicateNonce, .notSent, .unknown:
      throw .unreachable(
        exchange: name, operation: operation, cause: "the leverage may not have been set")
    }
  }

  /// Signs an action under a number of its own, which is on disk before, and sends it once.
  func perform(
    _ action: VenueAction, _ operation: String
  ) async throws(ExchangeError) -> ExchangeAnswer {
    guard let signer else {
      throw refused(operation, "there is no key for account \(access.account)")
    }
    let now = clock.now
    let nonce = nonces.next(at: now)
    try remembering(operation) { try memory.keepNonce(nonce + 1) }
    return await wire.send(
      signer.request(action, nonce: nonce, expiresAt: now + Self.actionLifetime))
  }

  /// How long an action that is no order may be on its way.
  static let actionLifetime = Span.seconds(20)
}
