import Testing
import Trading
import VenueStandIn

@Suite struct BooksTests {
  @Test func keepsARoundTrip() throws {
    // 10000 in; buys 2 ETH at 3000.3 (fee 2.70027), sells 1 at 3299.6 after a rise to 3300
    // (fee 1.48482). Raw: 10000 − 6000.6 − 2.70027 + 3299.6 − 1.48482 = 7294.81491.
    let client = try TestClient()
    client.venue.setDepth(Depth(perLevel: USD(whole: 100_000)))
    _ = client.order(limit(1, .buy, "2", at: "3100"))
    client.venue.hold(.eth, at: Price("3300"))
    _ = client.order(limit(1, .sell, "1", at: "3200"))

    #expect(client.venue.rawUSD(client.master) == USD("7294.81491"))
    #expect(client.venue.equity(client.master) == USD("10594.81491"))
    // (3299.6 − 3000.3) · 1
    #expect(client.venue.fills.last?.closedPnl == USD("299.3"))
    let state = client.ask("clearinghouseState")
    #expect(state["marginSummary"]?["accountValue"]?.text == "10594.81491")
    #expect(state["marginSummary"]?["totalRawUsd"]?.text == "7294.81491")
    #expect(state["marginSummary"]?["totalMarginUsed"]?.text == "165.0")
    // 3300 / (2 · 25)
    #expect(state["crossMaintenanceMarginUsed"]?.text == "66.0")
    let position = state["assetPositions"]?[0]?["position"]
    #expect(position?["szi"]?.text == "1.0")
    #expect(position?["entryPx"]?.text == "3000.3")
    #expect(position?["unrealizedPnl"]?.text == "299.7")
    #expect(position?["positionValue"]?.text == "3300.0")
    #expect(position?["leverage"]?["value"]?.whole == 20)
    #expect(position?["liquidationPx"] == .null)
  }

  @Test func flipsInOneOrder() throws {
    let client = try TestClient()
    _ = client.order(limit(1, .buy, "1", at: "3100"))
    _ = client.order(limit(1, .sell, "3", at: "2900"))
    #expect(client.venue.position(client.master, .eth)?.size == SignedQuantity("-2"))
    #expect(client.venue.position(client.master, .eth)?.entry == Price("2999.7"))
    #expect(client.venue.fills.last?.direction == "Long > Short")
    // 2999.7 − 3000.3
    #expect(client.venue.fills.last?.closedPnl == USD("-0.6"))
  }

