import Exchanges
import Market
import Testing
import Trading
import Wire

/// Damaged answers end as values, never as a crash.
@Suite("Damaged answers of Hyperliquid")
struct InfoDamageTests {
  /// One whole answer of each kind, each with everything that is read.
  private static let whole: [String] = [
    #"[{"universe":[{"name":"BTC","szDecimals":5,"maxLeverage":40,"marginTableId":56},"#
      + #"{"name":"kPEPE","szDecimals":0,"maxLeverage":10,"marginTableId":10,"isDelisted":true}],"#
      + #""marginTables":[[56,{"marginTiers":[{"lowerBound":"0.0","maxLeverage":40},"#
      + #"{"lowerBound":"150000000.0","maxLeverage":20}]}]]},[{"funding":"0.0000125","#
      + #""openInterest":"39338.76246","prevDayPx":"84086.0","dayNtlVlm":"3096.56","premium":"-1","#
      + #""oraclePx":"83778.1","markPx":"83757.0","midPx":"83757.5","impactPxs":["8.5","8.6"]},"#
      + #"{"funding":"0.0","openInterest":"0.0","oraclePx":"1","markPx":"1","midPx":null}]]"#,
    #"{"universe":[{"name":"BTC","szDecimals":5,"maxLeverage":40}]}"#,
    #"{"BTC":"30135.0","kPEPE":"0.006543"}"#,
    #"{"coin":"BTC","time":5,"levels":[[{"px":"9.5","sz":"2.0"}],[{"px":"10","sz":"1"}]]}"#,
    #"[{"t":1790344800000,"s":"BTC","i":"1h","o":"10","c":"11","h":"12","l":"9","v":"3.5"}]"#,
    #"{"marginSummary":{"accountValue":"1000.5","totalRawUsd":"-500.25","totalMarginUsed":"12"},"#
      + #""crossMaintenanceMarginUsed":"4720.8375","withdrawable":"7.0","time":1790360864964,"#
      + #""assetPositions":[{"position":{"coin":"BTC","szi":"4.5","leverage":{"type":"cross","#
      + #""value":10},"entryPx":"81285.0","positionValue":"377667.0","unrealizedPnl":"11884.3","#
      + #""liquidationPx":"74501.802790436","marginUsed":"37766.7"}}]}"#,
    #"{"balances":[{"coin":"USDC","total":"12.5","hold":"1.0"}]}"#,
    #""unifiedAccount""#,
    #"[{"coin":"BTC","side":"A","limitPx":"9.2","sz":"1.0","oid":7,"timestamp":1700126022555,"#
      + #""isTrigger":true,"triggerPx":"10.004","children":[{"coin":"BTC","side":"B","limitPx":"#
      + #""9.2","sz":"1.0","oid":8,"timestamp":1700126022555}]}]"#,
    #"{"status":"order","order":{"order":{"coin":"BTC","side":"A","limitPx":"9.2","sz":"1.0","#
      + #""oid":7,"timestamp":1700126022555},"status":"open","statusTimestamp":5}}"#,
    #"[{"order":{"coin":"BTC","side":"A","limitPx":"9.2","sz":"1.0","oid":7,"#
      + #""timestamp":1700126022555},"status":"open","statusTimestamp":5}]"#,
    #"[{"coin":"BTC","px":"66653.0","sz":"0.001","side":"B","time":1781528065899,"#
      + #""startPosition":"-0.0213","dir":"Open Short","hash":"0xe2","oid":55,"crossed":false,"#
      + #""fee":"0.009997","cloid":"0xe8d5fd7ebbb4c3cff4d1803472a11463","liquidation":{"#
      + #""liquidatedUser":"0x286edfa08c04f6899dab3bfdecf2dd133f9733b9"}}]"#,
    #"[{"time":9,"hash":"0x","delta":{"coin":"BTC","usdc":"1","szi":"40.1","fundingRate":"0.1"}}]"#,
    #"[{"time":9,"hash":"0x","delta":{"type":"withdraw","usdc":"19999999999","fee":"1"}},"#
      + #"{"time":9,"hash":"0x","delta":{"type":"vaultWithdraw","requestedUsd":"50","#
      + #""commission":"2","closingCost":"0.5"}}]"#,
    #"[{"coin":"BTC","fundingRate":"0.0000125","time":1790352000045}]"#,
    #"{"cumVlm":"170.45","nRequestsUsed":5,"nRequestsCap":10000,"nRequestsSurplus":0}"#,
    #"{"userCrossRate":"0.00045","userAddRate":"0.00015"}"#,
    #"{"role":"agent","data":{"user":"0x31ca8395cf837de08b24da3f660e77761dfb974b"}}"#,
    #"[{"name":"a","address":"0x286edfa08c04f6899dab3bfdecf2dd133f9733b9","validUntil":9}]"#,
    #"{"leverage":{"type":"cross","value":20},"markPx":"5.5"}"#,
    #"{"status":"ok","response":{"type":"order","data":{"statuses":[{"filled":{"totalSz":"0.02","#
      + #""avgPx":"2686.6","oid":62014444172}},{"resting":{"oid":7}},"waitingForFill"]}}}"#,
  ]

