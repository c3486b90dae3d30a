import Testing
import Trading

@Suite struct OrderTests {
  @Test(arguments: [
    "", "0x", "0x1234", "0x0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcdef00",
    "0x0123456789abcdef0123456789abcdeg", "0x0123456789abcdef0123456789abcdef0",
  ])
  func refusesOtherClientIDs(text: String) {
    #expect(ClientOrderID(text) == nil)
  }

  @Test func makesClientIDsOfSixteenBytes() {
    let bytes = (0..<32).map { UInt8($0 * 8 + 1) }
    let id = ClientOrderID(digest: bytes)
    #expect(id?.text == "0x0109111921293139414951596169717" + "9")
    #expect(id == ClientOrderID(id?.text ?? ""))
    #expect(ClientOrderID(digest: Array(bytes.prefix(15))) == nil)
  }

  @Test func identifiesAnOrderWithoutAClock() throws {
    let identity = try Self.identity()
    #expect(identity.text == "arena|alpha|7|BTC|stop|2")
  }

  @Test func knowsWhichOutcomesAreSettled() {
    let outcomes: [OrderOutcome] = [
      .filled(size: .zero, averagePrice: Self.one, fee: .zero, orderID: 1), .resting(orderID: 1),
      .rejected("no"), .unknown("?"),
    ]
    #expect(outcomes.map(\.label) == ["filled", "resting", "rejected", "unknown"])
    #expect(outcomes.map(\.isSettled) == [true, true, true, false])
  }

  @Test func answersForAVenueOrderWithWhatItDid() throws {
    var order = SimOrder(
      orderID: 3, request: try Self.request(), receivedAt: Timestamp(ms: 0), status: .resting)
    #expect(order.outcome == .resting(orderID: 3))
    order.status = .cancelled
    order.reason = "canceled"
    #expect(order.outcome == .rejected("canceled"))
    order.filledSize = try #require(Quantity("0.5"))
    order.averagePrice = Self.one
    // What filled before the cancellation is filled.
    #expect(
      order.outcome
        == .filled(
          size: order.filledSize, averagePrice: Self.one, fee: .zero, orderID: 3))
  }

  @Test func provesReductionsOnly() throws {
    let intent = OrderIntent(
      request: try Self.request(), run: 1, decidedAt: Timestamp(ms: 0), decisionMid: Self.one,
      expiresAt: Timestamp(ms: 1), nonce: 1, claim: nil)
    for (position, isProven) in [
      ("1", true), ("2", true), ("0.9", false), ("-1", false), ("0", false),
    ] {
      let size = try #require(SignedQuantity(position))
      #expect((RiskGate.approveReduction(intent, of: size) != nil) == isProven)
    }
    #expect(intent.isOpenQuestion)
  }

  private static let one = USD(whole: 1).description.price

  private static func identity() throws -> OrderIdentity {
    OrderIdentity(
      arena: "arena", trader: try #require(TraderID("alpha")), cycle: 7,
      coin: try #require(Coin("BTC")), purpose: .stop, generation: 2)
  }

  private static func request() throws -> OrderRequest {
    OrderRequest(
      clientOrderID: try #require(ClientOrderID(digest: Array(repeating: 7, count: 16))),
      identity: try identity(), account: try #require(AccountID("sim.alpha")), side: .sell,
      size: try #require(Quantity("1")), kind: .trigger(at: one, limit: one), reduceOnly: true,
      leverage: 1)
  }
}

extension String {
  fileprivate var price: Price {
    guard let price = Price(self) else { preconditionFailure("expected a price, was \(self)") }
    return price
  }
}
