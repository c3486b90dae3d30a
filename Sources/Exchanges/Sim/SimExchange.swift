import Market
package import Trading

/// The simulated venue as the pipeline sees it: it catches up, answers and never forgets.
///
/// Every change is in the store before it is answered. When the store refuses, what is in memory is
/// thrown away, the orders concerned are answered `unknown`, and the next call begins from what the
/// store has.
///
/// Time never runs backwards: asked about an instant before the one the books are caught up to, it
/// reports the books and marks of that later instant, and refuses orders.
package actor SimExchange: Exchange {
  let name: String
  let config: SimConfig
  private let market: any MarketData
  let store: SimStore
  /// Books as the store has them; an account not yet asked about is absent.
  private var books: [AccountID: SimAccount] = [:]
  /// What the market said of late.
  private var seen = SeenMarket()
  /// Stretches without data that no report has told yet.
  private var gaps: [AccountID: [String]] = [:]

  /// How often a call begins anew because another one changed its account meanwhile.
  static let maxAttempts = 16

  /// A venue.
  ///
  /// - Parameters:
  ///   - name: What it calls itself in errors.
  ///   - config: Its rules.
  ///   - market: Where its prices come from; its quotes at the end of a candle must be the close
  ///     of that candle.
  ///   - store: Where its books are.
  package init(
    name: String = "sim", config: SimConfig, market: any MarketData, store: SimStore
  ) {
    self.name = name
    self.config = config
    self.market = market
    self.store = store
  }

  /// Always.
  nonisolated package var isSimulated: Bool { true }

  /// Forgets the books and prices it has seen; the store has the books.
  package func forget() async {
    books = [:]
    seen = SeenMarket()
    gaps = [:]
  }

  /// What it charges every account.
  package func fees(for account: AccountID) async throws(ExchangeError) -> FeeSchedule {
    config.fees
  }

  /// Opens an account with a deposit; one that exists is left as it is.
  package func ensureAccount(
    _ account: AccountID, deposit: USD, at now: Timestamp
  ) async throws(ExchangeError) {
    guard try load(account, operation: "opening the account") == nil else { return }
    let opened = SimAccount(id: account, rawUSD: deposit, caughtUpTo: now)
    let opening = AccountTransfer(id: .opening(account), account: account, at: now, amount: deposit)
    try save(
      [SimChange(account: opened, transfers: deposit == .zero ? [] : [opening])],
      operation: "opening the account")
  }

  /// The account after catching up, and what happened to it at or after `since`.
  package func report(
    on account: AccountID, since: Timestamp, knowing known: KnownBooks?, at now: Timestamp
  ) async throws(ExchangeError) -> AccountReport {
    for _ in 0..<Self.maxAttempts {
      let venue = try await catchUp(account, to: now)
      let before = try books(of: account, operation: "report")
      let instant = max(now, before.caughtUpTo)
      let marks = try await quotes(for: before.positions.keys.sorted(), at: instant)
        .mapValues(\.mark)
      guard try books(of: account, operation: "report") == before else { continue }
      guard let snapshot = venue.snapshot(of: before, marks: marks, at: instant) else {
        let missing = before.positions.keys.sorted().filter { marks[$0] == nil }
        throw noPrice(of: missing, at: instant)
      }
      let activity = try reading("report") { try store.activity(account, since) }
      return AccountReport(
        snapshot: snapshot, fills: activity.fills, funding: activity.funding,
        transfers: activity.transfers, gaps: gaps.removeValue(forKey: account) ?? [])
    }
    throw tooBusy([account])
  }

  /// Replays what happened on several accounts and writes it down at once.
  package func catchUp(
    _ accounts: [AccountID], to now: Timestamp
  ) async throws(ExchangeError) {
    try load(accounts)
    var behind = accounts
    while !behind.isEmpty {
      var courses: [CatchUp] = []
      for account in behind {
        guard try load(account, operation: "catching up") != nil else { continue }
        if let course = try await course(of: account, to: now).course { courses.append(course) }
      }
      // What changed in the meantime catches up by itself when it is next looked at.
      courses.removeAll { books[$0.before.id] != $0.before }
      try keep(courses)
      behind = courses.filter { $0.end < now }.map(\.before.id)
    }
  }

  /// Takes back resting orders; what no longer rests is left as it is.
  package func cancel(
    _ orders: [ClientOrderID], of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError) {
    let venue = try await catchUp(account, to: now)
    var change = SimChange(account: try books(of: account, operation: "cancel"))
    for order in orders { venue.cancel(order, in: &change) }
    guard !change.orders.isEmpty else { return }
    try save([change], operation: "cancel")
  }

  /// What became of an order, as the store has it.
  package func lookUp(
    _ order: ClientOrderID, of account: AccountID, at now: Timestamp
  ) async throws(ExchangeError) -> OrderLookup {
    _ = try books(of: account, operation: "look-up")
    let found = try reading("look-up") { try store.order(account, order) }
    return found.map { .found($0.outcome) } ?? .absent
  }

  /// Sends orders; the whole batch is saved at once before any answer.
  package func submit(
    _ orders: [RiskApproved<OrderIntent>], at now: Timestamp
  ) async -> [OrderOutcome] {
    var batch = SimBatch(intents: orders.map(\.request), name: name)
    for account in batch.accounts {
      do throws(ExchangeError) {
        _ = try await catchUp(account, to: now)
      } catch {
        batch.refuse(account, because: "\(error)", store: store)
      }
    }
    do throws(ExchangeError) {
      let venue = SimVenue(config: config, instruments: try await instruments())
      let quotes = try await quotes(judging: batch, at: now)
      for account in batch.accounts {
        batch.admit(try books(of: account, operation: "submit"), store: store, at: now)
      }
      let opens = try await nextOpens(judging: batch, at: now)
      batch.run(on: venue, store: store, quotes: quotes, opens: opens, at: now)
    } catch {
      for account in batch.accounts {
        batch.refuse(account, because: "\(error)", store: store)
      }
    }
    do throws(ExchangeError) {
      try save(batch.changes, operation: "submit")
      return batch.outcomes(losingEvery: config.loseAnswerEvery)
    } catch {
      return batch.outcomes(unsaved: "\(error)")
    }
  }
}

