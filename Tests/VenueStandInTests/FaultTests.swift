import Testing
import Trading
import VenueStandIn

@Suite struct FaultTests {
  private static let order = limit(1, .buy, "0.1", at: "3100", cloid: 1)

  /// Status of the answer (0 = none), whether the order was executed.
  private static let cases: [(VenueFault, status: Int, isExecuted: Bool)] = [
    (.latency(before: .milliseconds(1), after: .milliseconds(1)), 200, true),
    (.answerLost, 0, true), (.resetBefore, 0, false), (.resetAfter, 0, true),
    (.rateLimited, 429, false), (.serverErrorBefore(status: 500), 500, false),
    (.serverErrorAfter(status: 502), 502, true), (.truncated, 200, true),
    (.malformed, 200, true), (.emptyBody, 200, true), (.silentBefore, 0, false),
    (.silentAfter, 0, true), (.duplicateNonce, 200, true),
    (.refused("Too many cumulative requests sent"), 200, false),
    (.batchError("Price must be divisible by tick size."), 200, false),
    (.agentRevoked, 200, false),
  ]

  @Test(arguments: cases.indices)
  func doesWhatItSays(index: Int) throws {
    let (fault, status, isExecuted) = Self.cases[index]
    let client = try TestClient()
    client.venue.inject(fault, on: .exchange("order"))
    let body = client.key.body(orderAction([Self.order]), nonce: client.nonce())

    let answer = client.post("/exchange", body, patience: 200)

    #expect((answer.status ?? 0) == status, "\(fault)")
    #expect(client.venue.orders(named: name(1)).count == (isExecuted ? 1 : 0), "\(fault)")
    #expect(client.venue.injectedFaults == [fault])
    #expect(client.venue.receivedActions.first?.fault == fault)
    if status >= 500 { #expect(answer.body.hasPrefix("<html>")) }
    if status == 429 { #expect(answer.body == "null") }
    if fault == .duplicateNonce {
      #expect(answer.error?.hasPrefix("Invalid nonce: duplicate nonce") == true)
    }
    if [.truncated, .malformed, .emptyBody].contains(fault) { #expect(answer.json == .null) }

    // The same bytes once more: a nonce is spent if, and only if, the venue acted.
    let again = client.post("/exchange", body)
    if fault == .agentRevoked {
      #expect(again.error?.hasSuffix("does not exist.") == true)
    } else {
      #expect(again.error?.hasPrefix("Invalid nonce: duplicate") ?? false == isExecuted)
      #expect(client.venue.orders(named: name(1)).count == 1)
    }
  }

  @Test func resetsAreResets() throws {
    let client = try TestClient()
    client.venue.inject(.resetAfter, on: .any)
    client.venue.inject(.answerLost, on: .any, nth: 1)
    #expect(client.post("/info", "{\"type\":\"meta\"}").isReset)
    #expect(!client.post("/info", "{\"type\":\"meta\"}").isReset)
    #expect(client.post("/info", "{\"type\":\"meta\"}").status == 200)
  }

  @Test func countsOnlyWhatItIsFor() throws {
    let client = try TestClient()
    client.venue.inject(.rateLimited, on: .info("meta"), nth: 1, times: 2)
    let statuses = ["meta", "allMids", "meta", "allMids", "meta", "meta"].map {
      client.post("/info", "{\"type\":\"\($0)\"}").status
    }
    #expect(statuses == [200, 200, 429, 200, 429, 200])
    #expect(client.venue.receivedQuestions.map(\.status) == statuses)
    #expect(client.venue.waits { $0.receivedQuestions.count == 6 })
    #expect(!client.venue.waits(atMost: .milliseconds(1)) { $0.orders.count == 1 })
  }

  @Test func drawsFromItsSeed() throws {
    func run(_ seed: UInt64) throws -> [VenueFault] {
      let client = try TestClient()
      client.venue.injectRandomly(VenueFault.doubts, on: .any, probability: 0.2, seed: seed)
      for _ in 0..<200 { _ = client.info("allMids") }
      return client.venue.injectedFaults
    }
    let first = try run(4)
    #expect((20...60).contains(first.count))
    #expect(try run(4) == first)
    #expect(try run(5) != first)
  }

  @Test func thinsTheBookForOneRequest() throws {
    let client = try TestClient()
    client.venue.inject(
      .book(Depth(levels: 1, perLevel: USD(whole: 150))), on: .exchange("order"))
    func filled() -> String? {
      client.order(limit(1, .buy, "0.1", at: "3100")).statuses.first?["filled"]?["totalSz"]?.text
    }
    // 150 / 3000.3 = 0.04999…
    #expect(filled() == "0.0499")
    #expect(filled() == "0.1")
  }

  @Test func answersTriggersWithBareStrings() throws {
    let client = try TestClient()
    _ = client.order(Self.order)
    client.venue.inject(.bareStrings, on: .exchange("order"))
    let answer = client.order(
      trigger(1, .sell, "0.1", at: "2900", limit: "2610", "sl", cloid: 2))
    #expect(answer.statuses == [.text("waitingForTrigger")])
    #expect(client.ask("frontendOpenOrders")[0]?["cloid"]?.text == name(2))
  }

  @Test func stopsWhileClientsWait() throws {
    let client = try TestClient()
    client.venue.inject(.silentAfter, on: .any)
    #expect(client.post("/info", "{\"type\":\"meta\"}", patience: 50).status == nil)
    client.venue.stop()
    #expect(client.post("/info", "{\"type\":\"meta\"}").status == nil)
  }
}
