import ArenaTesting
import Exchanges
import Market
import Testing
import Trading

/// Short words for the simulated venue's tests: a market, an exchange and orders at given times.
struct SimBench {
  static let btc = perp("BTC")
  static let eth = perp("ETH")
  static let account = id("sim.alpha")
  /// 2025-07-21T10:00:00Z.
  static let start = Timestamp(ms: 1_753_092_000_000)

  var market: ScriptedMarket
  var config = SimConfig(
    spreadBps: .zero, slippageBpsPer100k: .zero, depth: USD(whole: 10_000_000),
    fees: FeeSchedule(taker: bps("4.5"), maker: bps("1.5")), liquidationFeeBps: bps("100"),
    marginMode: .cross, loseAnswerEvery: 0)

  init() {
    market = ScriptedMarket([Self.instrument("BTC", 5, [(0, 40)]), Self.ethereum])
  }

  /// ETH as on the mainnet: 25x, 15x from 100 million USD on.
  static let ethereum = instrument("ETH", 4, [(0, 25), (100_000_000, 15)])

  static func instrument(_ name: String, _ decimals: Int, _ tiers: [(Int64, Int)]) -> Instrument {
    guard
      let instrument = Instrument(
        coin: perp(name), sizeDecimals: decimals,
        tiers: tiers.map { MarginTier(lowerBound: USD(whole: $0.0), maxLeverage: $0.1) })
    else { preconditionFailure("expected a valid instrument \(name)") }
    return instrument
  }

  func exchange(_ store: SimStore = .inMemory()) -> SimExchange {
    SimExchange(config: config, market: market, store: store)
  }

  /// An exchange whose account holds a deposit since the start.
  func opened(_ deposit: String, _ store: SimStore = .inMemory()) async throws -> SimExchange {
    let exchange = exchange(store)
    try await exchange.ensureAccount(Self.account, deposit: usd(deposit), at: Self.start)
    return exchange
  }

  /// Candles `open high low close`, one line each, back to back from the start.
  mutating func candles(_ coin: Coin, _ text: String, _ timeframe: Timeframe = .m15) {
    var series = CandleSeries(timeframe: timeframe)
    for (index, line) in text.split(separator: "\n").enumerated() {
      let prices = line.split(separator: " ").map { price(String($0)) }
      guard
        let candle = Candle(
          openTime: Self.start + timeframe.span * Int64(index), open: prices[0],
          high: prices[1], low: prices[2], close: prices[3], volume: 1)
      else { preconditionFailure("expected a candle, was \(line)") }
      series.append(candle)
    }
    market.candles[coin] = series
  }
}

/// An order in few words.
func order(
  _ side: OrderSide, _ size: String, _ coin: Coin, _ kind: OrderKind, _ purpose: OrderPurpose,
  number: Int = 0, leverage: Int = 10, reduceOnly: Bool? = nil,
  expiresAt: Timestamp = Timestamp(ms: .max), account: AccountID = SimBench.account,
  trader name: String = "alpha"
) -> RiskApproved<OrderIntent> {
  guard let trader = TraderID(name) else { preconditionFailure("expected a trader id") }
  let identity = OrderIdentity(
    arena: "test", trader: trader, cycle: Int64(number), coin: coin, purpose: purpose,
    generation: 0)
  return RiskGate.reapprove(
    recorded: OrderIntent(
      request: OrderRequest(
        clientOrderID: clientID(identity), identity: identity, account: account, side: side,
        size: quantity(size), kind: kind, reduceOnly: reduceOnly ?? (purpose != .open),
        leverage: leverage),
      run: 1, decidedAt: SimBench.start, decisionMid: price("1"), expiresAt: expiresAt, nonce: 1,
      claim: nil))
}

/// An immediate order at a limit.
func ioc(_ limit: String) -> OrderKind { .limit(price(limit), .immediateOrCancel) }
/// A resting order at a limit.
func gtc(_ limit: String) -> OrderKind { .limit(price(limit), .goodTilCancelled) }
/// A trigger with its limit.
func trigger(_ level: String, _ limit: String) -> OrderKind {
  .trigger(at: price(level), limit: price(limit))
}

/// A client id that depends on the identity alone; not the SHA-256 of the real ones.
func clientID(_ identity: OrderIdentity) -> ClientOrderID {
  let word = stableHash(identity.text)
  let bytes = (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
  guard let id = ClientOrderID(digest: bytes + bytes) else {
    preconditionFailure("expected sixteen bytes")
  }
  return id
}

func perp(_ name: String) -> Coin { expected(Coin(name), name) }
func id(_ name: String) -> AccountID { expected(AccountID(name), name) }
func usd(_ text: String) -> USD { expected(USD(text), text) }
func price(_ text: String) -> Price { expected(Price(text), text) }
func quantity(_ text: String) -> Quantity { expected(Quantity(text), text) }
func signed(_ text: String) -> SignedQuantity { expected(SignedQuantity(text), text) }
func bps(_ text: String) -> Bps { expected(Bps(text), text) }
func rate(_ text: String) -> FundingRate { expected(FundingRate(text), text) }

private func expected<Value>(_ value: Value?, _ text: String) -> Value {
  guard let value else { preconditionFailure("expected a readable value, was \(text)") }
  return value
}
