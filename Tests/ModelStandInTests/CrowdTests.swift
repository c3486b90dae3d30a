import ModelStandIn
import Testing
import Trading

@Suite("A model server with many clients")
struct CrowdTests {
  @Test func holdsFiveHundredConnectionsAtOnce() throws {
    let turn = Turn.says("x", after: .milliseconds(300))
    try withServer(ModelScript(parts: ["m": [turn]])) { server in
      let visitors = try (0..<500).map { _ in try Visitor(server) }
      for visitor in visitors { visitor.post("/v1/chat/completions", chat("m")) }
      let answers = try visitors.map { try $0.answer() }

      #expect(answers.allSatisfy { $0.status == 200 && $0.isWhole })
      #expect(server.waits { $0.answered == 500 })
      #expect(server.mostConnections == 500)
      #expect(server.totals(of: "m").requests == 500)
      let waits = server.requests.compactMap { request in
        request.endedAt.map { $0 - request.arrivedAt }
      }
      #expect(waits.count == 500)
      #expect(waits.allSatisfy { $0 >= .milliseconds(300) })
    }
  }

  @Test func countsWithoutReadingBodies() throws {
    let script = ModelScript(parts: ["quick": [.says("x")]], reading: .names)
    try withServer(script) { server in
      let visitor = try Visitor(server)
      visitor.post("/as/quick/v1/chat/completions", "not even JSON")

      #expect(try visitor.answer().status == 200)
      #expect(server.waits { $0.answered == 1 })
      #expect(server.requests.isEmpty)
      // 13 bytes are 4 tokens, "x" is 1.
      #expect(server.totals(of: "quick").tokens == 5)
    }
  }

  @Test func tellsPartsApartByHeaderPathAndModel() throws {
    try withServer(ModelScript(otherwise: [.says("x")])) { server in
      let visitor = try Visitor(server)
      for (path, headers) in [
        ("/v1/chat/completions", []), ("/as/path/v1/chat/completions", []),
        ("/as/path/v1/chat/completions", ["X-Stand-In: header"]),
      ] {
        visitor.post(path, chat("model"), headers: headers)
        #expect(try visitor.answer().status == 200)
      }

      #expect(server.requests.map(\.part) == ["model", "path", "header"])
      #expect(server.requests.map(\.model) == ["model", "model", "model"])
      #expect(server.requests.map(\.connection) == [0, 0, 0])
      #expect(server.requests.map(\.path) == Array(repeating: "/v1/chat/completions", count: 3))
    }
  }

  @Test func followsAnotherScriptFromItsFirstTurnOn() throws {
    try withServer(ModelScript(otherwise: [.says("one"), .says("two")])) { server in
      let visitor = try Visitor(server)
      visitor.post("/v1/chat/completions", chat("m"))
      #expect(try visitor.answer().text.contains("one"))

      server.play(ModelScript(otherwise: [.says("three"), .says("four")]))
      visitor.post("/v1/chat/completions", chat("m"))

      #expect(try visitor.answer().text.contains("three"))
      #expect(server.total.requests == 2)
    }
  }

  @Test func stopsWithRequestsUnderWay() throws {
    let server = ModelServer(ModelScript(otherwise: [Turn(.hang)]))
    let port = try server.start()
    #expect(try server.start() == port)
    #expect(server.address(of: "a") == "http://127.0.0.1:\(port)/as/a")
    let visitor = try Visitor(server)
    visitor.post("/v1/chat/completions", chat("m"))
    #expect(server.waits { $0.waiting == 1 })

    server.stop()
    server.stop()

    #expect(visitor.readToEnd().bytes == [])
    #expect(server.port == nil)
    #expect(server.total.requests == 1)
  }
}