extension SimExchange {
  /// Replays what happened since the account was last looked at.
  ///
  /// - Returns: The venue as its market has it now.
  func catchUp(
    _ account: AccountID, to now: Timestamp
  ) async throws(ExchangeError) -> SimVenue {
    var attempts = 0
    while attempts < Self.maxAttempts {
      let (venue, course) = try await course(of: account, to: now)
      guard let course else { return venue }
      guard try books(of: account, operation: "catching up") == course.before else {
        attempts += 1
        continue
      }
      try keep([course])
      if course.end == now { return venue }
    }
    throw tooBusy([account])
  }

  /// What happened on one account since it was last looked at, not yet written down.
  private struct CatchUp {
    let before: SimAccount
    let change: SimChange
    let gaps: [String]
    /// Up to when it goes.
    let end: Timestamp
  }

  /// The longest time replayed, and written down, at once: it bounds memory after a long pause.
  private static let slice = Span.day * 7

  /// Replays an account for a slice of time without touching its books.
  ///
  /// No course when nothing happened up to `now`; a slice in which nothing happened is joined with
  /// the one after it.
  private func course(
    of account: AccountID, to now: Timestamp
  ) async throws(ExchangeError) -> (venue: SimVenue, course: CatchUp?) {
    let before = try books(of: account, operation: "catching up")
    let venue = SimVenue(config: config, instruments: try await instruments())
    let coins = before.liveCoins
    if let unknown = coins.first(where: { venue.instruments[$0] == nil }) {
      throw .noMarket(exchange: name, cause: "the market no longer has the coin \(unknown)")
    }
    guard before.caughtUpTo < now, !coins.isEmpty else { return (venue, nil) }
    let marks = try await quotes(
      for: before.positions.keys.sorted(), at: before.caughtUpTo
    ).mapValues(\.mark)
    var end = before.caughtUpTo
    while end < now {
      end = min(now, end + Self.slice)
      let replays = try await replay(of: coins, after: before.caughtUpTo, through: end)
      var replay = SimReplay(of: before, on: venue, market: replays, prices: marks, through: end)
      replay.run()
      guard replay.stepsDone > 0 else { continue }
      let found = coins.flatMap { replays[$0]?.gaps ?? [] }
      let course = CatchUp(before: before, change: replay.change, gaps: found, end: end)
      return (venue, course)
    }
    return (venue, nil)
  }

  /// Writes courses down, all or none.
  private func keep(_ courses: [CatchUp]) throws(ExchangeError) {
    try save(courses.map(\.change), operation: "catching up")
    for course in courses where !course.gaps.isEmpty {
      gaps[course.before.id, default: []] += course.gaps
    }
  }

  /// Why a call gives up on accounts that others keep changing.
  func tooBusy(_ accounts: [AccountID]) -> ExchangeError {
    .storage(
      exchange: name, operation: "catching up",
      cause: "account \(accounts.map(\.name).joined(separator: ", ")) was changed by others "
        + "\(Self.maxAttempts) times meanwhile")
  }

