import Exchanges
import Foundation
import Market
import Testing
import Trading
import Wire

/// Where the recorded payloads for development lie; they are not part of the repository.
private let recordedPayloads: String = {
  let shared =
    ProcessInfo.processInfo.environment["NOF0_SHARED"]
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    + "/../../../../../shared"
  return shared + "/hyperliquid/recorded"
}()

@Suite(
  "Recorded answers of Hyperliquid",
  .enabled(
    if: FileManager.default.fileExists(atPath: recordedPayloads),
    "set NOF0_SHARED to the directory that holds hyperliquid/recorded"))
struct InfoRecordedTests {
  private static let epoch = Timestamp(ms: 0)

  /// A reader before a venue that answers with that file first and with nothing more then.
  private static func stage(
    _ file: String, _ part: (JSONValue) -> JSONValue? = { $0["response"] }
  ) throws -> InfoStage {
    let body = try #require(part(document(file))).document
    return InfoStage(InfoScript([.body(200, body), .body(200, "[]")]))
  }

  private static func document(_ file: String) throws -> JSONValue {
    let path = "\(recordedPayloads)/\(file).json"
    return try JSONReader.value(of: [UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
  }

  @Test func allFilesAreJSON() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: recordedPayloads)
    let names = files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
    #expect(names.count == 37)
    for name in names { _ = try Self.document(name) }
  }

  // MARK: Market

  @Test func theUniverseCountsDelistedCoins() async throws {
    let now = try await Self.stage("obs_meta_excerpt_2026-09").info.meta()
    #expect(now.skipped.isEmpty)
    #expect(
      now.assets.map(\.instrument.coin.name) == ["BTC", "ETH", "ATOM", "MATIC", "DYDX", "SOL"])
    #expect(now.assets.filter(\.instrument.isDelisted).map(\.index) == [3])
    #expect(now[known(Coin("SOL"))]?.index == 5)
    #expect(now[infoBTC]?.instrument.tiers.count == 2)
    #expect(now[known(Coin("ATOM"))]?.instrument.maxLeverage == 5)

