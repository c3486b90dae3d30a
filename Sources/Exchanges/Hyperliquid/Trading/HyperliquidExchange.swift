import Synchronization
package import Trading

/// One account at Hyperliquid as the pipeline sees it.
///
/// Whatever is sent is on record before: the bytes of an order with its intent, numbers and what
/// rests with the memory. Each call sends an order at most once; only structured answers of the
/// venue are refusals, everything else is unknown until it is looked up.
package final class HyperliquidExchange: Exchange {
  /// How the account is reached.
  package let access: HyperliquidAccess
  let info: HyperliquidInfo
  let wire: HyperliquidWire
  let clock: VenueClock
  let nonces: NonceSequence
  let memory: HyperliquidMemory
  let signer: ActionSigner?
  let course = Mutex(TradingCourse())
  private let sharedUniverse: @Sendable () -> VenueUniverse?

  /// An account.
  ///
  /// - Parameters:
  ///   - access: How it is reached.
  ///   - info: Where its books are read.
  ///   - wire: Where its orders go; nothing goes there in a dry run.
  ///   - clock: The venue's time, learned by `info` and `wire`.
  ///   - nonces: The numbers of everything the key signs.
  ///   - memory: What is kept between runs.
  ///   - universe: What another part of the process has read of the market already, to save a
  ///     request; `nil` = nothing yet.
  package init(
    access: HyperliquidAccess, info: HyperliquidInfo, wire: HyperliquidWire, clock: VenueClock,
    nonces: NonceSequence, memory: HyperliquidMemory,
    universe: @escaping @Sendable () -> VenueUniverse? = { nil }
  ) {
    self.access = access
    self.info = info
    self.wire = wire
    self.clock = clock
    self.nonces = nonces
    self.memory = memory
    sharedUniverse = universe
    signer = access.key.map {
      ActionSigner(key: $0, network: access.network, vault: access.vault)
    }
  }

  /// Never: even the test network keeps its own time.
  package var isSimulated: Bool { false }

  /// The venue's clock as the `Date` of its answers tells it.
  package func time(inCycleOf now: Timestamp) -> Timestamp { clock.now }

  /// The same bytes are carried out at most once, and expire.
  package var settlement: SettlementRules {
    SettlementRules(grace: .seconds(5), isRepeatable: true, patience: access.patience)
  }

  /// Fills, funding and transfers may show up that late.
  package var reportDelay: Span { .minutes(10) }

  /// What the account pays, as it told within the last day.
  package func fees(for account: AccountID) async throws(ExchangeError) -> FeeSchedule {
    try own(account)
    let standing = try await anyStanding(at: clock.now)
    return FeeSchedule(taker: standing.takerFee, maker: standing.makerFee)
  }

  /// Makes sure that the venue knows the account, that it holds something, and that its equity is
  /// where it is looked for; nothing is opened or deposited.
  package func ensureAccount(
    _ account: AccountID, deposit: USD, at now: Timestamp
  ) async throws(ExchangeError) {
    try own(account)
    guard !course.withLock({ $0.isEnsured }) else { return }
    try await refuseUnsupportedMode(at: now)
    let state = try await state("opening the account")
    guard state.equity != .zero || state.rawUSD != .zero || !state.positions.isEmpty else {
      throw refused(
        "opening the account",
        "\(access.queryAddress) holds nothing for perpetuals on \(access.network.rawValue). "
          + "Check main_address (it must be the account, not the agent) and network, or deposit "
          + "USDC and move it to the perpetuals account")
    }
    course.withLock { $0.isEnsured = true }
  }

  /// Nothing to catch up: the venue does so by itself.
  package func catchUp(_ accounts: [AccountID], to now: Timestamp) async throws(ExchangeError) {}

  /// What the account is worth now.
  package func funds(
    of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError) -> USD? {
    try own(account)
    try await refuseUnsupportedMode(at: now)
    return try await state("funds").equityAtMarks
  }

  /// Never: the keys that trade cannot.
  package var movesMoney: Bool { false }

  /// Refuses: an agent's key cannot move money.
  package func transfer(
    _ transfers: [AccountTransfer], at now: Timestamp
  ) async throws(ExchangeError) {
    throw .notMoved(
      exchange: name, cause: "an agent's key cannot; move it by hand, the next run books it")
  }
}

extension HyperliquidExchange {
  /// What it calls itself in errors.
  var name: String { access.id.name }

  /// Refuses every other account.
  func own(_ account: AccountID) throws(ExchangeError) {
    guard account == access.account else {
      throw .noSuchAccount(exchange: name, account: account)
    }
  }

  /// The account as the venue shows it.
  func state(_ operation: String) async throws(ExchangeError) -> VenueAccount {
    try await asking(operation) { () async throws(InfoError) in
      try await info.clearinghouseState(access.queryAddress)
    }
  }

  /// The universe of this process, read when there is none yet.
  func learnedUniverse() async throws(ExchangeError) -> VenueUniverse {
    if let known = knownUniverse { return known }
    let read = try await asking("the list of assets") { () async throws(InfoError) in
      try await info.meta()
    }
    course.withLock { $0.universe = read }
    return read
  }

  /// The universe of this process; `nil` before it was read.
  var knownUniverse: VenueUniverse? {
    if let known = course.withLock({ $0.universe }) { return known }
    guard let shared = sharedUniverse() else { return nil }
    course.withLock { $0.universe = shared }
    return shared
  }

  /// Asks the venue, with its errors as the pipeline knows them.
  func asking<Value>(
    _ operation: String, _ work: () async throws(InfoError) -> Value
  ) async throws(ExchangeError) -> Value {
    do throws(InfoError) {
      return try await work()
    } catch {
      switch error {
      case .unreachable(let request, let cause), .overBudget(let request, let cause):
        throw .unreachable(exchange: name, operation: "\(operation) (\(request))", cause: cause)
      case .unreadable(let request, let cause):
        throw .unreadable(exchange: name, operation: "\(operation) (\(request))", cause: cause)
      }
    }
  }

  /// Reads or writes our own records.
  func remembering<Value>(
    _ operation: String, _ work: () throws -> Value
  ) throws(ExchangeError) -> Value {
    do {
      return try work()
    } catch {
      throw .storage(exchange: name, operation: operation, cause: "\(error)")
    }
  }

  func refused(_ operation: String, _ cause: String) -> ExchangeError {
    .refused(exchange: name, operation: operation, cause: cause)
  }
}
