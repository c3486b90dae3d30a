import Exchanges
import Market
import Testing
import Trading

@Suite("Hyperliquid's coins and prices")
struct InfoMarketTests {
  private static let tables =
    #""marginTables":[[56,{"description":"x","marginTiers":["#
    + #"{"lowerBound":"0.0","maxLeverage":40},{"lowerBound":"150000000.0","maxLeverage":20}]}]]"#

  private static func meta(_ rows: String) -> String { #"{"universe":[\#(rows)],\#(tables)}"# }

  @Test(arguments: [
    ("[]", "universe: expected a value, was absent"),
    (#"{"universe":{}}"#, "universe: expected a list, was an object"),
    (meta(#"{"szDecimals":5}"#), "universe[0].name: expected a text, was absent"),
    (
      #"{"universe":[],"marginTables":[[1,{"marginTiers":[{"lowerBound":"x","maxLeverage":3}]}]]}"#,
      "marginTables[0].marginTiers[0].lowerBound: expected an amount of USD, was \"x\""
    ),
  ])
  func refusesCoinsWithoutNamesAndRules(body: String, cause: String) async {
    let stage = InfoStage(body)
    #expect(await unreadableCause(stage.info.meta) == cause)
  }

  @Test(arguments: [
    (#"{"name":"BTC","szDecimals":7,"maxLeverage":40}"#, "szDecimals: expected 0 to 6, was 7"),
    (#"{"name":"BTC","maxLeverage":40}"#, "szDecimals: expected a whole number, was absent"),
    (
      #"{"name":"BTC","szDecimals":5,"marginTableId":57}"#,
      "marginTableId: expected the id of a margin table, was 57"
    ),
    (#"{"name":"BTC","szDecimals":5}"#, "maxLeverage: expected a whole number, was absent"),
    (
      #"{"name":"BTC","szDecimals":5,"maxLeverage":0}"#,
      "maxLeverage: expected 1 to 1000, was 0"
    ),
  ])
  func skipsAnOddCoinAndKeepsTheOthersInPlace(row: String, reason: String) async throws {
    let stage = InfoStage(Self.meta(row + #",{"name":"SOL","szDecimals":2,"maxLeverage":20}"#))

    let universe = try await stage.info.meta()

    #expect(universe.skipped == [#"asset 0 "BTC": \#(reason)"#])
    #expect(universe.entries == 2)
    #expect(universe[infoBTC] == nil)
    #expect(universe[known(Coin("SOL"))]?.index == 1)
  }

  @Test func countsDelistedCoinsAndReadsTiers() async throws {
    let stage = InfoStage(
      Self.meta(
        #"{"szDecimals":5,"name":"BTC","maxLeverage":40,"marginTableId":56,"new":[1]},"#
          + #"{"szDecimals":1,"name":"MATIC","maxLeverage":20,"marginTableId":20,"#
          + #""isDelisted":true},"#
          + #"{"szDecimals":0,"name":"kPEPE","maxLeverage":10,"marginTableId":10,"#
          + #""marginMode":"strictIsolated"},"#
          + #"{"szDecimals":2,"name":"OLD","maxLeverage":50,"onlyIsolated":true}"#))

    let universe = try await stage.info.meta()

    #expect(universe.assets.map(\.index) == [0, 1, 2, 3])
    #expect(universe.assets.map(\.instrument.isDelisted) == [false, true, false, false])
    #expect(universe.assets.map(\.onlyIsolated) == [false, false, true, true])
    #expect(universe.assets.map(\.instrument.maxLeverage) == [40, 20, 10, 50])
    let tiers = try #require(universe[infoBTC]).instrument.tiers
    #expect(tiers.map(\.maxLeverage) == [40, 20])
    #expect(tiers.map(\.lowerBound.description) == ["0", "150000000"])
  }

  @Test func aListedCoinBeatsADelistedOneOfItsName() async throws {
    let stage = InfoStage(
      Self.meta(
        #"{"szDecimals":5,"name":"BTC","maxLeverage":40,"isDelisted":true},"#
          + #"{"szDecimals":4,"name":"BTC","maxLeverage":40}"#))
    #expect(try await stage.info.meta()[infoBTC]?.index == 1)
  }

  private static let context =
    #"{"funding":"-0.0000015186","openInterest":"605822.2557999999","prevDayPx":"76317.0","#
    + #""dayNtlVlm":"1516669192.1953897476","premium":null,"oraclePx":"77605.0","#
    + #""markPx":"77562.0","midPx":null,"impactPxs":null}"#

  @Test func readsContextsWithNulls() async throws {
    let body =
      "[" + Self.meta(#"{"szDecimals":5,"name":"BTC","maxLeverage":40}"#) + ",[\(Self.context)]]"

    let (universe, contexts) = try await InfoStage(body).info.metaAndAssetCtxs()

    #expect(universe.assets.count == 1)
    let context = try #require(contexts.first ?? nil)
    #expect(context.funding.description == "-0.0000015186")
    #expect(context.openInterest == 605822.2557999999)
    #expect(context.dayVolumeUSD == 1_516_669_192.1953897476)
    #expect(context.mark.description == "77562")
    #expect(context.oracle.description == "77605")
    #expect(context.previousDay?.description == "76317")
    #expect(context.mid == nil)
    #expect(context.premium == nil)
    #expect(context.impactBid == nil)
  }

  @Test(arguments: [
    ("", "[1]: expected 1 rows, one per coin, was 0"),
    ("{}", "[0].markPx: expected mark and oracle prices, was absent"),
    (
      #"{"funding":"1","openInterest":"1","oraclePx":"abc","markPx":"1"}"#,
      "[0].oraclePx: expected a price, was \"abc\""
    ),
    (
      #"{"funding":"NaN","openInterest":"1","oraclePx":"1","markPx":"1"}"#,
      "[0].funding: expected a rate, was \"NaN\""
    ),
    (
      #"{"funding":"0","openInterest":"inf","oraclePx":"1","markPx":"1"}"#,
      "[0].openInterest: expected a number, was \"inf\""
    ),
    (
      #"{"funding":"0","openInterest":"1","oraclePx":"1","markPx":"1","impactPxs":["1"]}"#,
      "[0].impactPxs: expected two prices, was a list"
    ),
  ])
  func refusesContextsThatMakeNoSense(rows: String, cause: String) async {
    let body =
      "[" + Self.meta(#"{"szDecimals":5,"name":"BTC","maxLeverage":40}"#) + ",[\(rows)]]"
    #expect(await unreadableCause(InfoStage(body).info.metaAndAssetCtxs) == cause)
  }

  @Test func aCoinWithoutPriceHasNoContext() async throws {
    let body =
      "[" + Self.meta(#"{"szDecimals":5,"name":"BTC","maxLeverage":40}"#)
      + #",[{"funding":"0.0","openInterest":"0.0","oraclePx":"0.0","markPx":"0.0"}]]"#
    #expect(try await InfoStage(body).info.metaAndAssetCtxs().1 == [nil])
  }

  @Test func leavesOutMidsOfWhatCannotBeTraded() async throws {
    let stage = InfoStage(
      ##"{"BTC":"30135.0","kPEPE":"0.006543","@107":"x","#3":"1","xyz:A":"1"}"##)
    let mids = try await stage.info.allMids()
    #expect(mids.mapValues(\.description) == [infoBTC: "30135", known(Coin("kPEPE")): "0.006543"])
  }

  @Test func refusesABookOfAnotherCoin() async {
    let stage = InfoStage(#"{"coin":"ETH","time":1,"levels":[[],[]]}"#)
    let cause = await unreadableCause { () async throws(InfoError) in
      try await stage.info.l2Book(infoBTC)
    }
    #expect(cause == #"coin: expected "BTC", was "ETH""#)
  }

  @Test func readsABook() async throws {
    let stage = InfoStage(
      #"{"coin":"BTC","time":5,"levels":[[{"px":"9.5","sz":"2.0","n":1}],[{"px":"10","sz":"1"}]]}"#)
    let book = try await stage.info.l2Book(infoBTC)
    #expect(book.bids.map(\.price.description) == ["9.5"])
    #expect(book.asks.map(\.size.description) == ["1"])
  }
}
