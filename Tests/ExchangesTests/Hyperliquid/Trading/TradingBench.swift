import Exchanges
import Testing
import Trading

/// An account at a scripted Hyperliquid: BTC is asset 0, ETH 1, SOL 2 and isolated only.
struct TradingBench {
  static let account = id("hl.main")
  static let now = SimBench.start
  static let main = address("0x1111111111111111111111111111111111111111")
  static let other = address("0x2222222222222222222222222222222222222222")
  static let hex = "0x0123456789012345678901234567890123456789012345678901234567890123"

  let venue = ScriptedVenue()
  let notes = TradingNotes()
  let nonces = NonceSequence()
  let budget: WeightBudget
  let clock = VenueClock(now: { TradingBench.now })
  var vault: EthereumAddress?
  var hasKey = true
  var isDry = false
  var allowsMasterKey = false
  var mainAddress = TradingBench.main

  /// Everything is in order: the standing is of today, the account holds 1000 USD.
  init() {
    budget = WeightBudget(now: { TradingBench.now }, sleep: { _ in })
    notes.set { $0.standing = TradingBench.standing() }
    venue.answer(
      "meta",
      """
      {"universe":[{"name":"BTC","szDecimals":5,"maxLeverage":40,"marginTableId":40},
      {"name":"ETH","szDecimals":4,"maxLeverage":25,"marginTableId":25},
      {"name":"SOL","szDecimals":2,"maxLeverage":20,"marginTableId":20,"onlyIsolated":true}],
      "marginTables":[],"collateralToken":0}
      """)
    venue.answer("clearinghouseState", Self.state(raw: "1000"))
    venue.answer("frontendOpenOrders", "[]")
    venue.answer("userFillsByTime", "[]")
    venue.answer("userFunding", "[]")
    venue.answer("userNonFundingLedgerUpdates", "[]")
    venue.answer("userAbstraction", "\"disabled\"")
    venue.answer("userFees", #"{"userCrossRate":"0.00045","userAddRate":"0.00015"}"#)
    venue.answer(
      "userRateLimit", #"{"cumVlm":"0","nRequestsUsed":1,"nRequestsCap":10000}"#)
    venue.answer("extraAgents", "[]")
    venue.answer("orderStatus", #"{"status":"unknownOid"}"#)
  }

  /// The address of the bench's key.
  static let agentName = (try? keyAddress.description) ?? "no key"

  static func standing(
    at: Timestamp = now, mode: String = "disabled",
    role: VenueStanding.SignerRole = .agent, until: Timestamp? = nil, signer: String = agentName
  ) -> VenueStanding {
    VenueStanding(
      checkedAt: at, mode: mode, role: role, signer: signer, approvedUntil: until,
      takerFee: bps("4.5"),
      makerFee: bps("1.5"))
  }

  func exchange(
    universe: @escaping @Sendable () -> VenueUniverse? = { nil }
  ) throws -> HyperliquidExchange {
    let name = try #require(ProviderID("hl"))
    let access = HyperliquidAccess(
      id: name, account: Self.account, network: .testnet, mainAddress: mainAddress, vault: vault,
      key: hasKey ? try SigningKey(hex: Self.hex) : nil, allowsMasterKey: allowsMasterKey,
      isDry: isDry)
    let info = HyperliquidInfo(
      transport: venue, baseURL: "http://venue", budget: budget, timeout: .seconds(5),
      maxAttempts: 1, clock: clock)
    let wire = HyperliquidWire(
      transport: venue, baseURL: "http://venue", timeout: .seconds(10), clock: clock,
      budget: budget)
    return HyperliquidExchange(
      access: access, info: info, wire: wire, clock: clock, nonces: nonces,
      memory: notes.memory, universe: universe)
  }

  static func address(_ text: String) -> EthereumAddress {
    guard let address = EthereumAddress(text) else {
      preconditionFailure("expected an address, was \(text)")
    }
    return address
  }

  static var keyAddress: EthereumAddress {
    get throws { try SigningKey(hex: hex).address }
  }
}

// MARK: Orders

extension TradingBench {
  static func orderID(_ digit: Character) -> ClientOrderID {
    guard let id = ClientOrderID("0x" + String(repeating: digit, count: 32)) else {
      preconditionFailure("expected a hex digit, was \(digit)")
    }
    return id
  }

  /// An intent of the running cycle; 10x, expiring 20 s from now, nonce 77.
  static func intent(
    _ side: OrderSide, _ size: String, _ coin: String, _ kind: OrderKind, _ purpose: OrderPurpose,
    id digit: Character = "a", account: AccountID = account, decidedAt: Timestamp = now
  ) throws -> OrderIntent {
    let trader = try #require(TraderID("alice"))
    let request = OrderRequest(
      clientOrderID: orderID(digit),
      identity: OrderIdentity(
        arena: "test", trader: trader, cycle: 1, coin: perp(coin), purpose: purpose,
        generation: 0),
      account: account, side: side, size: quantity(size), kind: kind,
      reduceOnly: purpose != .open, leverage: 10)
    return OrderIntent(
      request: request, run: 1, decidedAt: decidedAt, decisionMid: request.limitPrice,
      expiresAt: now + .seconds(20), nonce: 77, claim: nil)
  }

  /// Seals and sends an intent.
  static func send(
    _ intent: OrderIntent, to exchange: HyperliquidExchange
  ) async throws -> OrderOutcome {
    var intent = intent
    _ = await exchange.readiness(of: account, at: now)
    intent.signedRequest = exchange.seal(intent)
    let outcomes = await exchange.submit([RiskGate.reapprove(recorded: intent)], at: now)
    return try #require(outcomes.first)
  }
}

// MARK: What the venue writes

extension TradingBench {
  /// The account: cash, and positions `COIN size value leverage`, at `now` plus some ms.
  static func state(raw: String, _ positions: String..., after ms: Int64 = 0) -> String {
    var worth = usd(raw)
    let rows = positions.map { text in
      let words = text.split(separator: " ").map(String.init)
      worth += words[1].hasPrefix("-") ? -usd(words[2]) : usd(words[2])
      return """
        {"type":"oneWay","position":{"coin":"\(words[0])","szi":"\(words[1])","entryPx":"50000.0",
        "positionValue":"\(words[2])","unrealizedPnl":"0.0","returnOnEquity":"0.0",
        "liquidationPx":null,"marginUsed":"100.0","maxLeverage":40,
        "leverage":{"type":"cross","value":\(words[3])}}}
        """
    }
    let summary = """
      {"accountValue":"\(worth)","totalNtlPos":"0.0","totalRawUsd":"\(raw)",
      "totalMarginUsed":"100.0"}
      """
    return """
      {"marginSummary":\(summary),"crossMarginSummary":\(summary),
      "crossMaintenanceMarginUsed":"12.5","withdrawable":"0.0",
      "assetPositions":[\(rows.joined(separator: ","))],"time":\(now.ms + ms)}
      """
  }

  /// A fill `side price size start fee` at `now` less some ms.
  static func fill(
    _ text: String, coin: String = "BTC", before ms: Int64 = 1000, trade: Int = 1, order: Int = 7,
    id: ClientOrderID? = nil, isTaker: Bool = true, direction: String = "Open Long",
    token: String = "USDC", more: String = ""
  ) -> String {
    let words = text.split(separator: " ")
    return """
      {"coin":"\(coin)","px":"\(words[1])","sz":"\(words[2])",
      "side":"\(words[0] == "buy" ? "B" : "A")","time":\(now.ms - ms),
      "startPosition":"\(words[3])","dir":"\(direction)","closedPnl":"0.0","hash":"0xab",
      "oid":\(order),"crossed":\(isTaker),"fee":"\(words[4])","tid":\(trade),
      "feeToken":"\(token)"\(id.map { ",\"cloid\":\"\($0)\"" } ?? "")\(more)}
      """
  }

  /// A resting stop of 0.02 BTC.
  static func stop(_ number: Int, _ id: ClientOrderID?, children: String = "") -> String {
    """
    {"coin":"BTC","side":"A","limitPx":"44100.0","sz":"0.02","oid":\(number),
    "timestamp":\(now.ms - 5000),"triggerCondition":"Price below 49000","isTrigger":true,
    "triggerPx":"49000.0","children":[\(children)],"isPositionTpsl":false,"reduceOnly":true,
    "orderType":"Stop Market","origSz":"0.02","tif":null,
    "cloid":\(id.map { "\"\($0)\"" } ?? "null")}
    """
  }

  static func status(_ word: String, _ order: String) -> String {
    """
    {"status":"order","order":{"order":\(order),"status":"\(word)",
    "statusTimestamp":\(now.ms)}}
    """
  }

  static func statuses(_ words: String...) -> ScriptedVenue.Reply {
    let list = words.joined(separator: ",")
    return .body(
      #"{"status":"ok","response":{"type":"order","data":{"statuses":[\#(list)]}}}"#)
  }

  static let done = ScriptedVenue.Reply.body(#"{"status":"ok","response":{"type":"default"}}"#)

  static func refusal(_ text: String) -> ScriptedVenue.Reply {
    .body(#"{"status":"err","response":"\#(text)"}"#)
  }
}
