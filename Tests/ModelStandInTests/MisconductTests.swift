import ModelStandIn
import Testing
import Trading

@Suite("A model server that misbehaves as told")
struct MisconductTests {
  @Test func staysSilentUntilTheClientLeaves() throws {
    try withServer(ModelScript(otherwise: [Turn(.hang)])) { server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("m"))
      #expect(server.waits { $0.waiting == 1 })

      visitor.leave()

      #expect(server.waits { $0.abandoned == 1 })
      #expect(server.requests.map(\.outcome) == [.abandoned])
      #expect(server.total.cost == .zero)
    }
  }

  @Test func noticesAClientThatLeavesDuringTheDelay() throws {
    try withServer(ModelScript(otherwise: [Turn(.answer(Reply()), after: .seconds(60))])) {
      server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("m"))
      #expect(server.waits { $0.waiting == 1 })

      visitor.leave()

      #expect(server.waits { $0.abandoned == 1 })
    }
  }

  @Test(arguments: [DropPoint.beforeBody, .beforeAnswer], [Ending.closed, .reset])
  func dropsBeforeTheAnswer(point: DropPoint, ending: Ending) throws {
    try withServer(ModelScript(otherwise: [Turn(.drop(point, by: ending))])) { server in
      let visitor = try Visitor(server)

      visitor.post("/as/rude/v1/chat/completions", chat("m"))

      #expect(visitor.readToEnd().bytes == [])
      #expect(server.waits { $0.dropped == 1 })
      #expect(server.requests.map(\.part) == ["rude"])
      #expect(server.requests.map { $0.body.isEmpty } == [point == .beforeBody])
    }
  }

  @Test(arguments: [DropPoint.afterHead, .insideBody])
  func dropsInsideTheAnswer(point: DropPoint) throws {
    try withServer(ModelScript(otherwise: [Turn(.drop(point, by: .closed))])) { server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("m"))

      let answer = try visitor.answer()

      #expect(answer.status == 200)
      #expect(!answer.isWhole)
      #expect(answer.body.isEmpty == (point == .afterHead))
      #expect(server.waits { $0.dropped == 1 })
    }
  }

  @Test func resetsTheFirstConnections() throws {
    try withServer(ModelScript(resetConnections: 1)) { server in
      let first = try Visitor(server)
      #expect(first.readToEnd().bytes == [])

      let second = try Visitor(server)
      second.post("/v1/chat/completions", chat("m"))

      #expect(try second.answer().status == 200)
      #expect(server.connections == 2)
    }
  }

  @Test func cutsJSONInTheMiddle() throws {
    try withServer(ModelScript(otherwise: [Turn(.truncated(Reply()))])) { server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("m"))

      let answer = try visitor.answer()

      #expect(answer.isWhole)
      #expect(answer.text.hasPrefix("{"))
      #expect(throws: JSONSyntaxError.self) { try JSONReader.value(of: answer.body) }
    }
  }

  @Test func limitsTheRateAndThenAnswers() throws {
    let limited = Turn(
      .failure(status: 429, message: "slow down", retryAfter: .seconds(2)))
    let dated = Turn(
      .failure(status: 429, message: "slow down", retryAfter: .date(inSeconds: 3)))
    try withServer(ModelScript(parts: ["m": [limited, dated, .says("fine")]])) { server in
      let visitor = try Visitor(server)
      var answers: [Visitor.Answer] = []
      for _ in 0..<4 {
        visitor.post("/v1/chat/completions", chat("m"))
        answers.append(try visitor.answer())
      }

      #expect(answers.map(\.status) == [429, 429, 200, 200])
      #expect(answers[0].header("retry-after") == "2")
      #expect(answers[1].header("retry-after")?.hasSuffix(" GMT") == true)
      #expect(answers[1].header("retry-after")?.utf8.count == 29)
      #expect(answers[3].text.contains(#""content":"fine""#))
      #expect(server.connections == 1)
    }
  }

  @Test(arguments: [500, 502, 503, 529])
  func fails(status: Int) throws {
    try withServer(ModelScript(otherwise: [Turn(.failure(status: status, message: "no"))])) {
      server in
      let visitor = try Visitor(server)
      visitor.post(
        "/v1/messages", #"{"model":"c","max_tokens":1,"messages":[{"role":"user","content":"x"}]}"#,
        headers: ["anthropic-version: 2023-06-01"])

      let answer = try visitor.answer()

      #expect(answer.status == status)
      let type = try JSONReader.value(of: answer.body)["error"]?["type"]?.text
      #expect(type == (status == 529 ? "overloaded_error" : "api_error"))
    }
  }

  @Test(arguments: [200, 502])
  func showsAPage(status: Int) throws {
    try withServer(ModelScript(otherwise: [Turn(.page(status: status))])) { server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("m"))

      let answer = try visitor.answer()

      #expect(answer.status == status)
      #expect(answer.header("content-type") == "text/html")
      #expect(answer.text.hasPrefix("<!DOCTYPE html>"))
    }
  }

  @Test func answersNothingAtAll() throws {
    try withServer(ModelScript(otherwise: [Turn(.empty(status: 200))])) { server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("m"))

      let answer = try visitor.answer()

      #expect(answer.status == 200)
      #expect(answer.isWhole && answer.body.isEmpty)
    }
  }

  @Test func tricklesByteByByte() throws {
    let reply = Reply(.text("x"))
    let turn = Turn(.trickled(reply, every: .milliseconds(1)))
    try withServer(ModelScript(otherwise: [turn])) { server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("m"))

      let answer = try visitor.answer()

      #expect(answer.isWhole)
      let request = try #require(server.waits { $0.answered == 1 } ? server.requests.first : nil)
      let took = try #require(request.endedAt) - request.arrivedAt
      #expect(took >= .milliseconds(answer.body.count))
    }
  }

  @Test func hangsInsideTheBody() throws {
    try withServer(ModelScript(otherwise: [Turn(.hangInside(Reply()))])) { server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("m"))
      #expect(server.waits { $0.tokens > 0 })

      visitor.leave()

      #expect(server.waits { $0.abandoned == 1 })
    }
  }

  @Test func repeatsTheKeyInAnError() throws {
    try withServer(ModelScript(otherwise: [Turn(.echoedKey)])) { server in
      let visitor = try Visitor(server)
      visitor.post(
        "/v1/chat/completions", chat("m"), headers: ["Authorization: Bearer canary-17"])

      let answer = try visitor.answer()

      #expect(answer.status == 401)
      #expect(answer.text.contains("Bearer canary-17"))
    }
  }

  @Test func playsAnyBytes() throws {
    let steps: [WireStep] = [
      .send(Array("HTTP/1.1 2".utf8)), .wait(.milliseconds(1)), .send(Array("xx".utf8)),
      .end(.closed),
    ]
    try withServer(ModelScript(otherwise: [Turn(.steps(steps))])) { server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("m"))

      #expect(visitor.readToEnd().bytes == Array("HTTP/1.1 2xx".utf8))
    }
  }
}
