import Market
import Trading

/// A POST /info whose fields could be read.
struct InfoQuestion {
  let type: String
  let body: JSONValue

  private static let userTypes: Set<String> = [
    "clearinghouseState", "spotClearinghouseState", "userAbstraction", "openOrders",
    "frontendOpenOrders", "orderStatus", "historicalOrders", "userFills", "userFillsByTime",
    "userFunding", "userNonFundingLedgerUpdates", "userRateLimit", "userFees", "userRole",
    "extraAgents", "activeAssetData",
  ]
  private static let marketTypes: Set<String> = [
    "meta", "metaAndAssetCtxs", "allMids", "l2Book", "candleSnapshot", "fundingHistory",
  ]

  /// `nil` = unknown type or a field is missing: HTTP 422.
  init?(_ body: JSONValue) {
    guard let type = body["type"]?.text,
      Self.userTypes.contains(type) || Self.marketTypes.contains(type)
    else { return nil }
    self.type = type
    self.body = body
    if Self.userTypes.contains(type), user == nil { return nil }
    switch type {
    case "l2Book": if body["coin"]?.text == nil { return nil }
    case "activeAssetData": if body["coin"]?.text == nil { return nil }
    case "candleSnapshot":
      guard let request = body["req"], request["coin"]?.text != nil,
        Timeframe(rawValue: request["interval"]?.text ?? "") != nil,
        request["startTime"]?.whole != nil, request["endTime"]?.whole != nil
      else { return nil }
    case "fundingHistory":
      if body["coin"]?.text == nil || body["startTime"]?.whole == nil { return nil }
    case "userFillsByTime", "userFunding", "userNonFundingLedgerUpdates":
      if body["startTime"]?.whole == nil { return nil }
    case "orderStatus":
      if body["oid"]?.whole == nil, body["oid"]?.text == nil { return nil }
    default: break
    }
  }

  /// The account asked about.
  var user: VenueAddress? { body["user"]?.text.flatMap { VenueAddress($0) } }

  /// The first instant asked for.
  var start: Timestamp { Timestamp(ms: Int64(body["startTime"]?.whole ?? 0)) }

  /// The last instant asked for.
  var end: Timestamp { body["endTime"]?.whole.map { Timestamp(ms: Int64($0)) } ?? .init(ms: .max) }

  /// The weight of an answer (§10).
  func weight(of answer: JSONValue) -> Int {
    let rows = answer.elements?.count ?? 0
    return switch type {
    case "l2Book", "allMids", "clearinghouseState", "orderStatus", "spotClearinghouseState": 2
    case "userRole": 60
    case "candleSnapshot": 20 + rows / 60
    case "historicalOrders", "userFills", "userFillsByTime", "userFunding", "fundingHistory",
      "userNonFundingLedgerUpdates":
      20 + rows / 20
    default: 20
    }
  }
}