    let old = try await Self.stage("sdk_meta").info.meta()
    #expect(old.skipped.isEmpty)
    #expect(old[known(Coin("DYDX"))]?.index == 4)
    #expect(old.assets.count == 28)
  }

  @Test func contextsOfAllCoinsAreRead() async throws {
    let stage = try Self.stage("naut_ws_allDexsAssetCtxs") { file in
      guard let rows = file["response"]?["data"]?["ctxs"]?[0]?[1] else { return nil }
      return .array([.object([JSONMember("universe", .array([]))]), rows])
    }
    let contexts = try await stage.info.metaAndAssetCtxs().1
    #expect(contexts.count == 230)
    #expect(contexts.allSatisfy { $0 != nil })
    #expect(contexts.contains { $0?.mid == nil && $0?.premium == nil && $0?.impactBid == nil })

    let one = try Self.stage("obs_activeAssetCtx_ws_2026-09") { file in
      guard let row = file["response"]?["data"]?["ctx"] else { return nil }
      return .array([.object([JSONMember("universe", .array([]))]), .array([row])])
    }
    let context = try #require(try await one.info.metaAndAssetCtxs().1.first ?? nil)
    #expect(context.mid?.description == "83757.5")
    #expect(context.impactAsk?.description == "83766.8")
  }

  @Test func midsAndBooksAreRead() async throws {
    let mids = try await Self.stage("sdk_allMids__get_all_mids").info.allMids()
    #expect(mids.count == 28)
    for (file, coin) in [
      ("sdk_l2Book__get_l2_snapshot", "DYDX"), ("naut_l2Book_btc", "BTC"),
      ("obs_l2Book_btc_2026-09", "BTC"),
    ] {
      let book = try await Self.stage(file).info.l2Book(known(Coin(coin)))
      #expect(book.bids[0].price < book.asks[0].price)
      #expect(zip(book.bids, book.bids.dropFirst()).allSatisfy { $0.price > $1.price })
      #expect(zip(book.asks, book.asks.dropFirst()).allSatisfy { $0.price < $1.price })
    }
  }

  @Test func theFirstCandleContainsTheStartAndTheLastIsForming() async throws {
    let from = Timestamp(ms: 1_684_702_007_000)
    let to = Timestamp(ms: 1_684_784_807_000)
    let old = try await Self.stage("sdk_candleSnapshot__get_candles_snapshot").info.candles(
      known(Coin("kPEPE")), .h1, from: from, to: to, now: to + .hours(5))
    #expect(old.finished.count == 24)
    #expect(old.finished[0].openTime <= from && from < old.finished[0].openTime + .hour)

    // 1,664 s after the last candle began.
    let now = Timestamp(ms: 1_790_360_864_964)
    let new = try await Self.stage("obs_candleSnapshot_btc_1h_2026-09").info.candles(
      infoBTC, .h1, from: Timestamp(ms: 1_790_344_800_000), to: now, now: now)
    #expect(new.finished.count == 4)
    #expect(new.forming?.close.description == "83931")
  }

  @Test(arguments: [
    ("sdk_fundingHistory__get_funding_history_None", 1_038),
    ("sdk_fundingHistory__get_funding_history_1684811870000", 34),
    ("naut_fundingHistory_premium_missing", 3), ("obs_fundingHistory_btc_2026-09", 3),
  ])
  func fundingRatesAreOfFullHours(file: String, count: Int) async throws {
    let points = try await Self.stage(file).info.fundingHistory(infoBTC, from: Self.epoch, to: nil)
    #expect(points.count == count)
    #expect(points.allSatisfy { $0.at.ms % 3_600_000 == 0 })
  }

  // MARK: Account

  @Test func equityIsRawUSDAndTheWorthOfThePositions() async throws {
    let old = try await Self.stage("sdk_clearinghouseState__get_user_state").info
      .clearinghouseState(infoAccount)
    #expect(old.equity.description == "1182.312496")
    let worth = old.positions.reduce(USD.zero) { sum, position in
      sum + (position.mark.map { $0 * position.size } ?? .zero)
    }
    // The marks are quotients of amounts of 1e-6 and so are off by some 1e-8.
    let gap = (old.equity - old.rawUSD - worth).magnitude
    #expect(gap < USD(mantissa: 100), "\(gap)")

    let new = try await Self.stage("obs_clearinghouseState_2026-09").info
      .clearinghouseState(infoAccount)
    #expect(new.equity.description == "38252.7")
    // maintenance = 377667 / (2 · 40)
    #expect(new.maintenanceMargin.description == "4720.8375")
    #expect(new.at == Timestamp(ms: 1_790_360_864_964))
    let mark = try #require(new.positions.first?.mark)
    #expect(mark.description == "83926")
    #expect(mark * new.positions[0].size == new.equity - new.rawUSD)

    let negative = try await Self.stage("naut_clearinghouse_negative_rawUsd").info
      .clearinghouseState(infoAccount)
    #expect(negative.rawUSD.description == "-22358.938225")
  }

  @Test func childrenAppearOnce() async throws {
    let orders = try await Self.stage("sdk_frontendOpenOrders__get_frontend_open_orders").info
      .frontendOpenOrders(infoAccount)
    #expect(orders.map(\.number) == [3_184_595_905, 3_184_595_906, 3_184_595_907])
    #expect(orders.map(\.isTrigger) == [false, true, true])
    #expect(orders[1].trigger?.description == "9.995")

    let open = try await Self.stage("sdk_openOrders__get_open_orders").info
      .frontendOpenOrders(infoAccount)
    #expect(open.count == 196)

    let ended = try await Self.stage("sdk_historicalOrders__historical_orders").info
      .historicalOrders(infoAccount)
    #expect(ended.count == 5)
    #expect(ended.filter(\.isRejected).count == 3)
    #expect(ended.filter(\.isCancelled).count == 2)
  }

  @Test(arguments: [
    "sdk_userFillsByTime__get_user_fills_by_time", "sdk_userFills__get_user_fills",
  ])
  func fillsOf2023ComeOutByTime(file: String) async throws {
    let fills = try await Self.stage(file).info.fillsByTime(infoAccount, from: Self.epoch, to: nil)
    #expect(fills.count == 500)
    #expect(zip(fills, fills.dropFirst()).allSatisfy { $0.at <= $1.at })
  }

  @Test func unusualFillsAreRead() async throws {
    let special = try await Self.stage("naut_userFills_special_dirs").info
      .fillsByTime(infoAccount, from: Self.epoch, to: nil)
    #expect(special.map(\.symbol) == ["@156", "@142", "MANTA", "JUP", "ARB"])
    #expect(special.map { $0.coin?.name } == [nil, nil, "MANTA", "JUP", "ARB"])

    let liquidation = try await Self.stage("naut_ws_fill_liquidation") {
      $0["response"]?["data"]?["fills"]
    }.info.fillsByTime(infoAccount, from: Self.epoch, to: nil)
    #expect(
      liquidation.first?.liquidatedUser?.description
        == "0x360878d351f05975e25f1807a27895e1e5e004fb")

    let socket = try await Self.stage("obs_ws_userFills_2026-09") {
      $0["response"]?["data"]?["fills"]
    }.info.fillsByTime(infoAccount, from: Self.epoch, to: nil)
    #expect(!socket.isEmpty)
  }

  @Test func fundingAndMoneyMovesAreRead() async throws {
    for (file, count) in [
      ("sdk_userFunding__user_funding_history_with_end_time", 13),
      ("sdk_userFunding__user_funding_history_without_end_time", 218),
    ] {
      let funding = try await Self.stage(file).info.funding(infoAccount, from: Self.epoch, to: nil)
      #expect(funding.count == count)
    }
    let owner = known(EthereumAddress("0x2ba553d9f990a3b66b03b2dc0d030dfc1c061036"))
    let kind = "sdk_userNonFundingLedgerUpdates__user_non_funding_ledger_updates"
    let moves = try await Self.stage("\(kind)_without_end_time").info
      .ledgerUpdates(owner, from: Self.epoch, to: nil)
    #expect(
      moves.map { $0.amount?.description } == ["2703997.45", "-12", "-2684105.01", "1099994.98"])
    let none = try await Self.stage("\(kind)_with_end_time").info
      .ledgerUpdates(owner, from: Self.epoch, to: nil)
    #expect(none.isEmpty)
  }

  @Test func limitsRolesAndAgentsAreRead() async throws {
    let budget = try await Self.stage("sdk_userRateLimit__user_rate_limit").info
      .rateLimit(infoAccount)
    #expect(budget.surplus == nil)
    #expect(budget.cap == 170_043_731_737)
    let role = try await Self.stage("sdk_userRole__user_role").info.role(infoAccount)
    #expect(role == .vault)
    let agents = try await Self.stage("sdk_extraAgents__extra_agents").info
      .extraAgents(infoAccount)
    #expect(agents.map(\.validUntil?.ms) == [1_767_776_120_478, 1_771_174_068_515])
  }

  // MARK: Actions

  /// What each of the 18 observed answers comes down to, in their order.
  private static let meanings = [
    "filled 0.02", "error Reduce on", "success,error Order was,error Order was",
    "refused Signed act", "error Order cou", "filled 136", "error Order mus",
    "error Insuffici", "refused Too many c", "refused User or AP", "refused Unable to ",
    "duplicate",
    "resting", "resting,waiting,waiting", "done", "refused Action dis", "refused Must depos",
    "refused Scheduled ",
  ]

  @Test func observedAnswersToActionsAreUnderstood() async throws {
    let file = try Self.document("obs_exchange_responses_2026")
    let cases = try #require(file["cases"]?.elements)
    var found: [String] = []
    for example in cases {
      let status = try #require(example["http_status"]?.whole)
      let body = try #require(example["body"]).document
      let stage = InfoStage(InfoScript([.body(status, body)]))
      found.append(Self.meaning(of: await stage.wire.send(Array("{}".utf8))))
    }
    #expect(found == Self.meanings)
  }

  @Test func aTrimmedOrderStatusIsNotAnUnknownOrder() async throws {
    let stage = try Self.stage("obs_exchange_responses_2026") { $0["orderStatus_sample"] }
    let cause = await unreadableCause { () async throws(InfoError) in
      try await stage.info.orderStatus(infoAccount, infoOrderID)
    }
    #expect(cause == "order.order.coin: expected a text, was absent")
  }

  private static func meaning(of answer: ExchangeAnswer) -> String {
    switch answer {
    case .statuses(let words): words.map(meaning).joined(separator: ",")
    case .done: "done"
    case .refused(let reason): "refused \(reason.prefix(10))"
    case .duplicateNonce: "duplicate"
    case .notSent(let reason): "not sent \(reason)"
    case .unknown(let reason): "unknown \(reason)"
    }
  }

  private static func meaning(of word: OrderStatusWord) -> String {
    switch word {
    case .filled(let size, _, _): "filled \(size)"
    case .resting: "resting"
    case .waiting: "waiting"
    case .success: "success"
    case .error(let reason): "error \(reason.prefix(9))"
    }
  }
}
