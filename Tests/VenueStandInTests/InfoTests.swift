import Testing
import Trading
import VenueStandIn

@Suite struct InfoTests {
  @Test func listsTheUniverseWithTheDelisted() throws {
    let client = try TestClient()
    let meta = client.info("meta")
    let names = meta["universe"]?.elements?.map { $0["name"]?.text }
    #expect(
      names == ["BTC", "ETH", "ATOM", "MATIC", "SOL", "DOGE", "XRP", "BNB", "kPEPE"])
    #expect(meta["universe"]?[3]?["isDelisted"]?.flag == true)
    #expect(meta["universe"]?[0]?["isDelisted"] == nil)
    let tables = meta["marginTables"]?.elements ?? []
    #expect(tables.map { $0[0]?.whole } == [5, 10, 20, 54, 55, 56])
    #expect(tables[5][1]?["marginTiers"]?[1]?["lowerBound"]?.text == "150000000.0")

    let both = client.info("metaAndAssetCtxs")
    #expect(both[0] == meta)
    #expect(both[1]?.elements?.count == 9)
    #expect(both[1]?[3]?["midPx"] == .null)
    #expect(both[1]?[1]?["markPx"]?.text == "3000.0")
    #expect(client.info("allMids")["kPEPE"]?.text == "0.0065")
  }

  @Test func showsItsBook() throws {
    let client = try TestClient()
    let levels = try #require(client.info("l2Book", "\"coin\":\"ETH\"")["levels"])
    #expect(levels[0]?.elements?.count == 20)
    #expect(levels[0]?[0]?["px"]?.text == "2999.7")
    #expect(levels[1]?[0]?["px"]?.text == "3000.3")
    for coin in VenueCoin.standard {
      let book = client.info("l2Book", "\"coin\":\"\(coin.coin)\"")["levels"]
      for side in book?.elements ?? [] {
        let prices = (side.elements ?? []).compactMap { $0["px"]?.text.flatMap { Price($0) } }
        #expect(prices.allSatisfy { coin.instrument.accepts($0) })
        #expect(Set(prices).count == 20)
      }
    }
  }

  @Test func tellsTheSamePricesFromTheSameSeed() throws {
    let venues = [5, 5, 6].map { VenueServer(seed: $0, start: TestClient.start, isFrozen: true) }
    let later = TestClient.start + .hours(7)
    let prices = venues.map { $0.price(.btc, at: later) }
    #expect(prices[0] == prices[1])
    #expect(prices[0] != prices[2])
  }

  @Test func drawsCandlesFromThePath() throws {
    let client = try TestClient()
    client.venue.hold(.sol, at: nil)
    client.venue.advance(by: .hours(5))
    let now = client.venue.now
    // From the middle of a candle: the first row contains that instant.
    let from = now.floored(to: .hour) - .hours(3) + .minutes(20)
    let rows = try #require(candles(client, "1h", from, now).elements)
    #expect(
      rows.map { $0["t"]?.whole }
        == (0...3).map { hour in
          Int((now.floored(to: .hour) - .hours(3 - Int64(hour))).ms)
        })
    // The last one is still forming: its end lies ahead, its close is the price of now.
    #expect(Int64(rows[3]["T"]?.whole ?? 0) > now.ms)
    #expect(rows[3]["c"]?.text.flatMap { Price($0) } == client.venue.price(.sol))
    for row in rows {
      let texts = ["l", "o", "c", "h"].compactMap { row[$0]?.text }
      let prices = texts.compactMap { Price($0) }
      #expect(prices.count == 4)
      #expect(prices.min() == prices[0] && prices.max() == prices[3])
    }
    // An hour's candle spans those of its minutes.
    let minutes = try #require(
      candles(client, "1m", now.floored(to: .hour) - .hours(1), now.floored(to: .hour) - .minute)
        .elements)
    #expect(minutes.count == 60)
    let highs = minutes.compactMap { $0["h"]?.text.flatMap { Price($0) } }
    #expect(highs.max() == rows[2]["h"]?.text.flatMap { Price($0) })
    #expect(minutes[59]["c"] == rows[2]["c"])
  }

  @Test func keepsFiveThousandCandles() throws {
    let client = try TestClient()
    let rows = candles(client, "1m", Timestamp(ms: 0), client.venue.now).elements ?? []
    #expect(rows.count == 5000)
    #expect(client.venue.weightUsed == 20 + 5000 / 60)
  }

  private func candles(
    _ client: TestClient, _ interval: String, _ from: Timestamp, _ to: Timestamp
  ) -> JSONValue {
    client.info(
      "candleSnapshot",
      "\"req\":{\"coin\":\"SOL\",\"interval\":\"\(interval)\",\"startTime\":\(from.ms),"
        + "\"endTime\":\(to.ms)}")
  }

  @Test func knowsWhoIsWho() throws {
    let client = try TestClient()
    let vault = VenueAddress(number: 50)
    client.venue.open(vault, as: .vault(leader: client.master))
    func role(_ address: VenueAddress) -> JSONValue {
      client.info("userRole", "\"user\":\"\(address)\"")
    }
    #expect(role(client.master).document == "{\"role\":\"user\"}")
    #expect(
      role(client.key.address).document
        == "{\"role\":\"agent\",\"data\":{\"user\":\"\(client.master)\"}}")
    #expect(role(vault).document == "{\"role\":\"vault\"}")
    #expect(role(VenueAddress(number: 99)).document == "{\"role\":\"missing\"}")
    #expect(client.ask("extraAgents")[0]?["address"]?.text == "\(client.key.address)")
    #expect(client.ask("userFees")["userCrossRate"]?.text == "0.00045")
    // An agent's address is an empty account, silently.
    let empty = client.info("clearinghouseState", "\"user\":\"\(client.key.address)\"")
    #expect(empty["marginSummary"]?["accountValue"]?.text == "0.0")
  }

  @Test func hidesTheEquityOfUnifiedAccounts() throws {
    let client = try TestClient()
    #expect(client.ask("userAbstraction") == .text("default"))
    client.venue.setAbstraction("unifiedAccount", of: client.master)
    #expect(client.ask("userAbstraction") == .text("unifiedAccount"))
    #expect(
      client.ask("clearinghouseState")["marginSummary"]?["accountValue"]?.text == "0.0")
    #expect(
      client.ask("spotClearinghouseState")["balances"]?[0]?["total"]?.text == "10000.0")
  }

  @Test func servesSeveralRequestsOnAConnection() throws {
    let client = try TestClient()
    func request(_ type: String, _ more: String) -> String {
      let body = "{\"type\":\"\(type)\"}"
      return "POST /info HTTP/1.1\r\nHost: venue\r\n\(more)Content-Type: application/json\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
    let answer = client.send(request("allMids", "") + request("nonsense", "Connection: close\r\n"))
    #expect(answer.status == 200)
    #expect(answer.body.contains("HTTP/1.1 422"))
    #expect(client.venue.receivedQuestions.map(\.type) == ["allMids", "nonsense"])
  }

  @Test func showsFillsByTime() throws {
    let client = try TestClient()
    _ = client.order(limit(1, .buy, "1", at: "3100", cloid: 1))
    client.venue.advance(by: .seconds(10))
    _ = client.order(limit(1, .sell, "1", at: "2900", cloid: 2))
    let first = TestClient.start.ms
    func named(_ range: String) -> [JSONValue?] {
      (client.ask("userFillsByTime", range).elements ?? []).map { $0["cloid"] }
    }
    #expect(named("\"startTime\":\(first)") == [.text(name(1)), .text(name(2))])
    client.venue.showNewestFillsFirst(true)
    #expect(named("\"startTime\":\(first)") == [.text(name(2)), .text(name(1))])
    #expect(named("\"startTime\":\(first + 1)") == [.text(name(2))])
    #expect(named("\"startTime\":\(first),\"endTime\":\(first)") == [.text(name(1))])
    #expect(client.ask("userFills")[0]?["cloid"]?.text == name(2))
    #expect(client.ask("historicalOrders")[0]?["status"]?.text == "filled")
    #expect(client.ask("userRateLimit")["nRequestsUsed"]?.whole == 2)
    #expect(client.ask("userRateLimit")["nRequestsCap"]?.whole == 16_000)
  }

  @Test func countsWeightsAndRefusesTooMany() throws {
    let client = try TestClient()
    _ = client.ask("clearinghouseState")
    _ = client.ask("userRole")
    _ = client.info("meta")
    _ = client.act("{\"type\":\"noop\"}")
    #expect(client.venue.weightUsed == 2 + 60 + 20 + 1)
    #expect(client.venue.receivedQuestions.map(\.weight) == [2, 60, 20])

    client.venue.enforceWeight(true)
    for _ in 0..<55 { _ = client.info("meta") }
    let answer = client.post("/info", "{\"type\":\"meta\"}")
    #expect(answer.status == 429)
    #expect(answer.body == "null")
    #expect(client.order(limit(1, .buy, "1", at: "3100")).error == nil)
    client.venue.advance(by: .minutes(1))
    #expect(client.post("/info", "{\"type\":\"meta\"}").status == 200)
  }

  @Test func tellsItsTimeInTheHead() throws {
    let client = try TestClient()
    // 1794600030 s = 2026-11-13 20:00:30 UTC, a Friday (date -u -d @1794600030).
    #expect(
      client.post("/info", "{\"type\":\"meta\"}").head
        .contains("Date: Fri, 13 Nov 2026 20:00:30 GMT"))
    client.venue.skewDate(by: .seconds(-90))
    #expect(
      client.post("/info", "{\"type\":\"meta\"}").head
        .contains("Date: Fri, 13 Nov 2026 19:59:00 GMT"))
  }
}
