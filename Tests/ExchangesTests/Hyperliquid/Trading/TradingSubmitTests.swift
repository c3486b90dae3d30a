import Exchanges
import Testing
import Trading

/// Orders go out once, and what is not certain is not called certain.
@Suite struct TradingSubmitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let reply: ScriptedVenue.Reply
    var status: String?
    var fills = "[]"
    /// Outcome when it is sent in the cycle it was decided in.
    let first: OrderOutcome
    /// Outcome when it may have been sent before; `nil` = the same.
    var again: OrderOutcome?
    var testDescription: String { name }
  }

  static let gone = "never placed, already canceled, or filled"
  static let noRoute = "not sent: venue cannot be reached: no route"

  static let cases: [Case] = [
    Case(
      name: "filled",
      reply: TradingBench.statuses(
        #"{"filled":{"totalSz":"0.02","avgPx":"50001.5","oid":62014444172}}"#),
      first: .filled(
        size: quantity("0.02"), averagePrice: price("50001.5"), fee: nil, orderID: 62_014_444_172)),
    Case(
      name: "resting", reply: TradingBench.statuses(#"{"resting":{"oid":8}}"#),
      first: .resting(orderID: 8)),
    Case(
      name: "waiting is looked up", reply: TradingBench.statuses(#""waitingForTrigger""#),
      status: TradingBench.status("open", TradingBench.stop(9, TradingBench.orderID("a"))),
      first: .resting(orderID: 9)),
    Case(
      name: "waiting and not found", reply: TradingBench.statuses(#""waitingForFill""#),
      first: .unknown("the venue has it and told no number")),
    Case(
      name: "an error of the order",
      reply: TradingBench.statuses(#"{"error":"Insufficient margin to place order. asset=0"}"#),
      first: .rejected("Insufficient margin to place order. asset=0")),
    Case(
      name: "a refused action", reply: TradingBench.refusal("Signed action over weight limit."),
      first: .rejected("Signed action over weight limit."),
      again: .unknown("Signed action over weight limit.")),
    Case(
      name: "too late, and not there", reply: TradingBench.refusal("Action already expired"),
      first: .unknown("Action already expired")),
    Case(
      name: "too late, but an earlier copy filled",
      reply: TradingBench.refusal("Action already expired"),
      status: TradingBench.status("filled", TradingBench.stop(7, TradingBench.orderID("a"))),
      fills: "[\(TradingBench.fill("sell 50000.0 0.02 0.02 0.45"))]",
      first: .filled(
        size: quantity("0.02"), averagePrice: price("50000"), fee: usd("0.45"), orderID: 7)),
    Case(
      name: "a number too low", reply: TradingBench.refusal("Invalid nonce: nonce too low 1 < 2"),
      first: .unknown("Invalid nonce: nonce too low 1 < 2")),
    Case(
      name: "a number used before and the order there",
      reply: TradingBench.refusal("Invalid nonce: duplicate nonce 77"),
      status: TradingBench.status("open", TradingBench.stop(9, TradingBench.orderID("a"))),
      first: .resting(orderID: 9)),
    Case(
      name: "a number used before and no order",
      reply: TradingBench.refusal("Invalid nonce: duplicate nonce 77"),
      first: .unknown("the venue has had these bytes before")),
    Case(
      name: "no answer to understand", reply: TradingBench.done,
      first: .unknown("the venue told nothing of the order")),
    Case(name: "no answer", reply: .lost, first: .unknown("no answer within 10 s")),
    Case(name: "502", reply: .status(502), first: .unknown("HTTP 502")),
    Case(
      name: "too many requests of one machine", reply: .status(429),
      first: .unknown("the venue was asked too often (HTTP 429)")),
    Case(
      name: "never left", reply: .unreachable, first: .rejected(noRoute),
      again: .unknown("\(noRoute); it may have been sent before")),
  ]

  @Test(arguments: cases)
  func saysWhatIsCertain(_ example: Case) async throws {
    for isRepeated in [false, true] {
      let bench = TradingBench()
      bench.venue.reply(example.reply)
      if let status = example.status { bench.venue.answer("orderStatus", status) }
      bench.venue.answer("userFillsByTime", example.fills)
      let decidedAt = isRepeated ? TradingBench.now - .minutes(3) : TradingBench.now
      let intent = try TradingBench.intent(
        .sell, "0.02", "BTC", ioc("49000"), .close, decidedAt: decidedAt)

      let outcome = try await TradingBench.send(intent, to: bench.exchange())

      #expect(outcome == (isRepeated ? example.again ?? example.first : example.first))
      #expect(bench.venue.sent.count == 1)
    }
  }

  @Test func sendsNothingWhenDry() async throws {
    var bench = TradingBench()
    bench.isDry = true
    let exchange = try bench.exchange()
    let now = try TradingBench.intent(.buy, "0.02", "BTC", ioc("51000"), .open)
    let earlier = try TradingBench.intent(
      .buy, "0.02", "BTC", ioc("51000"), .open, decidedAt: TradingBench.now - .minutes(3))

    let outcomes = try await [
      TradingBench.send(now, to: exchange), TradingBench.send(earlier, to: exchange),
    ]
    let error = await #expect(throws: ExchangeError.self) {
      try await exchange.cancel(
        [TradingBench.orderID("b")], of: TradingBench.account, at: TradingBench.now)
    }

    #expect(
      outcomes == [
        .rejected("dry run: not sent"),
        .unknown("dry run: not sent; it may have been sent before"),
      ])
    #expect(error?.description == "hl refused taking back orders: dry run: not sent")
    #expect(bench.venue.sent.isEmpty)
  }

  @Test func sendsTheBytesOnRecordAndNothingElse() async throws {
    let bench = TradingBench()
    bench.venue.reply(TradingBench.statuses(#"{"resting":{"oid":8}}"#))
    var intent = try TradingBench.intent(
      .sell, "0.02", "BTC", trigger("49000", "44100"), .stop)
    intent.signedRequest = Array("{\"kept\":1}".utf8)

    let outcomes = try await bench.exchange().submit(
      [RiskGate.reapprove(recorded: intent)], at: TradingBench.now)

    #expect(outcomes == [.resting(orderID: 8)])
    #expect(bench.venue.sent == [Array("{\"kept\":1}".utf8)])
    #expect(bench.notes.now.resting == nil)
  }

  @Test func refusesWhatWasNeverSigned() async throws {
    var bench = TradingBench()
    bench.hasKey = false
    let outcome = try await TradingBench.send(
      TradingBench.intent(.buy, "0.02", "BTC", ioc("51000"), .open), to: bench.exchange())
    #expect(
      outcome == .rejected("could not be signed: there is no key for account hl.main"))

    bench.hasKey = true
    let unknown = try await TradingBench.send(
      TradingBench.intent(.buy, "2", "DOGE", ioc("1"), .open), to: bench.exchange())
    #expect(unknown == .rejected("could not be signed: the venue has no coin DOGE"))

    let unread = try await bench.exchange().submit(
      [
        RiskGate.reapprove(
          recorded: TradingBench.intent(.buy, "0.02", "BTC", ioc("51000"), .open))
      ], at: TradingBench.now)
    #expect(unread == [.rejected("could not be signed: the list of assets was not read")])
    #expect(bench.venue.sent.isEmpty)
  }

  @Test func sendsNothingThatCouldNotBeWrittenDown() async throws {
    let bench = TradingBench()
    bench.notes.set { $0.isFull = true }
    let outcome = try await TradingBench.send(
      TradingBench.intent(.sell, "0.02", "BTC", ioc("49000"), .close), to: bench.exchange())

    guard case .rejected(let reason) = outcome else {
      Issue.record("expected a rejection, was \(outcome)")
      return
    }
    #expect(reason.contains("disk full"))
    #expect(bench.venue.sent.isEmpty)
  }

  @Test func asksTheStandingAnewAfterAnUnknownSigner() async throws {
    let bench = TradingBench()
    bench.venue.reply(TradingBench.refusal("L1 error: User or API Wallet 0xab does not exist."))
    let exchange = try bench.exchange()

    let outcome = try await TradingBench.send(
      TradingBench.intent(.sell, "0.02", "BTC", ioc("49000"), .close), to: exchange)

    #expect(outcome == .rejected("User or API Wallet 0xab does not exist."))
    #expect(bench.notes.now.standing?.checkedAt == Timestamp(ms: 0))
    _ = bench.venue.takeAsked()
    bench.venue.answer("userRole", #"{"role":"missing"}"#)
    let findings = await exchange.readiness(of: TradingBench.account, at: TradingBench.now)
    #expect(findings.map(\.id) == ["agent_unknown"])
    #expect(bench.venue.takeAsked().contains("extraAgents"))
  }

  @Test func neverShowsWhatItSigned() async throws {
    for example in Self.cases {
      let bench = TradingBench()
      bench.venue.reply(example.reply)
      let outcome = try await TradingBench.send(
        TradingBench.intent(.sell, "0.02", "BTC", ioc("49000"), .close), to: bench.exchange())
      let body = String(decoding: try #require(bench.venue.sent.first), as: UTF8.self)
      let signature = try #require(
        JSONReader.value(of: body)["signature"]?["r"]?.text?.dropFirst(2))
      #expect(!"\(outcome)".contains(signature))
      #expect(!"\(outcome)".contains(TradingBench.hex.dropFirst(2)))
    }
  }
}
