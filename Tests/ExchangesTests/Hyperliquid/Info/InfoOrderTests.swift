import Exchanges
import Testing
import Trading

@Suite("Hyperliquid's orders")
struct InfoOrderTests {
  private static func order(_ number: Int, _ more: String = "", coin: String = "BTC") -> String {
    #"{"coin":"\#(coin)","side":"A","limitPx":"9.2037","sz":"0.0","oid":\#(number),"#
      + #""timestamp":1700126022555,"origSz":"12.5"\#(more)}"#
  }

  private static let trigger = #","isTrigger":true,"triggerPx":"10.004""#

  private static func status(_ word: String, at time: Int = 5, _ number: Int = 1) -> String {
    #"{"order":\#(order(number)),"status":"\#(word)","statusTimestamp":\#(time)}"#
  }

  @Test(arguments: [
    (order(1).replacing("\"A\"", with: "\"S\""), #"[0].side: expected "B" or "A", was "S""#),
    (
      order(1).replacing("9.2037", with: "0.0"),
      #"[0].limitPx: expected a price above zero, was "0.0""#
    ),
    (
      order(1, #","isTrigger":true,"triggerPx":"0.0""#),
      #"[0].triggerPx: expected a price above zero, was "0.0""#
    ),
    (
      order(1).replacing(#""oid":1"#, with: #""oid":1.5"#),
      "[0].oid: expected a whole number, was 1.5"
    ),
    (
      order(1).replacing("1700126022555", with: "-4"),
      "[0].timestamp: expected a time in ms, was -4"
    ),
    (order(1, #","children":[{"coin":"BTC"}]"#), "[0].sz: expected a size, was absent"),
    (order(1, #","reduceOnly":"yes""#), #"[0].reduceOnly: expected true or false, was "yes""#),
  ])
  func refusesOrdersItCannotRead(row: String, cause: String) async {
    let stage = InfoStage("[\(row)]")
    let found = await unreadableCause { () async throws(InfoError) in
      try await stage.info.frontendOpenOrders(infoAccount)
    }
    #expect(found.hasSuffix(cause), "\(found)")
  }

  @Test func listsChildrenOnceAndLeavesSpotOut() async throws {
    let child = Self.order(7, Self.trigger + #","cloid":"0x000102030405060708090A0B0C0D0E0F""#)
    let parent = Self.order(
      5, #","tif":"Gtc","cloid":null,"children":[\#(child),\#(Self.order(9))]"#)
    let stage = InfoStage("[\(child),\(parent),\(Self.order(3, coin: "@107"))]")

    let orders = try await stage.info.frontendOpenOrders(infoAccount)

    #expect(orders.map(\.number) == [5, 7, 9])
    #expect(orders.map(\.id) == [nil, infoOrderID, nil])
    #expect(orders[1].isTrigger)
    let resting = orders[1].resting(purpose: .stop)
    let trigger = try #require(Price("10.004"))
    let limit = try #require(Price("9.2037"))
    #expect(resting.kind == .trigger(at: trigger, limit: limit))
    #expect(resting.side == .sell)
    #expect(orders[0].resting(purpose: nil).kind == .limit(limit, .goodTilCancelled))
    #expect(orders[0].originalSize.description == "12.5")
  }

  @Test func anUnknownOrderIsNil() async throws {
    let stage = InfoStage(#"{"status":"unknownOid"}"#)
    #expect(try await stage.info.orderStatus(infoAccount, infoOrderID) == nil)
  }

  @Test(arguments: [
    ("{}", "status: expected a text, was absent"),
    (#"{"status":"maybe"}"#, #"status: expected "order" or "unknownOid", was "maybe""#),
    (#"{"status":"order"}"#, "order: expected a value, was absent"),
    (
      #"{"status":"order","order":{"order":{"coin":"@1"},"status":"open","statusTimestamp":1}}"#,
      "order.order.coin: expected a coin that can be traded"
    ),
  ])
  func neverTakesAnOddAnswerForAnUnknownOrder(body: String, cause: String) async {
    let stage = InfoStage(body)
    let found = await unreadableCause { () async throws(InfoError) in
      try await stage.info.orderStatus(infoAccount, infoOrderID)
    }
    #expect(found == cause)
  }

  // The words of fact sheet §3: o = open, f = filled, c = cancelled, r = rejected, - = none.
  @Test(arguments: [
    ("o", "open triggered"), ("f", "filled"),
    (
      "c",
      """
      canceled marginCanceled vaultWithdrawalCanceled openInterestCapCanceled selfTradeCanceled \
      reduceOnlyCanceled siblingFilledCanceled delistedCanceled liquidatedCanceled \
      outcomeSettledCanceled scheduledCancel internalCancel
      """
    ),
    (
      "r",
      """
      rejected tickRejected minTradeNtlRejected perpMarginRejected reduceOnlyRejected \
      badAloPxRejected iocCancelRejected badTriggerPxRejected marketOrderNoLiquidityRejected \
      positionIncreaseAtOpenInterestCapRejected oracleRejected perpMaxPositionRejected
      """
    ),
    ("-", "somethingNew"),
  ])
  func classifiesWhatBecameOfAnOrder(kind: String, words: String) async throws {
    for word in words.split(separator: " ") {
      let stage = InfoStage(#"{"status":"order","order":\#(Self.status(String(word)))}"#)

      let status = try #require(try await stage.info.orderStatus(infoAccount, infoOrderID))

      #expect(status.isOpen == (kind == "o"), "\(word)")
      #expect(status.isFilled == (kind == "f"), "\(word)")
      #expect(status.isCancelled == (kind == "c"), "\(word)")
      #expect(status.isRejected == (kind == "r"), "\(word)")
    }
  }

  @Test func keepsTheNewestWordOfEachOrder() async throws {
    let rows = [
      Self.status("filled", at: 9, 1), Self.status("open", at: 9, 1), Self.status("open", at: 3, 2),
      Self.status("canceled", at: 4, 2), Self.status("open", at: 2, 2),
    ]
    let stage = InfoStage("[\(rows.joined(separator: ","))]")

    let statuses = try await stage.info.historicalOrders(infoAccount)

    #expect(statuses.map(\.order.number) == [1, 2])
    #expect(statuses.map(\.status) == ["filled", "canceled"])
  }
}
