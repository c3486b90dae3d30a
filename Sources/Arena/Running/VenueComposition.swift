import Exchanges
import Journal
import Market
import Trading
import Wire

/// Builds what talks to real venues; nothing of it touches the network yet.
final class VenueComposition {
  private let store: StateStore
  private let clock: WallClock
  private let environment: ConfigEnvironment
  private let isDry: Bool
  private let transport: any HTTPTransport
  private let nonces: NonceSequence
  /// One limit per address the requests come from, so one for the process.
  private let budget: WeightBudget
  /// One clock for each server.
  private var clocks: [String: VenueClock] = [:]
  /// The markets already built, by server.
  private var markets: [String: HyperliquidMarketData] = [:]

  /// A composition that looks for keys in `environment`, needs none where it `isDry` and nothing is
  /// ever sent, and dies around sends where tests want it by `faults`.
  init(
    store: StateStore, clock: WallClock, environment: ConfigEnvironment, isDry: Bool,
    nonces: NonceSequence, faults: FaultInjection?
  ) {
    self.store = store
    self.clock = clock
    self.environment = environment
    self.isDry = isDry
    self.nonces = nonces
    let live = LiveTransport()
    transport = faults.map { FaultingTransport(inner: live, faults: $0) } ?? live
    budget = WeightBudget(now: { Timestamp(ms: Int64(clock.monotonicMs())) })
  }

  /// The prices of a server.
  func market(
    _ id: ProviderID, _ section: HyperliquidMarketSection, coins: [Coin]
  ) -> HyperliquidMarketData {
    let store = store
    let market = HyperliquidMarketData(
      id: id, coins: coins,
      info: info(
        section.baseURL, timeout: section.timeout, attempts: section.maxRetries + 1),
      store: MarketStore(
        candles: {
          try store.marketCandles(provider: id, coin: $0, timeframe: $1, from: $2, to: $3)
        },
        funding: { try store.marketFunding(provider: id, coin: $0, from: $1, to: $2) },
        averageOpenInterest: { try store.averageOpenInterest(provider: id, coin: $0) },
        save: { additions, now in
          try store.saveMarket(
            provider: id, additions: additions, now: now, retention: section.retention)
        }), clock: venueClock(section.baseURL))
    markets[section.baseURL] = market
    return market
  }

  /// An account of a server.
  func exchange(
    _ id: ProviderID, _ section: HyperliquidSection
  ) throws -> HyperliquidExchange {
    guard let account = AccountID(id.name), let main = EthereumAddress(section.mainAddress) else {
      throw RunFailure(
        .configuration, phase: .configure,
        "exchange \(id): expected an address of 0x and 40 hex digits, was \(section.mainAddress)")
    }
    try checkIdentity(of: account, id, section)
    let key = try key(of: id, section)
    if key?.address == main, !section.allowsMasterKey, !isDry {
      throw RunFailure(
        .configuration, phase: .configure,
        "exchange \(id): the key controls the account itself and could withdraw its money. Approve "
          + "an agent wallet and use its key, or write allow_master_key: true.")
    }
    let access = HyperliquidAccess(
      id: id, account: account, network: section.network, mainAddress: main,
      vault: section.vaultAddress.flatMap { EthereumAddress($0) }, key: key,
      allowsMasterKey: section.allowsMasterKey, isDry: isDry, patience: section.answerPatience,
      httpTimeout: .milliseconds(section.timeout.ms))
    let clock = venueClock(section.baseURL)
    let market = markets[section.baseURL]
    return HyperliquidExchange(
      access: access,
      info: info(section.baseURL, timeout: section.timeout, attempts: 3),
      wire: HyperliquidWire(
        transport: transport, baseURL: section.baseURL,
        timeout: .milliseconds(section.timeout.ms), clock: clock, budget: budget),
      clock: clock, nonces: nonces, memory: memory(), universe: { market?.universe })
  }

  /// Refuses another account or network under the name of one whose books are kept already.
  private func checkIdentity(
    of account: AccountID, _ id: ProviderID, _ section: HyperliquidSection
  ) throws {
    let identity = "\(section.network.rawValue) \(section.account)"
    let known = try store.venueIdentity(of: account, orElse: identity)
    guard known != identity else { return }
    throw RunFailure(
      .configuration, phase: .configure,
      "exchange \(id) was \(known) in earlier runs and is \(identity) now; its books cannot be "
        + "taken along. Give the new account a provider of another name, or use another --state.")
  }

  private func key(of id: ProviderID, _ section: HyperliquidSection) throws -> SigningKey? {
    guard let reference = section.key else { return nil }
    do {
      return try SigningKey(hex: try SecretReader.read(reference, environment))
    } catch let failure as SecretFailure {
      // Whoever only looks needs no key; the preflight says that there is none.
      if isDry { return nil }
      throw RunFailure(
        .configuration, phase: .configure, "exchange \(id): \(failure.description)")
    } catch let failure as SigningKeyError {
      throw RunFailure(
        .configuration, phase: .configure,
        "exchange \(id): the key of \(reference) cannot sign: \(failure.description)")
    }
  }

  private func info(_ baseURL: String, timeout: Span, attempts: Int) -> HyperliquidInfo {
    HyperliquidInfo(
      transport: transport, baseURL: baseURL, budget: budget,
      timeout: .milliseconds(timeout.ms), maxAttempts: attempts, clock: venueClock(baseURL))
  }

  private func venueClock(_ baseURL: String) -> VenueClock {
    if let known = clocks[baseURL] { return known }
    let made = VenueClock(now: clock.now)
    clocks[baseURL] = made
    return made
  }

  private func memory() -> HyperliquidMemory {
    let store = store
    return HyperliquidMemory(
      keepNonce: { try store.keepNonce(atLeast: $0) },
      leverage: { try store.venueLeverage(account: $0, coin: $1) },
      keepLeverage: { try store.keepVenueLeverage(account: $0, coin: $1, leverage: $2) },
      standing: { try store.venueStanding(account: $0) },
      keepStanding: { try store.keepVenueStanding(account: $0, $1) },
      resting: { try store.venueResting(account: $0) },
      keepResting: { try store.keepVenueResting(account: $0, $1) },
      purpose: { try store.orderPurpose(of: $0) })
  }
}
