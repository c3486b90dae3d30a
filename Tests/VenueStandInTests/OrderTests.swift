import Testing
import Trading
import VenueStandIn

@Suite struct OrderTests {
  @Test(arguments: [
    ("[]", "Batch of orders is empty."),
    (limit(99, .buy, "1", at: "10"), "Order has invalid asset. asset=99"),
    (limit(3, .buy, "100", at: "0.37"), "Trading is halted. asset=3"),
    (limit(1, .buy, "0.1", at: "0"), "Order has invalid price. asset=1"),
    (limit(1, .buy, "0", at: "3000"), "Order has zero size. asset=1"),
    (limit(1, .buy, "0.00001", at: "3000"), "Order has invalid size. asset=1"),
    (limit(1, .buy, "0.1", at: "3000.12"), "Price must be divisible by tick size. asset=1"),
    (limit(8, .buy, "9999", at: "0.0065001"), "Price must be divisible by tick size. asset=8"),
    (
      limit(1, .buy, "0.1", at: "5401"),
      "Order price cannot be more than 80% away from the reference price asset=1"
    ),
    (
      trigger(1, .sell, "0.1", at: "2900", limit: "0.1", "sl"),
      "Order price cannot be more than 95% away from the reference price asset=1"
    ),
    (limit(1, .buy, "0.0033", at: "3100"), "Order must have minimum value of $10. asset=1"),
    (limit(1, .buy, "68", at: "3100"), "Insufficient margin to place order. asset=1"),
    (
      limit(1, .sell, "0.1", at: "2900", reduceOnly: true),
      "Reduce only order would increase position. asset=1"
    ),
    (
      trigger(1, .sell, "0.1", at: "2900", limit: "2600", "sl"),
      "Reduce only order would increase position. asset=1"
    ),
    (
      limit(1, .buy, "0.1", at: "3100", tif: "Alo"),
      "Post only order would have immediately matched, bbo was 2999.7@3000.3. asset=1"
    ),
    (
      limit(1, .buy, "0.1", at: "3000"),
      "Order could not immediately match against any resting orders. asset=1"
    ),
  ])
  func refuses(order: String, text: String) throws {
    let client = try TestClient()
    let answer = order == "[]" ? client.act(orderAction([])) : client.order(order)
    #expect(answer.status == 200)
    #expect(answer.error == text)
    #expect(client.venue.fills.isEmpty)
    #expect(client.venue.openOrders(client.master).isEmpty)
  }

