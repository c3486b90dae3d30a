import Manager
import Market
import Testing
import Trading

@Suite("Order planner")
struct OrderPlannerTests {
  // Slippage 75 bps: a long may pay 100 · 1.0075 = 100.75, a short may get 99.25.
  @Test(
    "opens with an immediate order at the mid moved by the slippage",
    arguments: [(true, "100.75"), (false, "99.25")])
  func opens(isLong: Bool, limit: String) throws {
    let decision = try isLong ? Make.buy() : Make.sell()
    let proof = try #require(Admission.review([decision], in: try Make.state()).opens.first)

    let order = try #require(try planner().entry(proof))

    #expect(order.side == (isLong ? .buy : .sell))
    #expect(order.kind == .limit(try Make.price(limit), .immediateOrCancel))
    #expect(order.size == (try Make.size("2")))
    #expect(order.leverage == 5 && !order.reduceOnly)
    #expect(order.identity.text == "home|bold|7|SOL|open|3")
    // 2 coins with a stop 5 away.
    #expect(order.claim?.riskUSD == USD(whole: 10))
    #expect(order.claim?.confidence == 80)
  }

  // 100.003 · 1.0075 = 100.753…, five digits: 100.75 for a buy; 99.252…: 99.253 for a sale.
  @Test(
    "rounds the limit towards the mid", arguments: [(true, "100.75"), (false, "99.253")])
  func roundsInward(isLong: Bool, limit: String) throws {
    let state = try Make.state(coins: [Make.snapshot("SOL", mid: "100.003")])
    let decision = try isLong ? Make.buy() : Make.sell()
    let proof = try #require(Admission.review([decision], in: state).opens.first)

    let order = try #require(try planner().entry(proof))

    #expect(order.kind == .limit(try Make.price(limit), .immediateOrCancel))
  }

  @Test func closesWithAReduceOnlyOrder() throws {
    let state = try Make.state(positions: [Make.held()])
    let decision = Decision(
      .close, coin: try Make.coin("SOL"), closeFraction: try Make.factor("0.5"))
    let proof = try #require(Admission.review([decision], in: state).closes.first)

    let order = try #require(
      try planner().close(
        proof, mid: try Make.price("100"), instrument: try Make.instrument("SOL")))

    #expect(order.side == .sell && order.reduceOnly && order.claim == nil)
    #expect(order.size == (try Make.size("1")))
    #expect(order.kind == .limit(try Make.price("99.25"), .immediateOrCancel))
    #expect(order.identity.purpose == .close)
  }

  @Test func aWishCoversItsOrderAndNoLargerOne() throws {
    let proof = try #require(Admission.review([try Make.buy()], in: try Make.state()).opens.first)
    let order = try #require(try planner().entry(proof))
    let wish = proof.request

    #expect(wish.covers(try intent(order)))
    #expect(!wish.covers(try intent(order, size: "2.001")))
    #expect(!wish.covers(try intent(order, leverage: 6)))
    #expect(!wish.covers(try intent(order, limit: "100.76")))
    #expect(!wish.covers(try intent(order, side: .sell)))
  }

  private func intent(
    _ order: PlannedOrder, size: String? = nil, leverage: Int? = nil, limit: String? = nil,
    side: OrderSide? = nil
  ) throws -> OrderIntent {
    let id = try #require(ClientOrderID("0x" + String(repeating: "0", count: 32)))
    let request = OrderRequest(
      clientOrderID: id, identity: order.identity,
      account: try #require(AccountID("sim.bold")), side: side ?? order.side,
      size: try size.map(Make.size) ?? order.size,
      kind: try limit.map { .limit(try Make.price($0), .immediateOrCancel) } ?? order.kind,
      reduceOnly: false, leverage: leverage ?? order.leverage)
    return OrderIntent(
      request: request, run: 1, decidedAt: Make.now, decisionMid: order.decisionMid,
      expiresAt: Make.now + .minute, nonce: 1, claim: order.claim)
  }
}