  // MARK: Market

  /// Why an account cannot be valued.
  func noPrice(of coins: [Coin], at instant: Timestamp) -> ExchangeError {
    .noMarket(
      exchange: name,
      cause: "no price at \(instant) for \(coins.map(\.name).joined(separator: ", "))")
  }

  func instruments() async throws(ExchangeError) -> [Coin: Instrument] {
    do throws(MarketDataError) {
      return try await market.instruments()
    } catch {
      throw .noMarket(exchange: name, cause: "\(error)")
    }
  }

  func quotes(
    for coins: [Coin], at now: Timestamp
  ) async throws(ExchangeError) -> [Coin: Quote] {
    let known = seen.quotes(of: coins, at: now)
    let unseen = coins.filter { !seen.asked(for: $0, at: now) }
    guard !unseen.isEmpty else { return known }
    do throws(MarketDataError) {
      let quotes = try await market.quotes(for: unseen, at: now)
      seen.keep(quotes, of: unseen, at: now)
      return known.merging(quotes) { _, new in new }
    } catch {
      throw .noMarket(exchange: name, cause: "\(error)")
    }
  }

  /// The prices that decide on orders: of their coins and of every position of their accounts, even
  /// one that another call opened while the market was asked.
  private func quotes(
    judging batch: SimBatch, at now: Timestamp
  ) async throws(ExchangeError) -> [Coin: Quote] {
    var quotes: [Coin: Quote] = [:]
    var asked: Set<Coin> = []
    while true {
      var unasked = Set(batch.intents.map(\.request.coin))
      for account in batch.accounts {
        unasked.formUnion(try books(of: account, operation: "submit").positions.keys)
      }
      unasked.subtract(asked)
      guard !unasked.isEmpty else { return quotes }
      let found = try await self.quotes(for: unasked.sorted(), at: now)
      quotes.merge(found) { _, new in new }
      asked.formUnion(unasked)
    }
  }

  /// The next opens of the coins of a batch; `nil` = orders fill at the prices of the instant.
  private func nextOpens(
    judging batch: SimBatch, at now: Timestamp
  ) async throws(ExchangeError) -> [Coin: Price]? {
    guard config.fillAt == .nextOpen else { return nil }
    let coins = Set(batch.intents.map(\.request.coin)).sorted()
    do throws(MarketDataError) {
      return try await market.nextOpens(for: coins, at: now)
    } catch {
      throw .noMarket(exchange: name, cause: "\(error)")
    }
  }

  private func replay(
    of coins: [Coin], after start: Timestamp, through end: Timestamp
  ) async throws(ExchangeError) -> [Coin: MarketReplay] {
    let stretch = SeenMarket.Stretch(start: start, end: end)
    let known = seen.replays(of: coins, in: stretch)
    let unseen = coins.filter { !seen.asked(for: $0, in: stretch) }
    guard !unseen.isEmpty else { return known }
    do throws(MarketDataError) {
      let replays = try await market.replay(of: unseen, after: start, through: end)
      seen.keep(replays, of: unseen, in: stretch)
      return known.merging(replays) { _, new in new }
    } catch {
      throw .noMarket(exchange: name, cause: "\(error)")
    }
  }

  // MARK: Store

  func books(
    of account: AccountID, operation: String
  ) throws(ExchangeError) -> SimAccount {
    guard let found = try load(account, operation: operation) else {
      throw .noSuchAccount(exchange: name, account: account)
    }
    return found
  }

  private func load(
    _ account: AccountID, operation: String
  ) throws(ExchangeError) -> SimAccount? {
    if let known = books[account] { return known }
    let loaded = try reading(operation) { try store.load(account) }
    books[account] = loaded
    return loaded
  }

  /// Reads the books of accounts that were not asked about yet.
  private func load(_ accounts: [AccountID]) throws(ExchangeError) {
    let unread = accounts.filter { books[$0] == nil }
    try reading("catching up") {
      try store.together { for account in unread { books[account] = try store.load(account) } }
    }
  }

  func save(_ changes: [SimChange], operation: String) throws(ExchangeError) {
    guard !changes.isEmpty else { return }
    do {
      try reading(operation) { try store.save(changes) }
      for change in changes { books[change.account.id] = change.account }
    } catch {
      for change in changes { books[change.account.id] = nil }
      throw error
    }
  }

  func reading<Value>(
    _ operation: String, _ work: () throws -> Value
  ) throws(ExchangeError) -> Value {
    do {
      return try work()
    } catch {
      throw .storage(exchange: name, operation: operation, cause: "\(error)")
    }
  }
}