  @Test func paysFundingAtTheHour() throws {
    let client = try TestClient()
    _ = client.order(limit(1, .sell, "2", at: "2900"))
    let before = client.venue.rawUSD(client.master)
    client.venue.advance(by: .hours(3))

    let rows = try #require(client.ask("userFunding", "\"startTime\":0").elements)
    let rates = try #require(
      client.info("fundingHistory", "\"coin\":\"ETH\",\"startTime\":\(TestClient.start.ms)")
        .elements)
    #expect(rows.count == 3)
    #expect(rates.map { $0["fundingRate"] } == rows.map { $0["delta"]?["fundingRate"] })
    var sum = USD.zero
    for row in rows {
      let rate = try #require(FundingRate(row["delta"]?["fundingRate"]?.text ?? ""))
      // A short of 2 at the oracle's 3000 receives 6000 · rate, to the millionth.
      let due = ExactMath.divide(Int128(rate.trillionths) * 6000, by: 1_000_000, .halfEven)
      #expect(row["delta"]?["usdc"]?.text.flatMap { USD($0) }?.mantissa == Int64(due) * 100)
      sum += USD(mantissa: Int64(due) * 100)
    }
    #expect(client.venue.rawUSD(client.master) == before + sum)
  }

  @Test func isolatesAPosition() throws {
    let client = try TestClient()
    _ = client.act("{\"type\":\"updateLeverage\",\"asset\":1,\"isCross\":false,\"leverage\":10}")
    _ = client.order(limit(1, .buy, "1", at: "3100"))
    let position = client.ask("clearinghouseState")["assetPositions"]?[0]?["position"]
    #expect(position?["leverage"]?["type"]?.text == "isolated")
    // 300.03 of margin less 3000.3 and the fee of 1.350135
    #expect(position?["leverage"]?["rawUsd"]?.text == "-2701.620135")
    #expect(position?["marginUsed"]?.text == "298.379865")
    _ = client.order(limit(1, .sell, "1", at: "2900", reduceOnly: true))
    // 10000 − 0.6 − 1.350135 − 1.349865
    #expect(client.venue.account(client.master)?.rawUSD == USD("9996.7"))
  }

  @Test func liquidatesWhatIsBelowMaintenance() throws {
    // 10 ETH with 1600: maintenance 2 % of the notional, 540.7 at 2703.4 … equity below at 2890.
    let client = try TestClient(deposit: "1600")
    _ = client.order(
      limit(1, .buy, "10", at: "3100"), limit(0, .buy, "0.001", at: "60000", tif: "Gtc"))
    client.venue.hold(.eth, at: Price("2890"))

    #expect(client.venue.positions(client.master).isEmpty)
    #expect(client.venue.orders.map(\.status).contains(.liquidatedCanceled))
    let fill = try #require(client.ask("userFills")[0])
    #expect(fill["liquidation"]?["liquidatedUser"]?.text == "\(client.master)")
    #expect(fill["liquidation"]?["method"]?.text == "market")
    #expect(fill["liquidation"]?["markPx"]?.text == "2890.0")
    #expect(fill["dir"]?.text == "Liquidated Cross Long")
  }

  @Test func handsTheRestToTheBackstop() throws {
    let client = try TestClient(deposit: "1600")
    _ = client.order(limit(1, .buy, "10", at: "3100"))
    client.venue.hold(.eth, at: Price("2870"))
    #expect(client.ask("userFills")[0]?["liquidation"]?["method"]?.text == "backstop")
    #expect(client.venue.positions(client.master).isEmpty)
  }

  @Test func deleveragesAtTheMark() throws {
    let client = try TestClient()
    _ = client.order(limit(1, .buy, "1", at: "3100"))
    #expect(client.venue.deleverage(client.master, .eth, Quantity.tenths(4)) == .tenths(4))
    let fill = try #require(client.venue.fills.last)
    #expect(fill.price == Price("3000"))
    #expect(fill.fee == .zero)
    #expect(fill.direction == "Auto-Deleveraging")
    #expect(client.venue.position(client.master, .eth)?.size == SignedQuantity("0.6"))
  }

  @Test func tellsOfMoneyThatMoved() throws {
    let client = try TestClient()
    client.venue.withdraw(USD(whole: 101), from: client.master)
    client.venue.transferClass(USD(whole: -50), of: client.master)
    let rows = client.ask("userNonFundingLedgerUpdates", "\"startTime\":0").elements ?? []
    #expect(
      rows.map { $0["delta"]?["type"]?.text }
        == ["deposit", "withdraw", "accountClassTransfer"])
    #expect(rows.map { $0["delta"]?["usdc"]?.text } == ["10000.0", "100.0", "50.0"])
    #expect(client.venue.rawUSD(client.master) == USD("9849"))
  }

  /// Raw USD is what came in, less what was bought, plus what was sold, less fees, plus funding;
  /// equity is that and the positions at the mark; positions are the sum of their fills.
  @Test(arguments: [UInt64(1), 2, 3, 4])
  func theBooksAgreeAfterFiveThousandOperations(seed: UInt64) throws {
    let venue = VenueServer(seed: seed, start: TestClient.start, isFrozen: true)
    var random = SeededGenerator(seed: seed)
    let accounts = (1...3).map { VenueAddress(number: $0) }
    for account in accounts { venue.open(account, deposit: USD(whole: 20_000)) }
    let coins = VenueCoin.standard.filter { !$0.instrument.isDelisted }

    for step in 0..<5000 {
      let account = accounts[random.below(accounts.count)]
      let coin = coins[random.below(coins.count)]
      let price = try #require(venue.price(coin.coin))
      let dollars = USD(mantissa: Int64(20 + random.below(4000)) * exactDecimalScale)
      let size = coin.instrument.roundedDown(dollars.buys(at: price))
      switch random.below(20) {
      case 0: venue.deposit(dollars, to: account)
      case 1: venue.withdraw(USD(whole: 5), from: account)
      case 2: venue.jump(coin.coin, byPct: Double(random.below(9)) - 4)
      case 3, 4: venue.advance(by: .minutes(Int64(1 + random.below(25))))
      case 5: venue.manualClose(account, coin.coin)
      case 6: venue.deleverage(account, coin.coin, size)
      default:
        if size > .zero {
          venue.manualOrder(account, coin.coin, random.below(2) == 0 ? .buy : .sell, size)
        }
      }
      if step % 500 == 499 { try audit(venue, accounts, seed: seed) }
    }

    #expect(venue.fills.count > 2000, "seed \(seed)")
  }
}

extension Quantity {
  /// Tenths of a coin.
  static func tenths(_ count: Int64) -> Quantity {
    Quantity(mantissa: count * exactDecimalScale / 10) ?? .zero
  }
}
