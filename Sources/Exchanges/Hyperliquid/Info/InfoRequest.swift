package import Market
package import Trading

/// A question to `POST /info` (protocol fact sheet §3).
package enum InfoRequest: Sendable, Hashable {
  /// Coins, their rules and margin tables.
  case meta
  /// ``meta`` with prices, funding and open interest of every coin.
  case metaAndAssetCtxs
  /// The mid of every coin.
  case allMids
  /// The order book of a coin, 20 levels a side.
  case l2Book(Coin)
  /// Candles from the one that contains `from` to the one that begins at or before `to`.
  case candles(Coin, Timeframe, from: Timestamp, to: Timestamp)
  /// Equity, margin and positions.
  case clearinghouseState(EthereumAddress)
  /// What the account holds on the spot side.
  case spotClearinghouseState(EthereumAddress)
  /// The account mode.
  case userAbstraction(EthereumAddress)
  /// Open orders with their triggers.
  case frontendOpenOrders(EthereumAddress)
  /// One order by our id.
  case orderStatus(EthereumAddress, ClientOrderID)
  /// The last 2000 orders.
  case historicalOrders(EthereumAddress)
  /// Fills, both bounds included; `nil` = up to now.
  case fillsByTime(EthereumAddress, from: Timestamp, to: Timestamp?)
  /// Funding payments, both bounds included; `nil` = up to now.
  case funding(EthereumAddress, from: Timestamp, to: Timestamp?)
  /// Deposits, withdrawals and the like, both bounds included; `nil` = up to now.
  case ledgerUpdates(EthereumAddress, from: Timestamp, to: Timestamp?)
  /// Funding rates of a coin, both bounds included; `nil` = up to now.
  case fundingHistory(Coin, from: Timestamp, to: Timestamp?)
  /// The account's budget of requests.
  case rateLimit(EthereumAddress)
  /// The account's fees.
  case fees(EthereumAddress)
  /// What kind of account an address is.
  case role(EthereumAddress)
  /// The agents an account has approved by name.
  case extraAgents(EthereumAddress)
  /// Leverage of an account in a coin, with or without a position.
  case activeAssetData(EthereumAddress, Coin)

  /// The JSON that asks it.
  package var body: [UInt8] { JSONValue.object(members).bytes }

  /// What asking costs of the limit per minute, before the rows of the answer (§10).
  package var weight: Int {
    switch self {
    case .allMids, .l2Book, .clearinghouseState, .spotClearinghouseState, .orderStatus: 2
    case .role: 60
    case .meta, .metaAndAssetCtxs, .candles, .userAbstraction, .frontendOpenOrders,
      .historicalOrders, .fillsByTime, .funding, .ledgerUpdates, .fundingHistory, .rateLimit,
      .fees, .extraAgents, .activeAssetData:
      20
    }
  }

  /// What an answer of that many rows costs on top.
  package func extraWeight(rows: Int) -> Int {
    switch self {
    case .candles: rows / 60
    case .historicalOrders, .fillsByTime, .funding, .ledgerUpdates, .fundingHistory: rows / 20
    case .meta, .metaAndAssetCtxs, .allMids, .l2Book, .clearinghouseState,
      .spotClearinghouseState, .userAbstraction, .frontendOpenOrders, .orderStatus, .rateLimit,
      .fees, .role, .extraAgents, .activeAssetData:
      0
    }
  }

  /// What is asked, for messages: `candleSnapshot BTC 15m`.
  var name: String {
    switch self {
    case .candles(let coin, let timeframe, _, _): "\(type) \(coin) \(timeframe)"
    case .l2Book(let coin), .fundingHistory(let coin, _, _), .activeAssetData(_, let coin):
      "\(type) \(coin)"
    case .orderStatus(_, let id): "\(type) \(id)"
    case .meta, .metaAndAssetCtxs, .allMids, .clearinghouseState, .spotClearinghouseState,
      .userAbstraction, .frontendOpenOrders, .historicalOrders, .fillsByTime, .funding,
      .ledgerUpdates, .rateLimit, .fees, .role, .extraAgents:
      type
    }
  }
}

extension InfoRequest {
  /// The venue's word for it.
  private var type: String {
    switch self {
    case .meta: "meta"
    case .metaAndAssetCtxs: "metaAndAssetCtxs"
    case .allMids: "allMids"
    case .l2Book: "l2Book"
    case .candles: "candleSnapshot"
    case .clearinghouseState: "clearinghouseState"
    case .spotClearinghouseState: "spotClearinghouseState"
    case .userAbstraction: "userAbstraction"
    case .frontendOpenOrders: "frontendOpenOrders"
    case .orderStatus: "orderStatus"
    case .historicalOrders: "historicalOrders"
    case .fillsByTime: "userFillsByTime"
    case .funding: "userFunding"
    case .ledgerUpdates: "userNonFundingLedgerUpdates"
    case .fundingHistory: "fundingHistory"
    case .rateLimit: "userRateLimit"
    case .fees: "userFees"
    case .role: "userRole"
    case .extraAgents: "extraAgents"
    case .activeAssetData: "activeAssetData"
    }
  }

  private var members: [JSONMember] { [JSONMember("type", .text(type))] + parameters }

  private var parameters: [JSONMember] {
    switch self {
    case .meta, .metaAndAssetCtxs, .allMids: []
    case .l2Book(let coin): [Self.coin(coin)]
    case .candles(let coin, let timeframe, let from, let to):
      [
        JSONMember(
          "req",
          .object(
            [Self.coin(coin), JSONMember("interval", .text(timeframe.rawValue))]
              + Self.range(from, to)))
      ]
    case .clearinghouseState(let user), .spotClearinghouseState(let user),
      .userAbstraction(let user), .frontendOpenOrders(let user), .historicalOrders(let user),
      .rateLimit(let user), .fees(let user), .role(let user), .extraAgents(let user):
      [Self.user(user)]
    case .orderStatus(let user, let id): [Self.user(user), JSONMember("oid", .text(id.text))]
    case .fillsByTime(let user, let from, let to), .funding(let user, let from, let to),
      .ledgerUpdates(let user, let from, let to):
      [Self.user(user)] + Self.range(from, to)
    case .fundingHistory(let coin, let from, let to): [Self.coin(coin)] + Self.range(from, to)
    case .activeAssetData(let user, let coin): [Self.user(user), Self.coin(coin)]
    }
  }

  private static func user(_ address: EthereumAddress) -> JSONMember {
    JSONMember("user", .text(address.description))
  }

  private static func coin(_ coin: Coin) -> JSONMember { JSONMember("coin", .text(coin.name)) }

  private static func range(_ from: Timestamp, _ to: Timestamp?) -> [JSONMember] {
    let start = JSONMember("startTime", .number(Int(from.ms)))
    return to.map { [start, JSONMember("endTime", .number(Int($0.ms)))] } ?? [start]
  }
}
