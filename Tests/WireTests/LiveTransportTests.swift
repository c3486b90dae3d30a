import Testing
import Wire

/// The network without what the machine's environment says of proxies.
func transport() -> LiveTransport { LiveTransport(LiveSettings(proxy: .none)) }

func get(_ url: String, timeout: Duration = .seconds(20), limit: Int = 8 << 20) -> HTTPRequest {
  HTTPRequest(.get, url: url, timeout: timeout, maxResponseBytes: limit)
}

/// Sends and gives back what came of it.
func outcome(
  of request: HTTPRequest, over transport: any HTTPTransport
) async -> Result<HTTPResponse, WireError> {
  do throws(WireError) {
    return .success(try await transport.send(request))
  } catch {
    return .failure(error)
  }
}

@Suite(.timeLimit(.minutes(30))) struct LiveTransportTests {
  @Test func sendsABodyAndReadsTheAnswer() async throws {
    try await StandIn.serving { _ in
      [answer("201 Created", ["X-A:  b "], body: bytes("done"))]
    } use: {
      server in
      let request = HTTPRequest(
        .post, url: server.url("/orders?x=1"), headers: [HTTPHeader("X-Key", "k", isSecret: true)],
        body: bytes("{}"), timeout: .seconds(20))

      let response = try await transport().send(request)

      #expect(response.status == 201)
      #expect(response.header("x-a") == "b")
      #expect(response.body == bytes("done"))
      let arrival = try #require(server.arrivals.first)
      #expect(arrival.head.hasPrefix("POST /orders?x=1 HTTP/1.1\r\n"))
      #expect(arrival.body == bytes("{}"))
      #expect(arrival.has("X-Key: k"))
      #expect(!arrival.has("Expect:"))
      #expect(!arrival.has("Content-Type:"))
    }
  }

  @Test func readsAnEmptyPostAnswerAndAnEmptyHeader() async throws {
    try await StandIn.serving { _ in
      [answer("204 No Content")]
    } use: { server in
      let request = HTTPRequest(
        .post, url: server.url(), headers: [HTTPHeader("X-Empty", "")], timeout: .seconds(20))

      let response = try await transport().send(request)

      #expect(response.status == 204)
      #expect(server.arrivals.first?.has("X-Empty:") == true)
      #expect(server.arrivals.first?.has("Content-Length: 0") == true)
    }
  }

  @Test func decompressesAndJoinsChunks() async throws {
    // printf 'hello hello hello' | gzip -9n | xxd -i
    let gzip: [UInt8] = [
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9,
      0xC9, 0x57, 0xC8, 0x40, 0x90, 0x00, 0x80, 0x88, 0xF9, 0xE5, 0x11, 0x00, 0x00, 0x00,
    ]
    try await StandIn.serving { arrival in
      arrival.head.hasPrefix("GET /gzip")
        ? [answer("200 OK", ["Content-Encoding: gzip"], body: gzip)]
        : [
          .send(bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")),
          .send(bytes("1\r\n!\r\n0\r\n\r\n")),
        ]
    } use: { server in
      let live = transport()

      let zipped = try await live.send(get(server.url("/gzip")))
      let chunked = try await live.send(get(server.url("/chunked")))

      #expect(zipped.body == bytes("hello hello hello"))
      #expect(chunked.body == bytes("hello!"))
    }
  }

  @Test func leavesRedirectsToTheCaller() async throws {
    try await StandIn.serving { _ in
      [answer("302 Found", ["Location: /elsewhere"])]
    } use: {
      server in
      let response = try await transport().send(get(server.url()))

      #expect(response.status == 302)
      #expect(response.header("Location") == "/elsewhere")
      #expect(server.arrivals.count == 1)
    }
  }

  @Test func readsTheFinalHeadAfterAProvisionalOne() async throws {
    try await StandIn.serving { _ in
      [
        .send(bytes("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n")),
        answer("200 OK", ["X-B: 2"]),
      ]
    } use: { server in
      let response = try await transport().send(get(server.url()))

      #expect(response.status == 200)
      #expect(response.headers.map(\.name) == ["X-B", "Content-Length"])
    }
  }

  @Test func keepsTwoHundredRequestsUnderWayAtOnce() async throws {
    // No answer is given before all requests have come.
    try await StandIn.serving { arrival in
      [.awaitRequests(200), answer(body: arrival.body)]
    } use: { server in
      let live = transport()

      let bodies = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
        for index in 0..<200 {
          group.addTask {
            let request = HTTPRequest(
              .post, url: server.url(), body: bytes("\(index)"), timeout: .seconds(50))
            return (index, try await live.send(request).body)
          }
        }
        return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }

      #expect((0..<200).allSatisfy { bodies[$0] == bytes("\($0)") })
      live.close()
    }
  }

  @Test func keepsConnectionsUnlessTheRequestForbids() async throws {
    try await StandIn.serving { _ in
      [answer()]
    } use: { server in
      let live = transport()
      var last = get(server.url())
      last.keepsAlive = false

      for _ in 0..<3 { _ = try await live.send(get(server.url())) }
      #expect(server.connections == 1)
      _ = try await live.send(last)
      _ = try await live.send(last)

      #expect(server.connections == 3)
      #expect(
        server.arrivals.map { $0.has("Connection: close") } == [false, false, false, true, true])
    }
  }

  @Test func goesThroughAProxy() async throws {
    try await StandIn.serving { _ in
      [answer(body: bytes("from the proxy"))]
    } use: { server in
      let live = LiveTransport(LiveSettings(proxy: .address(server.url(""))))

      let response = try await live.send(get("http://venue.invalid/markets"))

      #expect(response.body == bytes("from the proxy"))
      let head = try #require(server.arrivals.first?.head)
      #expect(head.hasPrefix("GET http://venue.invalid/markets HTTP/1.1\r\n"))
    }
  }

  @Test func closedOneSendsNothing() async throws {
    try await StandIn.serving { _ in
      [answer()]
    } use: { server in
      let live = transport()
      _ = try await live.send(get(server.url()))

      live.close()
      live.close()

      #expect(await outcome(of: get(server.url()), over: live) == .failure(.cancelled))
      #expect(server.arrivals.count == 1)
    }
  }

  @Test func closingEndsRequestsUnderWay() async throws {
    try await StandIn.serving { _ in
      [.hang]
    } use: { server in
      let live = transport()
      async let waiting = outcome(of: get(server.url()), over: live)
      #expect(await server.nextEvent() == .requested)

      live.close()

      #expect(await waiting == .failure(.cancelled))
      #expect(await server.nextEvent() == .hungUp)
    }
  }
}
