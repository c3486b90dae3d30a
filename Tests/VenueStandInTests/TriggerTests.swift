import Testing
import Trading
import VenueStandIn

@Suite struct TriggerTests {
  private func long(_ size: String = "1") throws -> TestClient {
    let client = try TestClient()
    #expect(client.order(limit(1, .buy, size, at: "3100")).error == nil)
    return client
  }

  @Test(arguments: [
    trigger(1, .sell, "1", at: "3000", limit: "2700", "sl"),
    trigger(1, .sell, "1", at: "3000", limit: "2700", "tp"),
    trigger(1, .sell, "1", at: "2900.12", limit: "2700", "sl"),
  ])
  func refusesLevelsThatWouldFireOrAreNoTicks(order: String) throws {
    let client = try long()
    #expect(client.order(order).error == "Invalid TP/SL price. asset=1")
  }

  @Test func firesAtTheMark() throws {
    let client = try long()
    let answer = client.order(
      trigger(1, .sell, "1", at: "2900", limit: "2610", "sl", cloid: 1),
      trigger(1, .sell, "1", at: "3300", limit: "2970", "tp", cloid: 2))
    #expect(answer.statuses.allSatisfy { $0["resting"] != nil })
    let shown = client.ask("frontendOpenOrders").elements ?? []
    #expect(shown.map { $0["orderType"]?.text } == ["Stop Market", "Take Profit Market"])
    #expect(
      shown.map { $0["triggerCondition"]?.text } == ["Price below 2900", "Price above 3300"])
    #expect(shown.map { $0["tif"] } == [.null, .null])

    client.venue.hold(.eth, at: Price("2900"))

    #expect(client.venue.position(client.master, .eth) == nil)
    #expect(
      client.venue.orders(named: name(1)).first?.history.map(\.status)
        == [.open, .triggered, .filled])
    #expect(client.venue.orders(named: name(2)).map(\.status) == [.reduceOnlyCanceled])
    // The book's best bid is one basis point below 2900: 2899.7.
    #expect(client.venue.fills.last?.price == Price("2899.7"))
    #expect(client.venue.fills.last?.cloid == name(1))
  }

  @Test func firesBetweenRuns() throws {
    let client = try long()
    _ = client.order(trigger(1, .sell, "1", at: "2999", limit: "2700", "sl", cloid: 1))
    client.venue.jump(.eth, byPct: -5)
    #expect(client.venue.position(client.master, .eth) == nil)
    #expect(client.venue.orders(named: name(1)).first?.filled != .zero)
  }

  @Test func doesNotFillBeyondItsLimit() throws {
    let client = try long()
    _ = client.order(trigger(1, .sell, "1", at: "2900", limit: "2850", "sl", cloid: 1))
    client.venue.hold(.eth, at: Price("2800"))
    #expect(client.venue.position(client.master, .eth)?.size == SignedQuantity("1"))
    #expect(
      client.venue.orders(named: name(1)).map(\.status) == [.marketOrderNoLiquidityRejected])
  }

  @Test func becomesALimitOrderWhenItIsNoMarketOrder() throws {
    let client = try long()
    _ = client.order(
      trigger(1, .sell, "1", at: "2900", limit: "2950", "sl", isMarket: false, cloid: 1))
    client.venue.hold(.eth, at: Price("2800"))
    #expect(client.venue.openOrders(client.master).map(\.status) == [.triggered])
    client.venue.hold(.eth, at: Price("2950"))
    #expect(client.venue.fills.last?.price == Price("2950"))
    #expect(client.venue.position(client.master, .eth) == nil)
  }

  @Test func childrenWaitForTheirParent() throws {
    let client = try TestClient()
    let answer = client.order(
      limit(1, .buy, "1", at: "2950", tif: "Gtc", cloid: 1),
      trigger(1, .sell, "1", at: "2800", limit: "2520", "sl", cloid: 2),
      trigger(1, .sell, "1", at: "3300", limit: "2970", "tp", cloid: 3), grouping: "normalTpsl")
    #expect(answer.statuses[0]["resting"] != nil)
    #expect(answer.statuses[1...] == [.text("waitingForFill"), .text("waitingForFill")])
    // Children are listed at top level and again inside of their parent.
    let shown = client.ask("frontendOpenOrders").elements ?? []
    #expect(shown.count == 3)
    #expect(shown[0]["children"]?.elements?.count == 2)

    client.venue.hold(.eth, at: Price("2940"))
    #expect(client.ask("frontendOpenOrders").elements?.count == 2)
    client.venue.hold(.eth, at: Price("3310"))
    #expect(client.venue.position(client.master, .eth) == nil)
    #expect(
      (1...3).flatMap { client.venue.orders(named: name($0)).map(\.status) }
        == [.filled, .siblingFilledCanceled, .filled])
  }

  @Test func childrenEndWithTheirParent() throws {
    let client = try TestClient()
    _ = client.order(
      limit(1, .buy, "1", at: "2950", tif: "Gtc", cloid: 1),
      trigger(1, .sell, "1", at: "2800", limit: "2520", "sl", cloid: 2), grouping: "normalTpsl")
    let parent = try #require(client.venue.orders.first)
    #expect(client.venue.manualCancel(parent.number))
    #expect(!client.venue.manualCancel(parent.number))
    #expect(client.venue.orders.map(\.status) == [.canceled, .canceled])
  }

  @Test func positionStopsFollowThePosition() throws {
    let client = try long("1")
    let answer = client.order(
      trigger(1, .sell, "1", at: "2900", limit: "2610", "sl", cloid: 1),
      trigger(1, .sell, "1", at: "3300", limit: "2970", "tp", cloid: 2),
      grouping: "positionTpsl")
    #expect(answer.statuses.count == 2)
    _ = client.order(limit(1, .buy, "0.5", at: "3100"))
    #expect(client.ask("frontendOpenOrders")[0]?["isPositionTpsl"]?.flag == true)

    client.venue.hold(.eth, at: Price("2890"))

    #expect(client.venue.position(client.master, .eth) == nil)
    #expect(client.venue.orders(named: name(1)).first?.filled == Quantity("1.5"))
    #expect(client.venue.orders(named: name(2)).map(\.status) == [.siblingFilledCanceled])
  }

  @Test func groupsWantReduceOnlyTriggers() throws {
    let client = try long()
    let answer = client.order(
      trigger(1, .sell, "1", at: "2900", limit: "2610", "sl", reduceOnly: false),
      trigger(1, .sell, "1", at: "3300", limit: "2970", "tp"), grouping: "positionTpsl")
    #expect(answer.statuses.count == 1)
    #expect(answer.error == "TP/SL orders must be reduce only. asset=1")
  }

  @Test func endsWhenThePositionIsClosedByHand() throws {
    let client = try long()
    _ = client.order(trigger(1, .sell, "1", at: "2900", limit: "2610", "sl", cloid: 1))
    #expect(client.venue.manualClose(client.master, .eth) == Quantity("1"))
    #expect(client.venue.orders(named: name(1)).map(\.status) == [.reduceOnlyCanceled])
    let last = try #require(client.venue.fills.last)
    #expect(last.cloid == nil)
    #expect(last.direction == "Close Long")
  }
}