  /// Values that numbers and texts are exchanged for.
  private static let extremes = [
    "null", "true", "[]", "{}", "\"\"", "0", "-0", "\"-1\"", "1e400", "\"1e-400\"", "\"NaN\"",
    "9223372036854775807", "-9223372036854775808", "\"92233720368.54775807\"",
    "\"-92233720368.54775807\"", "\"99999999999999999999\"", "\"0.000000005\"", "253402300799999",
    "\"20000000000\"", "\"0.00000001\"", "\"\\ud83d\\ude00\"", "\"@1\"", "\"a:B\"",
  ]

  @Test(arguments: 1...20)
  func neverCrash(seed: UInt64) async {
    var generator = SeededGenerator(seeds: 77, seed)
    for _ in 0..<1_000 {
      let kind = generator.below(Self.whole.count)
      let body = Self.damaged(Array(Self.whole[kind].utf8), using: &generator)
      await Self.readAsEverything(body, kind: kind)
    }
  }

  @Test func allAreReadableWhole() async {
    let stages = Self.whole.map { InfoStage($0) }
    for (kind, stage) in stages.enumerated() {
      #expect(await Self.outcome(of: stage, kind: kind), "kind \(kind)")
    }
  }

  private static func readAsEverything(_ body: [UInt8], kind: Int) async {
    let script = InfoScript { _, number in
      HTTPResponse(status: 200, headers: [], body: number == 0 ? body : Array("[]".utf8))
    }
    _ = await outcome(of: InfoStage(script, attempts: 1), kind: kind)
  }

  /// Whether the answer of that kind was read.
  private static func outcome(of stage: InfoStage, kind: Int) async -> Bool {
    do throws(InfoError) {
      return try await kind < 11 ? market(stage.info, kind) : account(stage, kind)
    } catch {
      return false
    }
  }

  private static func market(_ info: HyperliquidInfo, _ kind: Int) async throws(InfoError) -> Bool {
    let time = Timestamp(ms: 1_790_348_400_000)
    switch kind {
    case 0: _ = try await info.metaAndAssetCtxs()
    case 1: _ = try await info.meta()
    case 2: _ = try await info.allMids()
    case 3: _ = try await info.l2Book(infoBTC)
    case 4: _ = try await info.candles(infoBTC, .h1, from: time, to: time, now: time)
    case 5: _ = try await info.clearinghouseState(infoAccount)
    case 6: _ = try await info.spotClearinghouseState(infoAccount)
    case 7: _ = try await info.userAbstraction(infoAccount)
    case 8: _ = try await info.frontendOpenOrders(infoAccount).map { $0.resting(purpose: nil) }
    case 9: _ = try await info.orderStatus(infoAccount, infoOrderID)
    default: _ = try await info.historicalOrders(infoAccount)
    }
    return true
  }

  private static func account(_ stage: InfoStage, _ kind: Int) async throws(InfoError) -> Bool {
    let (info, time) = (stage.info, Timestamp(ms: 0))
    switch kind {
    case 11: _ = try await info.fillsByTime(infoAccount, from: time, to: nil)
    case 12: _ = try await info.funding(infoAccount, from: time, to: nil)
    case 13: _ = try await info.ledgerUpdates(infoAccount, from: time, to: nil)
    case 14: _ = try await info.fundingHistory(infoBTC, from: time, to: nil)
    case 15: _ = try await info.rateLimit(infoAccount)
    case 16: _ = try await info.fees(infoAccount)
    case 17: _ = try await info.role(infoAccount)
    case 18: _ = try await info.extraAgents(infoAccount)
    case 19: _ = try await info.activeAssetData(infoAccount, infoBTC)
    default:
      if case .statuses = await stage.wire.send(Array("{}".utf8)) { return true }
      return false
    }
    return true
  }

  /// A body with bytes turned, cut out or doubled, or with a value exchanged for an extreme one.
  private static func damaged(_ body: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var body = body
    for _ in 0...generator.below(3) where !body.isEmpty {
      let place = generator.below(body.count)
      switch generator.below(6) {
      case 0: body[place] = UInt8(truncatingIfNeeded: generator.next())
      case 1: body[place] ^= 1 << UInt8(generator.below(8))
      case 2: body.removeSubrange(place..<min(body.count, place + 1 + generator.below(9)))
      case 3: body.removeSubrange(place...)
      case 4: body.insert(contentsOf: body[place..<min(body.count, place + 20)], at: place)
      default: exchangeValue(in: &body, from: place, using: &generator)
      }
    }
    return body
  }

  /// Exchanges the value behind the next colon.
  private static func exchangeValue(
    in body: inout [UInt8], from place: Int, using generator: inout SeededGenerator
  ) {
    guard let colon = body[place...].firstIndex(of: UInt8(ascii: ":")) else { return }
    let end = body[(colon + 1)...].firstIndex { ",}]".utf8.contains($0) } ?? body.endIndex
    let value = extremes[generator.below(extremes.count)]
    body.replaceSubrange((colon + 1)..<end, with: value.utf8)
  }
}
