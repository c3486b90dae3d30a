import Testing
import Trading
import VenueStandIn

@Suite struct WireBooksTests {
  /// As the random operations of BooksTests, by signed orders of all kinds over the wire.
  @Test(arguments: [UInt64(11), 12])
  func theBooksAgreeAfterRandomOrders(seed: UInt64) throws {
    let client = try TestClient(seed: seed, deposit: "50000")
    var random = SeededGenerator(seed: seed)
    for coin in VenueCoin.standard { client.venue.hold(coin.coin, at: nil) }
    _ = client.act("{\"type\":\"updateLeverage\",\"asset\":4,\"isCross\":false,\"leverage\":5}")

    for step in 0..<600 {
      switch random.below(12) {
      case 0: client.venue.advance(by: .minutes(Int64(1 + random.below(40))))
      case 1: client.venue.jump([.btc, .eth, .sol][random.below(3)], byPct: pct(3, &random))
      case 2: cancelOne(client, &random)
      case 3: client.venue.deposit(USD(whole: 1000), to: client.master)
      default: try sendOne(client, &random)
      }
      if step % 100 == 99 {
        try audit(client.venue, [client.master], seed: seed)
        auditOrders(client.venue, seed: seed)
        let value = client.ask("clearinghouseState")["marginSummary"]?["accountValue"]?.text
        #expect(value.flatMap { USD($0) } == client.venue.equity(client.master), "seed \(seed)")
      }
    }

    #expect(client.venue.fills.count > 100, "seed \(seed)")
    let accepted = client.venue.receivedActions.filter { $0.outcome == .accepted }
    #expect(accepted.count == client.venue.receivedActions.count, "seed \(seed)")
  }

  private func sendOne(_ client: TestClient, _ random: inout SeededGenerator) throws {
    let asset = [0, 1, 4, 5][random.below(4)]
    let coin = VenueCoin.standard[asset]
    let mark = try #require(client.venue.price(coin.coin))
    let dollars = USD(whole: Int64(20 + random.below(5000)))
    let size = coin.instrument.roundedDown(dollars.buys(at: mark))
    let side: OrderSide = random.below(2) == 0 ? .buy : .sell
    func price(_ pct: Double) throws -> String {
      let moved = try #require(mark.moved(by: Bps(whole: Int64(pct * 100))))
      return try #require(coin.instrument.rounded(moved)).description
    }
    guard size > .zero else { return }
    let out = side == .buy ? 1.0 : -1.0
    let text =
      switch random.below(6) {
      case 0: limit(asset, side, "\(size)", at: try price(-out), tif: "Gtc")
      case 1:
        trigger(
          asset, side, "\(size)", at: try price(2 * out), limit: try price(9 * out), "sl")
      case 2:
        trigger(
          asset, side, "\(size)", at: try price(-2 * out), limit: try price(7 * out), "tp")
      case 3: limit(asset, side, "\(size)", at: try price(5 * out), reduceOnly: true)
      default: limit(asset, side, "\(size)", at: try price(5 * out))
      }
    _ = client.order(text)
  }

  private func cancelOne(_ client: TestClient, _ random: inout SeededGenerator) {
    let open = client.venue.openOrders(client.master)
    guard !open.isEmpty else { return }
    let order = open[random.below(open.count)]
    let asset = VenueCoin.standard.firstIndex { $0.coin == order.coin } ?? 0
    let answer = client.act(
      "{\"type\":\"cancel\",\"cancels\":[{\"a\":\(asset),\"o\":\(order.number)}]}")
    #expect(answer.statuses == [.text("success")])
  }

  /// Orders hold what their fills say, and only open ones rest.
  private func auditOrders(_ venue: VenueServer, seed: UInt64) {
    var filled: [Int64: Quantity] = [:]
    for fill in venue.fills {
      filled[fill.orderNumber] = (filled[fill.orderNumber] ?? .zero) + fill.size
    }
    for order in venue.orders {
      #expect(order.filled == filled[order.number] ?? .zero, "seed \(seed)")
      #expect(order.filled <= order.originalSize, "seed \(seed)")
      #expect(order.history.last?.status == order.status, "seed \(seed)")
    }
    let open = venue.orders.filter(\.isOpen).map(\.number)
    #expect(venue.openOrders(VenueAddress(number: 1)).map(\.number) == open, "seed \(seed)")
    for order in venue.orders where order.isOpen && order.isReduceOnly {
      #expect(venue.position(order.account, order.coin) != nil, "seed \(seed)")
    }
  }

  private func pct(_ most: Int, _ random: inout SeededGenerator) -> Double {
    Double(random.below(2 * most + 1) - most)
  }
}
