import Exchanges
import Testing
import Trading

/// What stands in the way of trading is told before, in words that say what to do.
@Suite struct TradingReadinessTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let prepare: @Sendable (inout TradingBench) throws -> Void
    var ids: [String] = []
    var blocks = true
    /// What the first message must say.
    var says = ""
    var testDescription: String { name }
  }

  static func forget(_ bench: TradingBench) { bench.notes.set { $0.standing = nil } }

  static func agents(_ bench: TradingBench, days: Int64) throws {
    let end = (TradingBench.now + .day * days).ms
    let key = try TradingBench.keyAddress
    bench.venue.answer(
      "extraAgents", #"[{"name":"nof0","address":"\#(key)","validUntil":\#(end)}]"#)
  }

  static let cases: [Case] = [
    Case(name: "all is well", prepare: { _ in }),
    Case(
      name: "a named agent",
      prepare: {
        forget($0)
        try agents($0, days: 100)
      }),
    Case(
      name: "an agent without a name",
      prepare: {
        forget($0)
        $0.venue.answer("userRole", #"{"role":"agent","data":{"user":"\#(TradingBench.main)"}}"#)
      }),
    Case(
      name: "an agent that ends soon",
      prepare: {
        forget($0)
        try agents($0, days: 13)
      }, ids: ["agent_expiring"], blocks: false, says: "Approve a new key"),
    Case(
      name: "an agent that ended",
      prepare: {
        forget($0)
        try agents($0, days: -1)
      }, ids: ["agent_unknown"], says: "the approval ended at 2025-07-20T10:00:00Z"),
    Case(
      name: "an agent of somebody else",
      prepare: {
        forget($0)
        $0.venue.answer(
          "userRole", #"{"role":"agent","data":{"user":"\#(TradingBench.other)"}}"#,
          #"{"role":"user"}"#)
      }, ids: ["agent_unknown"], says: "is no approved agent of \(TradingBench.main)"),
    Case(
      name: "a main address that is an agent",
      prepare: {
        forget($0)
        $0.venue.answer(
          "userRole", #"{"role":"missing"}"#,
          #"{"role":"agent","data":{"user":"\#(TradingBench.other)"}}"#)
      }, ids: ["account_is_agent"], says: "Put \(TradingBench.other) there"),
    Case(
      name: "the agent's own address in place of the account's",
      prepare: {
        forget($0)
        $0.mainAddress = try TradingBench.keyAddress
        $0.venue.answer("userRole", #"{"role":"agent","data":{"user":"\#(TradingBench.main)"}}"#)
      }, ids: ["account_is_agent"], says: "Put \(TradingBench.main) there"),
    Case(
      name: "a master key",
      prepare: {
        forget($0)
        $0.mainAddress = try TradingBench.keyAddress
        $0.venue.answer("userRole", #"{"role":"user"}"#)
      }, ids: ["master_key"], says: "allow_master_key: true"),
    Case(
      name: "a master key that is allowed",
      prepare: {
        forget($0)
        $0.mainAddress = try TradingBench.keyAddress
        $0.allowsMasterKey = true
        $0.venue.answer("userRole", #"{"role":"user"}"#)
      }),
    Case(
      name: "no key", prepare: { $0.hasKey = false }, ids: ["key_missing"],
      says: "mode 0600"),
    Case(
      name: "no key in a dry run",
      prepare: {
        $0.hasKey = false
        $0.isDry = true
      }),
    Case(
      name: "a unified account",
      prepare: {
        forget($0)
        try agents($0, days: 100)
        $0.venue.answer("userAbstraction", "\"unifiedAccount\"")
      }, ids: ["unified_account"], says: "Switch it off in the venue's settings"),
    Case(
      name: "few requests left",
      prepare: {
        forget($0)
        try agents($0, days: 100)
        $0.venue.answer(
          "userRateLimit", #"{"cumVlm":"0","nRequestsUsed":9001,"nRequestsCap":10000}"#)
      }, ids: ["request_budget"], blocks: false, says: "may send 999 more requests"),
    Case(
      name: "too few requests left",
      prepare: {
        forget($0)
        try agents($0, days: 100)
        $0.venue.answer(
          "userRateLimit",
          #"{"cumVlm":"0","nRequestsUsed":9911,"nRequestsCap":10000,"nRequestsSurplus":10}"#)
      }, ids: ["request_budget"], says: "may send 99 more requests"),
    Case(
      name: "a clock 6 s behind",
      prepare: { $0.venue.tell(date: "Mon, 21 Jul 2025 10:00:06 GMT") },
      ids: ["clock_skew"], says: "6s ahead of ours"),
    Case(
      name: "a clock 5 s behind",
      prepare: { $0.venue.tell(date: "Mon, 21 Jul 2025 10:00:05 GMT") }),
    Case(
      name: "a clock 6.001 s ahead",
      prepare: { $0.venue.tell(date: "Mon, 21 Jul 2025 09:59:53 GMT") },
      ids: ["clock_skew"], says: "expected at most 5s apart"),
    Case(
      name: "no venue",
      prepare: {
        forget($0)
        $0.venue.goDown()
      }, ids: ["venue_unreachable"], says: "cannot be reached"),
  ]

  private static func severity(of finding: VenueFinding) -> AlertSeverity {
    switch finding.id {
    case "agent_expiring": .low
    case "request_budget": .medium
    default: finding.blocksOpens ? .high : .medium
    }
  }

  @Test(arguments: cases)
  func tells(_ example: Case) async throws {
    var bench = TradingBench()
    try example.prepare(&bench)

    let findings = try await bench.exchange().readiness(
      of: TradingBench.account, at: TradingBench.now)

    #expect(findings.map(\.id) == example.ids)
    #expect(findings.allSatisfy { $0.blocksOpens == example.blocks })
    #expect(findings.allSatisfy { $0.severity == Self.severity(of: $0) })
    if let first = findings.first { #expect(first.message.contains(example.says)) }
    #expect(bench.venue.sent.isEmpty)
  }

  @Test func asksTheStandingOnceADayWhileItIsGood() async throws {
    let bench = TradingBench()
    bench.notes.set { $0.standing = TradingBench.standing(at: TradingBench.now - .hours(23)) }
    bench.venue.tell(date: "Mon, 21 Jul 2025 10:00:00 GMT")
    _ = try await bench.exchange().readiness(of: TradingBench.account, at: TradingBench.now)
    #expect(bench.venue.takeAsked() == ["meta"])

    bench.notes.set { $0.standing = TradingBench.standing(at: TradingBench.now - .hours(24)) }
    try Self.agents(bench, days: 100)
    _ = try await bench.exchange().readiness(of: TradingBench.account, at: TradingBench.now)
    #expect(
      bench.venue.takeAsked()
        == ["userAbstraction", "extraAgents", "userFees", "userRateLimit", "meta"])
    #expect(bench.notes.now.standing?.checkedAt == TradingBench.now)
    #expect(bench.notes.now.standing?.takerFee == bps("4.5"))
  }

  @Test func asksAStandingThatIsInTheWayInEveryCycle() async throws {
    let bench = TradingBench()
    bench.notes.set {
      $0.standing = TradingBench.standing(at: TradingBench.now - .minutes(3), role: .stranger)
    }
    try Self.agents(bench, days: 100)
    let exchange = try bench.exchange()

    let findings = await exchange.readiness(of: TradingBench.account, at: TradingBench.now)

    #expect(findings.isEmpty)
    #expect(bench.notes.now.standing?.role == .agent)
    #expect(bench.notes.now.standing?.approvedUntil == TradingBench.now + .day * 100)
  }

  @Test func savesTheQuestionForAssetsThatOthersAsked() async throws {
    let bench = TradingBench()
    let info = HyperliquidInfo(
      transport: bench.venue, baseURL: "http://venue", budget: bench.budget, timeout: .seconds(5),
      maxAttempts: 1, clock: bench.clock)
    let universe = try await info.meta()
    _ = bench.venue.takeAsked()
    let exchange = try bench.exchange(universe: { universe })

    _ = await exchange.readiness(of: TradingBench.account, at: TradingBench.now)

    // Only the venue's time, at the lowest price.
    #expect(bench.venue.takeAsked() == ["clearinghouseState"])
    let intent = try TradingBench.intent(.buy, "0.02", "BTC", ioc("51000"), .open)
    #expect(exchange.seal(intent) != nil)
  }
}