@Suite("Protection plan")
struct ProtectionPlanTests {
  // Long: both sell; 10 % below the triggers 90 and 130. Short: both buy, 10 % above 110 and 70.
  @Test(
    "wants a stop and a target sized to the position",
    arguments: [
      (PositionSide.long, "90", "81", "130", "117"), (.short, "110", "121", "70", "77"),
    ])
  func wantsBoth(
    side: PositionSide, stop: String, stopLimit: String, target: String, targetLimit: String
  ) throws {
    let orders = try desired(side, stop: stop, target: target)

    #expect(orders.map(\.identity.purpose) == [.stop, .target])
    #expect(orders.allSatisfy { $0.side == side.closing && $0.reduceOnly })
    #expect(orders.map(\.size.description) == ["2", "2"])
    #expect(
      orders.map(\.kind) == [
        .trigger(at: try Make.price(stop), limit: try Make.price(stopLimit)),
        .trigger(at: try Make.price(target), limit: try Make.price(targetLimit)),
      ])
  }

  @Test func wantsNothingWithoutAPlan() throws {
    #expect(try desired(.long, stop: nil, target: nil).isEmpty)
  }

  /// Resting orders as `purpose size trigger`; the n-th has the id n.
  @Test(
    "places what lacks and cancels what is wrong",
    arguments: [
      ([], ["stop", "target"], []),
      (["stop 2 90", "target 2 130"], [], []),
      (["stop 2 90"], ["target"], []),
      (["stop 1.9 90", "target 2 130"], ["stop"], [0]),
      (["stop 2 91", "target 2 130"], ["stop"], [0]),
      (["stop 2 90", "target 2 130", "stop 2 90"], [], [2]),
      (["target 2 90", "stop 2 130"], ["stop", "target"], [0, 1]),
      (["close 2 90", "open 2 130"], ["stop", "target"], []),
    ] as [([String], [String], [Int])])
  func compares(resting: [String], place: [String], cancel: [Int]) throws {
    let wanted = try desired(.long, stop: "90", target: "130")

    let plan = ProtectionPlan.compare(wanted, resting: try resting.enumerated().map(order))

    #expect(plan.place.map(\.identity.purpose.rawValue) == place)
    #expect(plan.cancel == (try cancel.map(id)))
  }

  @Test func cancelsOrphansAndLeavesForeignOrdersAlone() throws {
    let ours = try order(0, "stop 2 90")
    let foreign = RestingOrder(
      orderID: 9, clientOrderID: nil, coin: ours.coin, side: .sell, size: ours.size,
      kind: ours.kind, reduceOnly: true, purpose: nil)

    let plan = ProtectionPlan.compare([], resting: [foreign, ours])

    #expect(plan.place.isEmpty)
    #expect(plan.cancel == [try id(0)])
  }

  private func desired(
    _ side: PositionSide, stop: String?, target: String?
  ) throws -> [PlannedOrder] {
    let plan = ExitPlan(stop: try stop.map(Make.price), target: try target.map(Make.price))
    let trader = try Make.trader()
    let fill = Fill(
      id: 1, account: trader.account, coin: try Make.coin("SOL"), side: side.opening,
      price: try Make.price("100"), size: try Make.size("2"), fee: .zero, isTaker: true,
      at: Make.now, orderID: 1, clientOrderID: nil, cause: .order)
    var ledger = Ledger(trader: trader.id)
    var number: PositionNumber = 1
    _ = ledger.book(
      fill,
      claim: EntryClaim(cycle: 1, leverage: 5, confidence: nil, riskUSD: .zero, exitPlan: plan),
      nextPosition: &number)
    let position = try #require(ledger.positions.first)
    return ProtectionPlan.desired(
      for: position, following: plan, instrument: try Make.instrument("SOL"),
      mark: try Make.price("100"), by: try planner())
  }

  private func order(_ index: Int, _ text: String) throws -> RestingOrder {
    let words = text.split(separator: " ").map(String.init)
    let trigger = try Make.price(words[2])
    return RestingOrder(
      orderID: Int64(index), clientOrderID: try id(index), coin: try Make.coin("SOL"),
      side: .sell, size: try Make.size(words[1]), kind: .trigger(at: trigger, limit: trigger),
      reduceOnly: true, purpose: OrderPurpose(rawValue: words[0]))
  }

  private func id(_ index: Int) throws -> ClientOrderID {
    try #require(ClientOrderID("0x" + String(repeating: "0", count: 31) + "\(index)"))
  }
}

private func planner() throws -> OrderPlanner {
  OrderPlanner(
    arena: "home", trader: try Make.trader(), cycle: 7, takerFee: .zero,
    nextGeneration: { _, purpose in purpose == .open ? 3 : 0 })
}