  @Test func refusesLeverageAboveTheTier() throws {
    // BTC: 20x from 150 million on; the account has 40x.
    let client = try TestClient(deposit: "9000000")
    client.venue.setDepth(Depth(perLevel: USD(whole: 20_000_000)))
    _ = client.act(
      "{\"type\":\"updateLeverage\",\"asset\":0,\"isCross\":true,\"leverage\":40}")
    #expect(
      client.order(limit(0, .buy, "2308", at: "66000")).error
        == "Order would cause position to exceed margin tier limit at current leverage. asset=0")
    #expect(client.order(limit(0, .buy, "2307", at: "66000")).error == nil)
  }

  @Test func oneErrorSpeaksForABatch() throws {
    let client = try TestClient()
    let answer = client.order(
      limit(1, .buy, "0.1", at: "3100"), limit(1, .buy, "0.1", at: "3000.12"))
    #expect(answer.statuses.count == 1)
    #expect(client.venue.orders.isEmpty)
  }

  @Test func findsRejectedOrdersByName() throws {
    let client = try TestClient()
    _ = client.order(limit(1, .buy, "0.1", at: "3000", cloid: 5))
    _ = client.order(limit(1, .buy, "0.1", at: "3000.12", cloid: 6))
    func status(_ number: Int) -> JSONValue {
      client.ask("orderStatus", "\"oid\":\"\(name(number))\"")
    }
    #expect(status(5)["order"]?["status"]?.text == "iocCancelRejected")
    #expect(status(6)["status"]?.text == "unknownOid")
  }

  @Test func fillsFromLevelToLevel() throws {
    // Levels of 3000 USD: 0.9999 at 3000.3, 0.9998 at 3000.6, 0.9997 at 3000.9.
    let client = try TestClient()
    client.venue.setDepth(Depth(levels: 3, perLevel: USD(whole: 3000)))
    let answer = client.order(limit(1, .buy, "1.5", at: "3100", cloid: 1))

    let filled = answer.statuses.first?["filled"]
    #expect(filled?["totalSz"]?.text == "1.5")
    #expect(filled?["cloid"]?.text == name(1))
    // (0.9999 · 3000.3 + 0.5001 · 3000.6) / 1.5 = 3000.40002
    #expect(filled?["avgPx"]?.text == "3000.40002")
    let fills = client.venue.fills
    #expect(fills.map { "\($0.size)@\($0.price)" } == ["0.9999@3000.3", "0.5001@3000.6"])
    #expect(Set(fills.map(\.tradeID)).count == 2)
    #expect(Set(fills.map(\.orderNumber)).count == 1)
    // 4.5 bps of 2999.99997 is 1.3499999865, to the millionth 1.35.
    #expect(fills[0].fee == USD("1.35"))
    #expect(fills.map(\.direction) == ["Open Long", "Open Long"])
  }

  @Test func dropsTheRestOfAPartialFill() throws {
    let client = try TestClient()
    client.venue.setDepth(Depth(levels: 3, perLevel: USD(whole: 3000)))
    // Only two levels are within the limit: 0.9999 + 0.9998.
    let answer = client.order(limit(1, .buy, "3", at: "3000.6"))
    #expect(answer.statuses.first?["filled"]?["totalSz"]?.text == "1.9997")
    #expect(client.venue.openOrders(client.master).isEmpty)
    #expect(client.venue.orders.map(\.status) == [.filled])
    #expect(client.venue.position(client.master, .eth)?.size == SignedQuantity("1.9997"))
  }

  @Test func restsUntilTheMarketComes() throws {
    let client = try TestClient()
    let answer = client.order(limit(1, .buy, "1", at: "2950", tif: "Gtc", cloid: 3))
    let number = try #require(answer.statuses.first?["resting"]?["oid"]?.whole)
    #expect(number > 1 << 32)
    #expect(client.ask("openOrders")[0]?["oid"]?.whole == number)

    client.venue.hold(.eth, at: Price("2949"))

    // A maker pays 1.5 bps of 2950.
    #expect(client.venue.fills.map(\.price) == [Price("2950")])
    #expect(client.venue.fills.map(\.fee) == [USD("0.4425")])
    #expect(client.venue.fills.map(\.isTaker) == [false])
    #expect(client.ask("openOrders").elements?.isEmpty == true)
    #expect(
      client.ask("orderStatus", "\"oid\":\(number)")["order"]?["status"]?.text == "filled")
  }

  @Test func restsWithWhatDidNotFill() throws {
    let client = try TestClient()
    client.venue.setDepth(Depth(levels: 1, perLevel: USD(whole: 3000)))
    let answer = client.order(limit(1, .buy, "1.5", at: "3001", tif: "Gtc"))
    #expect(answer.statuses.first?["resting"] != nil)
    #expect(client.venue.position(client.master, .eth)?.size == SignedQuantity("0.9999"))
    #expect(client.ask("openOrders")[0]?["sz"]?.text == "0.5001")
  }

  @Test func shrinksReduceOnlyOrders() throws {
    let client = try TestClient()
    _ = client.order(limit(1, .buy, "0.5", at: "3100"))
    let resting = client.order(
      limit(1, .sell, "0.5", at: "3200", tif: "Gtc", reduceOnly: true, cloid: 8))
    #expect(resting.statuses.first?["resting"] != nil)

    let answer = client.order(limit(1, .sell, "0.3", at: "2900", reduceOnly: true))
    #expect(answer.statuses.first?["filled"]?["totalSz"]?.text == "0.3")
    let open = client.ask("frontendOpenOrders")[0]
    #expect(open?["sz"]?.text == "0.2")
    #expect(open?["origSz"]?.text == "0.5")

    let close = client.order(limit(1, .sell, "5", at: "2900", reduceOnly: true))
    #expect(close.statuses.first?["filled"]?["totalSz"]?.text == "0.2")
    #expect(client.venue.position(client.master, .eth) == nil)
    #expect(client.venue.orders(named: name(8)).map(\.status) == [.reduceOnlyCanceled])
  }

  @Test func closesBelowTheMinimum() throws {
    let client = try TestClient()
    _ = client.order(limit(1, .buy, "0.0034", at: "3100"))
    #expect(client.order(limit(1, .sell, "0.0034", at: "2900")).error == nil)
    #expect(client.venue.position(client.master, .eth) == nil)
  }

  @Test func cancelsByNumberAndName() throws {
    let client = try TestClient()
    let first = client.order(limit(1, .buy, "1", at: "2950", tif: "Gtc", cloid: 1))
    _ = client.order(limit(1, .buy, "1", at: "2940", tif: "Gtc", cloid: 2))
    let number = try #require(first.statuses.first?["resting"]?["oid"]?.whole)
    let gone = "Order was never placed, already canceled, or filled. asset=1"

    let byNumber = client.act(
      "{\"type\":\"cancel\",\"cancels\":[{\"a\":1,\"o\":\(number)},{\"a\":1,\"o\":\(number)}]}")
    #expect(byNumber.statuses == [.text("success"), .object([JSONMember("error", .text(gone))])])
    let byName = client.act(
      "{\"type\":\"cancelByCloid\",\"cancels\":[{\"asset\":1,\"cloid\":\"\(name(2))\"}]}")
    #expect(byName.statuses == [.text("success")])
    #expect(client.venue.orders.map(\.status) == [.canceled, .canceled])
  }

  @Test func modifiesIntoANewOrder() throws {
    let client = try TestClient()
    let first = client.order(limit(1, .buy, "1", at: "2950", tif: "Gtc", cloid: 1))
    let number = try #require(first.statuses.first?["resting"]?["oid"]?.whole)
    let order = limit(1, .buy, "1", at: "2960", tif: "Gtc", cloid: 1)
    let modify = "{\"type\":\"modify\",\"oid\":\(number),\"order\":\(order)}"

    #expect(client.act(modify).body == "{\"status\":\"ok\",\"response\":{\"type\":\"default\"}}")
    #expect(client.venue.orders(named: name(1)).map(\.status) == [.canceled, .open])
    #expect(client.act(modify).error == "Cannot modify canceled or filled order")
  }

  @Test func schedulesCancellationsForTheRichOnly() throws {
    let client = try TestClient()
    #expect(
      client.act("{\"type\":\"scheduleCancel\"}").error
        == "Cannot set scheduled cancel time until enough volume traded. "
        + "Required: $1000000. Traded: $0.")
  }
}
