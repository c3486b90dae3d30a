import Exchanges
import Market
import Testing
import Trading
import Wire

@Suite("Hyperliquid's fills, funding and money moves")
struct InfoHistoryTests {
  private static let start = Timestamp(ms: 1_700_000_000_000)

  private static func fill(
    _ time: Int64, _ trade: Int, coin: String = "BTC", _ more: String = ""
  ) -> String {
    #"{"coin":"\#(coin)","px":"66653.0","sz":"0.001","side":"B","time":\#(time),"#
      + #""startPosition":"-0.0213","dir":"Close Short","closedPnl":"0","hash":"0xe2","oid":55,"#
      + #""crossed":true,"fee":"0.029997","tid":\#(trade)\#(more)}"#
  }

  private static func fills(_ rows: String) async throws(InfoError) -> [VenueFill] {
    try await InfoStage("[\(rows)]").info.fillsByTime(infoAccount, from: start, to: nil)
  }

  @Test(arguments: [
    (
      fill(1, 1).replacing("66653.0", with: "-1"), #"[0].px: expected a price above zero, was "-1""#
    ),
    (fill(1, 1).replacing("0.001", with: ""), #"[0].sz: expected a size, was """#),
    (
      fill(1, 1).replacing(#""fee":"0.029997","#, with: ""),
      "[0].fee: expected an amount of USD, was absent"
    ),
    (fill(1, 1).replacing("\"B\"", with: "null"), #"[0].side: expected "B" or "A", was null"#),
    (
      fill(1, 1).replacing(#""time":1"#, with: #""time":"x""#),
      #"[0].time: expected a whole number, was "x""#
    ),
    (fill(1, 1).replacing("true", with: "1"), "[0].crossed: expected true or false, was 1"),
  ])
  func refusesFillsItCannotRead(row: String, cause: String) async {
    #expect(
      await unreadableCause { () async throws(InfoError) in try await Self.fills(row) } == cause)
  }

  @Test func readsFillsOfAllKinds() async throws {
    let liquidation =
      #","liquidation":{"liquidatedUser":"0x286edfa08c04f6899dab3bfdecf2dd133f9733b9","#
      + #""markPx":"1","method":"market"},"cloid":"0x000102030405060708090a0b0c0d0e0f""#
    let huge = Self.fill(4, 5, coin: "@142").replacing("0.001", with: "99999999999999999.0")

    let fills = try await Self.fills(
      [Self.fill(3, 9, coin: "@107"), Self.fill(2, 1, liquidation), huge].joined(separator: ","))

    #expect(fills.map(\.coin) == [infoBTC, nil])
    #expect(fills.map(\.symbol) == ["BTC", "@107"])
    #expect(fills[0].liquidatedUser == infoStranger)
    #expect(fills[0].id == infoOrderID)
    #expect(fills[0].feeToken == "USDC")
    #expect(fills[0].fee.description == "0.029997")
    #expect(fills[0].startPosition.description == "-0.0213")
  }

  @Test func fillsOf2023WithoutTradeIDsStayApart() async throws {
    let row = Self.fill(2, 1).replacing(#","tid":1"#, with: "")
    let other = row.replacing("-0.0213", with: "-0.0203")

    let fills = try await Self.fills([row, other, row].joined(separator: ","))

    #expect(fills.count == 2)
    #expect(fills.allSatisfy { $0.tradeID >= 0 })
  }

  /// 1,100 fills, some of one ms, listed 500 at a time from either end.
  @Test(arguments: [false, true])
  func turnsPagesInEitherOrder(newestFirst: Bool) async throws {
    let all = (0..<1_100).map { (time: Self.start.ms + Int64($0 / 3), trade: $0) }
    let script = InfoScript { request, _ in
      let from = InfoCandleTests.number(after: #""startTime":"#, in: request.body)
      let end = InfoCandleTests.number(after: #""endTime":"#, in: request.body)
      let inside = all.filter { $0.time >= from && (end == 0 || $0.time <= end) }
      let page = newestFirst ? Array(inside.reversed().prefix(500)) : Array(inside.prefix(500))
      let rows = page.map { Self.fill($0.time, $0.trade) }.joined(separator: ",")
      return HTTPResponse(status: 200, headers: [], body: Array("[\(rows)]".utf8))
    }

    let fills = try await InfoStage(script).info.fillsByTime(
      infoAccount, from: Self.start, to: nil)

    #expect(fills.map(\.tradeID) == (0..<1_100).map { Int64($0) })
    #expect(script.requests.count == 3)
  }

  @Test func aVenueWithoutEndIsGivenUp() async {
    let script = InfoScript { request, _ in
      let from = InfoCandleTests.number(after: #""startTime":"#, in: request.body)
      let rows = (0..<500).map { Self.fill(from + Int64($0), $0) }.joined(separator: ",")
      return HTTPResponse(status: 200, headers: [], body: Array("[\(rows)]".utf8))
    }
    let stage = InfoStage(script, timeout: .seconds(90))

    let result = await reading { () async throws(InfoError) in
      try await stage.info.fillsByTime(infoAccount, from: Self.start, to: nil)
    }

    guard case .failure(.overBudget) = result else {
      Issue.record("expected overBudget, was \(result)")
      return
    }
    #expect(script.requests.count == 24)
  }

  @Test func readsFundingOncePerTimeAndCoin() async throws {
    func row(_ time: Int, _ coin: String, _ usdc: String) -> String {
      #"{"time":\#(time),"hash":"0x","delta":{"type":"funding","coin":"\#(coin)","#
        + #""usdc":"\#(usdc)","szi":"40.13333333","fundingRate":"-0.00029319","nSamples":3}}"#
    }
    let rows = [
      row(9, "ETH", "-1"), row(9, "BTC", "0.1457965"), row(9, "ETH", "-1"), row(8, "x:A", "1"),
    ]
    let stage = InfoStage("[\(rows.joined(separator: ","))]")

    let payments = try await stage.info.funding(infoAccount, from: Self.start, to: Self.start)

    #expect(payments.map(\.coin.name) == ["BTC", "ETH"])
    // Half to even: 0.1457965 → 0.145796.
    #expect(payments.map(\.amount.description) == ["0.145796", "-1"])
    #expect(payments[0].rate.description == "-0.00029319")
  }

  @Test func fundingRatesAreOfFullHours() async throws {
    let hour = 1_790_352_000_000
    let stage = InfoStage(
      #"[{"coin":"BTC","fundingRate":"0.0000125","time":\#(hour + 45)},"#
        + #"{"coin":"BTC","fundingRate":"0.0000130","premium":"1","time":\#(hour - 3_600_003)}]"#)

    let points = try await stage.info.fundingHistory(infoBTC, from: Self.start, to: nil)

    #expect(points.map(\.at.ms) == [Int64(hour - 3_600_000), Int64(hour)])
    #expect(points.map(\.rate.description) == ["0.000013", "0.0000125"])
  }

  private static let us = "\"0x31ca8395cf837de08b24da3f660e77761dfb974b\""
  private static let them = "\"0x286edfa08c04f6899dab3bfdecf2dd133f9733b9\""

  // What arrives in the perpetuals; "none" = does not touch them, "?" = not known.
  @Test(arguments: [
    (#""type":"deposit","usdc":"2703997.4500000002""#, "2703997.45"),
    (#""type":"withdraw","usdc":"100.0","nonce":1,"fee":"1.0""#, "-101"),
    (#""type":"accountClassTransfer","usdc":"12.0","toPerp":false"#, "-12"),
    (#""type":"accountClassTransfer","usdc":"12.0","toPerp":true"#, "12"),
    (#""type":"internalTransfer","usdc":"5","user":\#(them),"destination":\#(us),"fee":"1""#, "5"),
    (#""type":"internalTransfer","usdc":"5","user":\#(us),"destination":\#(them),"fee":"1""#, "-6"),
    (#""type":"internalTransfer","usdc":"5","user":\#(us),"destination":\#(us),"fee":"1""#, "-1"),
    (#""type":"internalTransfer","usdc":"5","user":\#(them),"destination":\#(them)"#, "?"),
    (#""type":"subAccountTransfer","usdc":"5","user":\#(us),"destination":\#(them)"#, "-5"),
    (
      #""type":"send","user":\#(them),"destination":\#(us),"sourceDex":"spot","destinationDex":"","#
        + #""token":"USDC","amount":"7","usdcValue":"7","fee":"0""#, "7"
    ),
    (
      #""type":"send","user":\#(us),"destination":\#(us),"sourceDex":"","destinationDex":"spot","#
        + #""token":"USDC","amount":"7","usdcValue":"7","fee":"0.5""#, "-7.5"
    ),
    (
      #""type":"send","user":\#(us),"destination":\#(them),"sourceDex":"spot","#
        + #""destinationDex":"spot","token":"HYPE","amount":"7","fee":"0.5""#, "none"
    ),
    (#""type":"vaultDeposit","vault":\#(them),"usdc":"50""#, "-50"),
    (#""type":"vaultDeposit","vault":\#(us),"usdc":"50""#, "50"),
    (#""type":"vaultWithdraw","vault":\#(them),"requestedUsd":"50","netWithdrawnUsd":"48""#, "48"),
    (
      #""type":"vaultWithdraw","vault":\#(them),"requestedUsd":"50","commission":"2","#
        + #""closingCost":"0.5""#, "47.5"
    ),
    (#""type":"vaultWithdraw","vault":\#(us),"requestedUsd":"50""#, "?"),
    (#""type":"spotTransfer","token":"USDC","amount":"10.5","user":\#(us)"#, "none"),
    (#""type":"liquidation","liquidatedNtlPos":"5""#, "none"),
    (#""type":"rewardsClaim","amount":"5""#, "?"),
  ])
  func tellsWhatMoneyMoved(delta: String, expected: String) async throws {
    let stage = InfoStage(#"[{"time":5,"hash":"0x1","delta":{\#(delta)}}]"#)

    let moves = try await stage.info.ledgerUpdates(infoAccount, from: Self.start, to: nil)

    #expect((moves.first.map { $0.amount?.description ?? "?" } ?? "none") == expected)
  }

  @Test(arguments: [
    (#""type":"deposit""#, "[0].delta.usdc: expected an amount of USD, was absent"),
    (
      #""type":"deposit","usdc":"30000000000""#,
      #"[0].delta.usdc: expected an amount of USD, was "30000000000""#
    ),
    (
      #""type":"accountClassTransfer","usdc":"1""#,
      "[0].delta.toPerp: expected true or false, was absent"
    ),
    (
      #""type":"internalTransfer","usdc":"1""#,
      "[0].delta.destination: expected an address, was absent"
    ),
  ])
  func refusesMoneyMovesItCannotRead(delta: String, cause: String) async {
    let stage = InfoStage(#"[{"time":5,"hash":"0x1","delta":{\#(delta)}}]"#)
    let found = await unreadableCause { () async throws(InfoError) in
      try await stage.info.ledgerUpdates(infoAccount, from: Self.start, to: nil)
    }
    #expect(found == cause)
  }
}
