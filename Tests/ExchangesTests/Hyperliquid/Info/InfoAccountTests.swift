import Exchanges
import Testing
import Trading

@Suite("Hyperliquid's accounts")
struct InfoAccountTests {
  private static let summary =
    #"{"accountValue":"1000.0000015","totalNtlPos":"1","totalRawUsd":"-500.25","#
    + #""totalMarginUsed":"12.5"}"#

  private static func state(_ positions: String, _ more: String = "") -> String {
    #"{"marginSummary":\#(summary),"withdrawable":"7.0","assetPositions":[\#(positions)]\#(more)}"#
  }

  private static func position(_ coin: String, _ size: String, _ more: String = "") -> String {
    #"{"type":"oneWay","position":{"coin":"\#(coin)","szi":"\#(size)","leverage":"#
      + #"{"type":"isolated","value":10,"rawUsd":"-1"},"entryPx":"81285.0","#
      + #""positionValue":"377667.0","unrealizedPnl":"-1.5","liquidationPx":null,"#
      + #""marginUsed":"37766.7"\#(more)}}"#
  }

  @Test(arguments: [
    ("{}", "marginSummary: expected an object, was absent"),
    (state("{}"), "assetPositions[0].position: expected a value, was absent"),
    (
      state(position("BTC", "lots")),
      "assetPositions[0].position.szi: expected a signed size, was \"lots\""
    ),
    (
      state(position("BTC", "1").replacing("377667.0", with: "-3")),
      "assetPositions[0].position.positionValue: expected the worth of 1 coins, was \"-3\""
    ),
    (
      state(position("BTC", "1").replacing("isolated", with: "shared")),
      #"assetPositions[0].position.leverage.type: expected "cross" or "isolated", was "shared""#
    ),
    (
      state("").replacing("-500.25", with: "1e30"),
      "marginSummary.totalRawUsd: expected an amount of USD, was \"1e30\""
    ),
    (
      state("").replacing(#""7.0""#, with: "null"),
      "withdrawable: expected an amount of USD, was null"
    ),
  ])
  func refusesMoneyItCannotRead(body: String, cause: String) async {
    let stage = InfoStage(body)
    let found = await unreadableCause { () async throws(InfoError) in
      try await stage.info.clearinghouseState(infoAccount)
    }
    #expect(found == cause)
  }

  @Test func readsPositionsWithTheirMark() async throws {
    let stage = InfoStage(
      Self.state(
        [("ETH", "-2"), ("BTC", "4.5"), ("@7", "x"), ("SOL", "0.0")]
          .map { Self.position($0.0, $0.1) }.joined(separator: ","), #","time":17"#))

    let account = try await stage.info.clearinghouseState(infoAccount)

    #expect(account.at == Timestamp(ms: 17))
    // 1000.0000015 lies between two millionths: half to even.
    #expect(account.equity.description == "1000.000002")
    #expect(account.rawUSD.description == "-500.25")
    #expect(account.maintenanceMargin == .zero)
    #expect(account.positions.map(\.coin.name) == ["BTC", "ETH"])
    // 377667 / 4.5 and 377667 / 2.
    #expect(account.positions.map { $0.mark?.description } == ["83926", "188833.5"])
    #expect(account.positions.map(\.size.description) == ["4.5", "-2"])
    #expect(account.isolated.count == 2)
  }

  @Test func withoutATimeItIsAsOfTheReading() async throws {
    let stage = InfoStage(Self.state(""))
    let account = try await stage.info.clearinghouseState(infoAccount)
    #expect(account.at == stage.clock.now)
  }

  @Test(arguments: [
    (#"{"role":"user"}"#, AccountRole.user), (#"{"role":"vault"}"#, .vault),
    (#"{"role":"missing"}"#, .missing),
    (
      #"{"role":"agent","data":{"user":"0x31CA8395cf837de08b24da3f660e77761dfb974b"}}"#,
      .agent(of: infoAccount)
    ),
    (
      #"{"role":"subAccount","data":{"master":"0x286edfa08c04f6899dab3bfdecf2dd133f9733b9"}}"#,
      .subAccount(of: infoStranger)
    ),
  ])
  func tellsRoles(body: String, role: AccountRole) async throws {
    #expect(try await InfoStage(body).info.role(infoAccount) == role)
  }

  @Test(arguments: [
    (#"{"role":"king"}"#, "role: expected user, agent, vault, subAccount or missing, was \"king\""),
    (#"{"role":"agent"}"#, "data: expected a value, was absent"),
    (#"{"role":"agent","data":{"user":"0x1"}}"#, "data.user: expected an address, was \"0x1\""),
  ])
  func refusesRolesItDoesNotKnow(body: String, cause: String) async {
    let stage = InfoStage(body)
    let found = await unreadableCause { () async throws(InfoError) in
      try await stage.info.role(infoAccount)
    }
    #expect(found == cause)
  }

  @Test func readsTheSmallAnswers() async throws {
    let fees = try await InfoStage(#"{"userCrossRate":"0.00045","userAddRate":"-0.00003"}"#).info
      .fees(infoAccount)
    #expect(fees.taker.description == "4.5")
    #expect(fees.maker.description == "-0.3")

    let mode = try await InfoStage(#""unifiedAccount""#).info.userAbstraction(infoAccount)
    #expect(mode == "unifiedAccount")

    let budget = try await InfoStage(
      #"{"cumVlm":"170043721737.450012207","nRequestsUsed":5,"nRequestsCap":10000}"#
    ).info.rateLimit(infoAccount)
    #expect(budget.used == 5)
    #expect(budget.surplus == nil)
    #expect(budget.volume.mantissa == .max)

    let agents = try await InfoStage(
      #"[{"name":"a","address":"0x286edfa08c04f6899dab3bfdecf2dd133f9733b9","validUntil":9},"#
        + #"{"address":"0x31ca8395cf837de08b24da3f660e77761dfb974b","validUntil":null}]"#
    ).info.extraAgents(infoAccount)
    #expect(agents.map(\.address) == [infoStranger, infoAccount])
    #expect(agents.map(\.validUntil) == [Timestamp(ms: 9), nil])

    let active = try await InfoStage(
      #"{"leverage":{"type":"cross","value":20},"maxTradeSzs":["1","2"],"markPx":"5.5"}"#
    ).info.activeAssetData(infoAccount, infoBTC)
    #expect(active.leverage == 20)
    #expect(!active.isIsolated)
    #expect(active.mark?.description == "5.5")
  }

  @Test func ofSpotOnlyUSDCMustBeReadable() async throws {
    let memes = #"{"coin":"MEME","total":"99999999999999999.0","hold":"0.0"}"#
    let balances = try await InfoStage(
      #"{"balances":[\#(memes),{"coin":"USDC","token":0,"total":"12.5","hold":"1.0"}]}"#
    ).info.spotClearinghouseState(infoAccount)
    #expect(balances.map(\.token) == ["USDC"])
    #expect(balances.map(\.total.description) == ["12.5"])

    let odd = InfoStage(#"{"balances":[{"coin":"USDC","total":"12.5","hold":"x"}]}"#)
    let cause = await unreadableCause { () async throws(InfoError) in
      try await odd.info.spotClearinghouseState(infoAccount)
    }
    #expect(cause == #"balances[0].hold: expected a signed size, was "x""#)
  }
}
