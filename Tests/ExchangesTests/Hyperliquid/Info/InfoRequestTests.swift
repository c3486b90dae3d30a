import Exchanges
import Market
import Testing
import Trading
import Wire

@Suite("Questions to Hyperliquid")
struct InfoRequestTests {
  private static let from = Timestamp(ms: 1_000)
  private static let to = Timestamp(ms: 2_000)
  private static let user = "\"user\":\"0x31ca8395cf837de08b24da3f660e77761dfb974b\""

  @Test(arguments: [
    (InfoRequest.meta, #"{"type":"meta"}"#, 20),
    (.metaAndAssetCtxs, #"{"type":"metaAndAssetCtxs"}"#, 20),
    (.allMids, #"{"type":"allMids"}"#, 2),
    (.l2Book(infoBTC), #"{"type":"l2Book","coin":"BTC"}"#, 2),
    (
      .candles(infoBTC, .m15, from: from, to: to),
      #"{"type":"candleSnapshot","req":{"coin":"BTC","interval":"15m","startTime":1000,"#
        + #""endTime":2000}}"#, 20
    ),
    (.clearinghouseState(infoAccount), #"{"type":"clearinghouseState",\#(user)}"#, 2),
    (.spotClearinghouseState(infoAccount), #"{"type":"spotClearinghouseState",\#(user)}"#, 2),
    (.userAbstraction(infoAccount), #"{"type":"userAbstraction",\#(user)}"#, 20),
    (.frontendOpenOrders(infoAccount), #"{"type":"frontendOpenOrders",\#(user)}"#, 20),
    (
      .orderStatus(infoAccount, infoOrderID),
      #"{"type":"orderStatus",\#(user),"oid":"0x000102030405060708090a0b0c0d0e0f"}"#, 2
    ),
    (.historicalOrders(infoAccount), #"{"type":"historicalOrders",\#(user)}"#, 20),
    (
      .fillsByTime(infoAccount, from: from, to: nil),
      #"{"type":"userFillsByTime",\#(user),"startTime":1000}"#, 20
    ),
    (
      .funding(infoAccount, from: from, to: to),
      #"{"type":"userFunding",\#(user),"startTime":1000,"endTime":2000}"#, 20
    ),
    (
      .ledgerUpdates(infoAccount, from: from, to: nil),
      #"{"type":"userNonFundingLedgerUpdates",\#(user),"startTime":1000}"#, 20
    ),
    (
      .fundingHistory(infoBTC, from: from, to: to),
      #"{"type":"fundingHistory","coin":"BTC","startTime":1000,"endTime":2000}"#, 20
    ),
    (.rateLimit(infoAccount), #"{"type":"userRateLimit",\#(user)}"#, 20),
    (.fees(infoAccount), #"{"type":"userFees",\#(user)}"#, 20),
    (.role(infoAccount), #"{"type":"userRole",\#(user)}"#, 60),
    (.extraAgents(infoAccount), #"{"type":"extraAgents",\#(user)}"#, 20),
    (
      .activeAssetData(infoAccount, infoBTC), #"{"type":"activeAssetData",\#(user),"coin":"BTC"}"#,
      20
    ),
  ])
  func areAskedAsTheFactSheetSays(request: InfoRequest, body: String, weight: Int) {
    #expect(String(decoding: request.body, as: UTF8.self) == body)
    #expect(request.weight == weight)
  }

  // Fact sheet §10: 12 sets of 500 candles cost 12 · (20 + 8) = 336.
  @Test func longAnswersCostMore() {
    let candles = InfoRequest.candles(infoBTC, .h1, from: Self.from, to: Self.to)
    let fills = InfoRequest.fillsByTime(infoAccount, from: Self.from, to: nil)

    #expect(candles.extraWeight(rows: 500) == 8)
    #expect(fills.extraWeight(rows: 2000) == 100)
    #expect(InfoRequest.meta.extraWeight(rows: 2000) == 0)
  }

  @Test func goesToInfoOnAConnectionThatIsKept() async throws {
    let stage = InfoStage(#"{"BTC":"30135.0"}"#)

    _ = try await stage.info.allMids()

    let request = try #require(stage.script.requests.first)
    #expect(request.url == "http://venue.test/info")
    #expect(request.keepsAlive)
    #expect(request.headers.map(\.value) == ["application/json"])
  }
}
