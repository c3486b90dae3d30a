package import Trading
package import Wire

/// Reads from Hyperliquid: `POST /info`, unsigned (protocol fact sheet §3).
///
/// Answers are read strictly where they matter: a missing or odd price, size, time or amount is
/// ``InfoError/unreadable(request:cause:)`` with its place. Coins that cannot be traded (spot
/// pairs, outcomes, other dexes) are left out. Asking again does no harm and is done for 429, 5xx
/// and time-outs, within the time given.
package struct HyperliquidInfo: Sendable {
  let transport: any HTTPTransport
  let baseURL: String
  let budget: WeightBudget
  let timeout: Duration
  let policy: RetryPolicy
  let clock: VenueClock

  /// A reader.
  ///
  /// - Parameters:
  ///   - transport: The door to the network.
  ///   - baseURL: Without path and without a slash at the end.
  ///   - budget: The limit per minute, shared by everything that talks to the venue.
  ///   - timeout: For one request with all its attempts and waits.
  ///   - maxAttempts: At least 1.
  ///   - clock: Learns the venue's time from the answers.
  package init(
    transport: any HTTPTransport, baseURL: String, budget: WeightBudget, timeout: Duration,
    maxAttempts: Int, clock: VenueClock
  ) {
    self.transport = transport
    self.baseURL = baseURL
    self.budget = budget
    self.timeout = timeout
    self.clock = clock
    policy = RetryPolicy(maxAttempts: maxAttempts, maxDelay: .seconds(4))
  }

  // MARK: Market

  /// All coins.
  package func meta() async throws(InfoError) -> VenueUniverse {
    try await read(.meta) { payload throws(PayloadProblem) in try VenueUniverse(payload) }
  }

  /// All coins, and by asset id their prices; `nil` = the venue quotes none, as for coins that are
  /// delisted.
  package func metaAndAssetCtxs() async throws(InfoError) -> (VenueUniverse, [AssetContext?]) {
    try await read(.metaAndAssetCtxs) { payload throws(PayloadProblem) in
      guard let meta = payload.value[0], let rows = payload.value[1] else {
        throw payload.expected("", "coins and their prices", payload.value)
      }
      let universe = try VenueUniverse(Payload(meta))
      let contexts = try Payload(rows).each { row throws(PayloadProblem) in
        try AssetContext.read(row)
      }
      guard contexts.count >= universe.entries else {
        throw PayloadProblem(
          "[1]", "expected \(universe.entries) rows, one per coin, was \(contexts.count)")
      }
      return (universe, contexts)
    }
  }

  /// Mids by coin; where a book is empty the last price traded.
  package func allMids() async throws(InfoError) -> [Coin: Price] {
    try await read(.allMids) { payload throws(PayloadProblem) in
      guard let members = payload.value.members else {
        throw payload.expected("", "an object", payload.value)
      }
      var mids: [Coin: Price] = [:]
      for member in members {
        guard let coin = Coin(member.name) else { continue }
        mids[coin] = try payload.optionalPrice(member.name)
      }
      return mids
    }
  }

  /// The order book of a coin.
  package func l2Book(_ coin: Coin) async throws(InfoError) -> VenueBook {
    try await read(.l2Book(coin)) { payload throws(PayloadProblem) in
      try VenueBook(payload, of: coin)
    }
  }

  // MARK: Account

  /// Equity, margin and positions of an account.
  package func clearinghouseState(
    _ account: EthereumAddress
  ) async throws(InfoError) -> VenueAccount {
    try await read(.clearinghouseState(account)) { payload throws(PayloadProblem) in
      try VenueAccount(payload, readAt: clock.now)
    }
  }

  /// What an account holds on the spot side.
  package func spotClearinghouseState(
    _ account: EthereumAddress
  ) async throws(InfoError) -> [SpotBalance] {
    try await read(.spotClearinghouseState(account)) { payload throws(PayloadProblem) in
      try SpotBalance.rows(payload)
    }
  }

  /// The account mode in the venue's words: `unifiedAccount`, `portfolioMargin`, `disabled` or
  /// `default`.
  package func userAbstraction(_ account: EthereumAddress) async throws(InfoError) -> String {
    try await read(.userAbstraction(account)) { payload throws(PayloadProblem) in
      guard let mode = payload.value.text else {
        throw payload.expected("", "a text", payload.value)
      }
      return mode
    }
  }

  /// Open orders, each once, sorted by number.
  package func frontendOpenOrders(
    _ account: EthereumAddress
  ) async throws(InfoError) -> [VenueOrder] {
    try await read(.frontendOpenOrders(account)) { payload throws(PayloadProblem) in
      try VenueOrder.rows(payload)
    }
  }

  /// What became of an order of ours; `nil` = the venue does not know it.
  package func orderStatus(
    _ account: EthereumAddress, _ id: ClientOrderID
  ) async throws(InfoError) -> VenueOrderStatus? {
    try await read(.orderStatus(account, id)) { payload throws(PayloadProblem) in
      try VenueOrderStatus.answer(payload)
    }
  }

  /// The last 2000 orders, of each the newest word, sorted by number.
  package func historicalOrders(
    _ account: EthereumAddress
  ) async throws(InfoError) -> [VenueOrderStatus] {
    try await read(.historicalOrders(account)) { payload throws(PayloadProblem) in
      try VenueOrderStatus.rows(payload)
    }
  }

  /// How many requests an account may still make.
  package func rateLimit(_ account: EthereumAddress) async throws(InfoError) -> RequestBudget {
    try await read(.rateLimit(account)) { payload throws(PayloadProblem) in
      try RequestBudget(payload)
    }
  }

  /// What an account is charged.
  package func fees(_ account: EthereumAddress) async throws(InfoError) -> VenueFees {
    try await read(.fees(account)) { payload throws(PayloadProblem) in try VenueFees(payload) }
  }

  /// What kind of account an address is.
  package func role(_ address: EthereumAddress) async throws(InfoError) -> AccountRole {
    try await read(.role(address)) { payload throws(PayloadProblem) in try AccountRole(payload) }
  }

  /// The agents an account has approved by name.
  package func extraAgents(_ account: EthereumAddress) async throws(InfoError) -> [ExtraAgent] {
    try await read(.extraAgents(account)) { payload throws(PayloadProblem) in
      try payload.each { row throws(PayloadProblem) in try ExtraAgent.read(row) }
    }
  }

  /// The leverage of an account in a coin.
  package func activeAssetData(
    _ account: EthereumAddress, _ coin: Coin
  ) async throws(InfoError) -> ActiveAsset {
    try await read(.activeAssetData(account, coin)) { payload throws(PayloadProblem) in
      try ActiveAsset(payload)
    }
  }
}
