import Exchanges
import Testing
import Trading
import Wire

@Suite("Asking Hyperliquid when things go wrong")
struct InfoFailureTests {
  private static let good = InfoScript.Line.body(200, #"{"BTC":"1"}"#)

  private static func mids(_ stage: InfoStage) async -> Result<[Coin: Price], InfoError> {
    await reading { () async throws(InfoError) in try await stage.info.allMids() }
  }

  @Test(arguments: [
    InfoScript.Line.body(429, "null"), .body(429, ""), .body(200, "null"), .body(200, " null\n"),
    .body(500, "oops"), .body(502, "<html>Bad Gateway</html>"), .body(503, ""), .body(504, ""),
    .fails(.timedOut(after: .seconds(1), wasSent: true)),
    .fails(.broken(detail: "reset", wasSent: true)),
    .fails(.unreachable(host: "venue.test", detail: "down")),
  ])
  func isAskedAgainAfterWhatPasses(line: InfoScript.Line) async throws {
    let stage = InfoStage(lines: line, line, Self.good)

    let mids = try await stage.info.allMids()

    #expect(mids.count == 1)
    #expect(stage.script.requests.count == 3)
    #expect(stage.budget.used == 6)
  }

  @Test(arguments: [
    (InfoScript.Line.body(429, "null"), #"expected HTTP 200, was 429 "null""#),
    (.body(502, "<html>\nBad"), #"expected HTTP 200, was 502 "<html>.Bad""#),
    (.fails(.unreachable(host: "h", detail: "d")), "h cannot be reached: d"),
    (.fails(.timedOut(after: .seconds(1), wasSent: true)), "no answer within 1 s"),
  ])
  func isUnreachableAfterTheLastAttempt(line: InfoScript.Line, cause: String) async {
    let stage = InfoStage(lines: line)

    #expect(await Self.mids(stage) == .failure(.unreachable(request: "allMids", cause: cause)))
    #expect(stage.script.requests.count == 3)
  }

  @Test(arguments: [
    (InfoScript.Line.body(422, "Failed to deserialize"), #"was 422 "Failed to deserialize""#),
    (.body(403, "<html>Forbidden"), #"was 403 "<html>Forbidden""#),
    (.body(200, "<html>maintenance</html>"), #"expected JSON, was "<html>maintenance</html>""#),
    (.body(200, #"{"BTC":"30135"#), #"expected JSON, was "{"BTC":"30135""#),
    (.body(200, ""), "expected JSON"),
    (.body(200, "[]"), "expected an object, was a list"),
  ])
  func isNotAskedAgainWhatMakesNoSense(line: InfoScript.Line, cause: String) async {
    let stage = InfoStage(lines: line)

    let found = await unreadableCause(stage.info.allMids)

    #expect(found.contains(cause), "\(found)")
    #expect(stage.script.requests.count == 1)
  }

  @Test func showsNoMoreThanTheBeginningOfAForeignText() async {
    let stage = InfoStage(String(repeating: "<p>", count: 10_000))
    #expect(await unreadableCause(stage.info.allMids).utf8.count < 250)
  }

  // Of 10 s with 9 attempts each gets 4 s: two whole ones and the rest, less what was waited.
  @Test func aHangingAttemptLeavesTimeForAnotherUntilTheTimeIsOver() async {
    let clock = InfoClock()
    let script = InfoScript { request, _ throws(WireError) in
      clock.sleep(request.timeout)
      throw .timedOut(after: request.timeout, wasSent: true)
    }
    let budget = WeightBudget(now: { clock.now }, sleep: { clock.sleep($0) })
    let info = HyperliquidInfo(
      transport: script, baseURL: "http://venue.test", budget: budget, timeout: .seconds(10),
      maxAttempts: 9, clock: VenueClock(now: { clock.now }))
    let start = clock.now

    let result = await reading { () async throws(InfoError) in try await info.allMids() }

    guard case .failure(.unreachable) = result else {
      Issue.record("expected unreachable, was \(result)")
      return
    }
    #expect(script.requests.count >= 3)
    #expect(script.requests.prefix(2).map(\.timeout) == [.seconds(4), .seconds(4)])
    #expect(script.requests.allSatisfy { $0.timeout <= .seconds(4) })
    #expect(clock.now - start <= .seconds(10))
  }

  @Test func tooManyRequestsBarTheBudgetForSeconds() async throws {
    let stage = InfoStage(lines: .body(429, "null"), Self.good)
    let start = stage.clock.now

    _ = try await stage.info.allMids()

    #expect(stage.clock.now - start >= .seconds(5))
  }

  @Test func isNotAskedWhatTheBudgetRefuses() async {
    let stage = InfoStage(lines: Self.good)
    stage.budget.charge(1_199)

    let result = await Self.mids(stage)

    guard case .failure(.overBudget(let request, _)) = result else {
      Issue.record("expected overBudget, was \(result)")
      return
    }
    #expect(request == "allMids")
    #expect(stage.script.requests.isEmpty)
  }

  @Test func tellsWhatToDo() {
    #expect(
      InfoError.unreachable(request: "meta", cause: "down").description
        == "no answer to meta: down. Nothing was changed; check the network and run again.")
    #expect(
      InfoError.unreadable(request: "meta", cause: "odd").description
        == "the answer to meta is unreadable: odd. Nothing was changed by asking.")
    #expect(
      InfoError.overBudget(request: "meta", cause: "full").description
        == "meta was not asked: full. Nothing was changed; the next run asks again.")
  }
}
