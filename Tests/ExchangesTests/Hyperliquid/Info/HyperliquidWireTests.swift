import Exchanges
import Testing
import Trading
import Wire

@Suite("Sending signed actions to Hyperliquid")
struct HyperliquidWireTests {
  private static let action = Array(
    #"{"action":{"type":"order","orders":[{"a":0}]},"signature":{"r":"0xsecret"}}"#.utf8)

  private static func answer(_ lines: InfoScript.Line...) async -> ExchangeAnswer {
    await InfoStage(InfoScript(lines)).wire.send(action)
  }

  private static func ok(_ statuses: String) -> InfoScript.Line {
    .body(
      200,
      #"{"status":"ok","response":{"type":"order","data":{"statuses":\#(statuses)}}}"#)
  }

  private static func err(_ text: String, _ status: Int = 200) -> InfoScript.Line {
    .body(status, #"{"status":"err","response":"\#(text)"}"#)
  }

  @Test(arguments: [
    InfoScript.Line.body(500, ""), .body(502, "<html>"), .body(503, "null"), .body(504, ""),
    .body(429, "null"), .body(200, "null"), .body(200, ""), .body(200, "<html>ok</html>"),
    .body(200, #"{"status":"ok","response":{"type":"order","data":{"statu"#),
    .body(200, #"{"status":"ok"}"#), .body(200, #"{"status":"fine","response":{}}"#),
    .body(200, "[]"), .body(200, #"{"status":"err","response":{"code":5}}"#), .body(302, ""),
    .body(403, "<html>"), .body(404, ""), .body(408, ""), err("Unable to recover signer.", 500),
    ok("[]"), ok("{}"), ok(#"["somethingNew"]"#), ok(#"[{"resting":{}}]"#), ok("[{}]"),
    ok("[null]"),
    ok(#"[{"filled":{"totalSz":"0.02","avgPx":"0.0","oid":1}}]"#), ok(#"[{"error":5}]"#),
    ok(#"[{"resting":{"oid":1}},7]"#),
    .fails(.timedOut(after: .seconds(10), wasSent: true)),
    .fails(.broken(detail: "reset", wasSent: true)), .fails(.tooLarge(limit: 1)),
    .fails(.cancelled),
  ])
  func isUnknownWhateverIsNotCertain(line: InfoScript.Line) async {
    guard case .unknown(let cause) = await Self.answer(line) else {
      Issue.record("expected unknown, was \(await Self.answer(line))")
      return
    }
    #expect(!cause.isEmpty)
  }

  @Test(arguments: [
    WireError.unreachable(host: "h", detail: "d"), .untrusted(host: "h", detail: "d"),
    .badURL("x"), .timedOut(after: .seconds(10), wasSent: false),
    .broken(detail: "refused", wasSent: false),
  ])
  func isNotSentOnlyWithProof(error: WireError) async {
    #expect(await Self.answer(.fails(error)) == .notSent(error.description))
  }

  @Test(arguments: [
    (err("Unable to recover signer."), "Unable to recover signer."),
    (
      err("L1 error: User or API Wallet 0x1 does not exist."),
      "User or API Wallet 0x1 does not exist."
    ),
    (err("l1 ERROR: Action already expired"), "Action already expired"),
    (err("Something entirely new"), "Something entirely new"),
    (
      err("Must deposit before performing actions. User: 0x1", 400),
      "Must deposit before performing actions. User: 0x1"
    ),
    (err("Invalid nonce: nonce too low 5 < 9"), "Invalid nonce: nonce too low 5 < 9"),
    (.body(422, "Failed to deserialize"), "the venue cannot read the request (HTTP 422)"),
    (.body(400, ""), "the venue cannot read the request (HTTP 400)"),
    (.body(415, #"{"x":1}"#), "the venue cannot read the request (HTTP 415)"),
  ])
  func isRefusedInTheVenuesWords(line: InfoScript.Line, reason: String) async {
    #expect(await Self.answer(line) == .refused(reason))
  }

  @Test(arguments: [
    err("Invalid nonce: duplicate nonce 1700000000000"),
    err("L1 error: invalid nonce: Duplicate Nonce 7"),
    ok(#"[{"error":"Invalid nonce: duplicate nonce 7"}]"#),
  ])
  func aDuplicateNonceIsNeverARefusal(line: InfoScript.Line) async {
    #expect(await Self.answer(line) == .duplicateNonce)
  }

  @Test func readsOneWordPerOrder() async throws {
    let answer = await Self.answer(
      Self.ok(
        #"[{"filled":{"totalSz":"0.02","avgPx":"2686.6","oid":62014444172,"cloid":"0x"}},"#
          + #"{"resting":{"oid":7}},{"error":"Order has zero size. asset=4"},"waitingForFill","#
          + #""waitingForTrigger","success"]"#))

    let size = try #require(Quantity("0.02"))
    let price = try #require(Price("2686.6"))
    #expect(
      answer
        == .statuses([
          .filled(size: size, averagePrice: price, number: 62_014_444_172), .resting(number: 7),
          .error("Order has zero size. asset=4"), .waiting, .waiting, .success,
        ]))
  }

  @Test func aChangeOfLeverageIsDone() async {
    let line = InfoScript.Line.body(200, #"{"status":"ok","response":{"type":"default"}}"#)
    #expect(await Self.answer(line) == .done)
  }

  @Test func sendsOnceOnAFreshConnection() async throws {
    let stage = InfoStage(InfoScript([.body(503, "")]))

    _ = await stage.wire.send(Self.action)

    let request = try #require(stage.script.requests.first)
    #expect(stage.script.requests.count == 1)
    #expect(request.url == "http://venue.test/exchange")
    #expect(!request.keepsAlive)
    #expect(request.body == Self.action)
    #expect(request.timeout == .seconds(10))
  }

  @Test(arguments: [(1, 1), (39, 1), (40, 2), (200, 6)])
  func costsByTheBatch(orders: Int, weight: Int) async {
    let stage = InfoStage(InfoScript([.body(503, "")]))
    let rows = (0..<orders).map { _ in "{}" }.joined(separator: ",")

    _ = await stage.wire.send(Array(#"{"action":{"cancels":[\#(rows)]}}"#.utf8))

    #expect(stage.budget.used == weight)
  }

  @Test func anOrderDoesNotWaitBehindReads() async {
    let stage = InfoStage(
      InfoScript([.body(200, #"{"status":"ok","response":{"type":"default"}}"#)]))
    stage.budget.charge(1_200)

    let answer = await stage.wire.send(Self.action)

    #expect(answer == .done)
    #expect(stage.script.requests.count == 1)
    #expect(stage.budget.used == 1_201)
  }

  @Test func tooManyRequestsBarTheBudget() async {
    let stage = InfoStage(InfoScript([.body(429, "null")]))
    _ = await stage.wire.send(Self.action)
    #expect(await !stage.budget.spend(1, within: .seconds(4)))
  }

  @Test func showsNoBody() async {
    for body in ["0xsecret", #"{"status":"ok","response":"0xsecret"}"#, #"["0xsecret"]"#] {
      for status in [200, 400, 403, 500] {
        let answer = await Self.answer(.body(status, body))
        #expect(!"\(answer)".contains("secret"), "\(answer)")
      }
    }
  }
}
