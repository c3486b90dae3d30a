import Testing
import Wire

@Suite(.timeLimit(.minutes(30))) struct LiveFailureTests {
  /// What a server does wrong, and what is said of it.
  struct Misdeed: Sendable, CustomTestStringConvertible {
    let name: String
    let steps: [StandIn.Step]
    let isExpected: @Sendable (WireError) -> Bool

    var testDescription: String { name }

    static func isBroken(_ error: WireError) -> Bool {
      if case .broken(_, wasSent: true) = error { true } else { false }
    }

    static let all = [
      Misdeed(name: "closes before an answer", steps: [.close], isExpected: isBroken),
      Misdeed(name: "resets before an answer", steps: [.reset], isExpected: isBroken),
      Misdeed(
        name: "resets within the headers",
        steps: [.send(bytes("HTTP/1.1 200 OK\r\nContent-Le")), .reset], isExpected: isBroken),
      Misdeed(
        name: "closes within the body",
        steps: [.send(bytes("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")), .close],
        isExpected: isBroken),
      Misdeed(
        name: "closes within a chunk",
        steps: [
          .send(bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nshort")), .close,
        ], isExpected: isBroken),
      Misdeed(
        name: "sends another protocol", steps: [.send(bytes("220 mail ready\r\n")), .close],
        isExpected: isBroken),
      Misdeed(
        name: "sends what is no gzip",
        steps: [answer("200 OK", ["Content-Encoding: gzip"], body: bytes("plain text"))],
        isExpected: isBroken),
      Misdeed(
        name: "sends a body too long", steps: [answer(body: [UInt8](repeating: 65, count: 1001))],
        isExpected: { $0 == .tooLarge(limit: 1000) }),
      Misdeed(
        name: "sends headers without end",
        steps: [
          .send(bytes("HTTP/1.1 200 OK\r\n")),
          .send(
            bytes(String(repeating: "X: \(String(repeating: "y", count: 997))\r\n", count: 300))),
          .hang,
        ],
        isExpected: { $0 == .tooLarge(limit: 256 << 10) }),
    ]
  }

  @Test(arguments: Misdeed.all) func tells(misdeed: Misdeed) async throws {
    try await StandIn.serving { _ in
      misdeed.steps
    } use: { server in
      let result = await outcome(of: get(server.url(), limit: 1000), over: transport())

      guard case .failure(let error) = result else {
        Issue.record("expected a failure, was \(result)")
        return
      }
      #expect(misdeed.isExpected(error), "was \(error)")
      #expect(error.mayHaveArrived)
    }
  }

  @Test func countsTheLimitAfterDecompression() async throws {
    // head -c 2000 /dev/zero | gzip -9n | xxd -i
    let gzip: [UInt8] = [
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x60, 0x18, 0x05,
      0xA3, 0x60, 0x14, 0x8C, 0x82, 0x51, 0x30, 0x0A, 0x46, 0xC1, 0x50, 0x07, 0x00, 0x44,
      0xF4, 0xC9, 0x02, 0xD0, 0x07, 0x00, 0x00,
    ]
    try await StandIn.serving { _ in
      [answer("200 OK", ["Content-Encoding: gzip"], body: gzip)]
    } use: { server in
      let live = transport()

      #expect(
        await outcome(of: get(server.url(), limit: 1999), over: live)
          == .failure(.tooLarge(limit: 1999)))
      let whole = await outcome(of: get(server.url(), limit: 2000), over: live)
      let body = try whole.get().body
      #expect(body == [UInt8](repeating: 0, count: 2000))
    }
  }

  @Test func boundsAHangingAndATricklingServer() async throws {
    try await StandIn.serving { arrival in
      arrival.head.hasPrefix("GET /trickle")
        ? [.send(bytes("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")), .trickle] : [.hang]
    } use: { server in
      let live = transport()
      let limit = Duration.milliseconds(150)

      let hanging = await outcome(of: get(server.url("/hang"), timeout: limit), over: live)
      let trickling = await outcome(of: get(server.url("/trickle"), timeout: limit), over: live)

      #expect(hanging == .failure(.timedOut(after: limit, wasSent: true)))
      #expect(trickling == .failure(.timedOut(after: limit, wasSent: true)))
    }
  }

  @Test func tellsThatNothingWasSent() async throws {
    let gone = try StandIn { _ in [] }
    gone.stop()

    let result = await outcome(of: get(gone.url()), over: transport())

    guard case .failure(.unreachable(host: "127.0.0.1", _)) = result else {
      Issue.record("expected unreachable, was \(result)")
      return
    }
  }

  @Test(arguments: [
    ("ftp://host/", "ftp://host/"),
    ("venue.example/", "venue.example/"),
    ("http://", "http://"),
    ("http:///path", "http:///path"),
    ("http://host/a b?key=CANARY", "http://host/a␣b"),
    ("file://user:CANARY@host/etc/passwd", "file://***@host/etc/passwd"),
    ("http://host:notaport/?CANARY", "http://host:notaport/"),
  ])
  func refusesWhatIsNoAddress(url: String, shown: String) async {
    let result = await outcome(of: get(url), over: transport())

    #expect(result == .failure(.badURL(shown)))
  }

  @Test(arguments: [
    HTTPHeader("X-Key", "CANARY\r\nX-Other: 1", isSecret: true),
    HTTPHeader("X-Key", "CANARY\n", isSecret: true),
    HTTPHeader("X Key", "v"), HTTPHeader("", "v"), HTTPHeader("X:", "v"),
  ])
  func refusesHeadersThatBreakTheHead(header: HTTPHeader) async {
    var request = get("http://127.0.0.1:1/")
    request.headers = [header]

    let result = await outcome(of: request, over: transport())

    guard case .failure(.broken(let detail, wasSent: false)) = result else {
      Issue.record("expected a refusal, was \(result)")
      return
    }
    #expect(!detail.contains("CANARY"))
  }
}

@Suite(.timeLimit(.minutes(30))) struct CancellationTests {
  @Test func closesTheConnection() async throws {
    try await StandIn.serving { _ in
      [.hang]
    } use: { server in
      let live = transport()

      let result = try await withThrowingTaskGroup(
        of: Result<HTTPResponse, WireError>.self
      ) { group in
        group.addTask { await outcome(of: get(server.url()), over: live) }
        #expect(await server.nextEvent() == .requested)
        group.cancelAll()
        return try #require(try await group.next())
      }

      #expect(result == .failure(.cancelled))
      #expect(await server.nextEvent() == .hungUp)
    }
  }

  @Test func beforeTheStartSendsNothing() async throws {
    try await StandIn.serving { _ in
      [answer()]
    } use: { server in
      let live = transport()

      let result = await withTaskGroup(of: Result<HTTPResponse, WireError>.self) { group in
        group.cancelAll()
        group.addTask { await outcome(of: get(server.url()), over: live) }
        return await group.next()
      }

      #expect(result == .failure(.cancelled))
      live.close()
      #expect(server.connections == 0)
    }
  }

  @Test func atAnyMomentLeavesTheOthersAlone() async throws {
    try await StandIn.serving { arrival in
      [answer(body: arrival.body)]
    } use: { server in
      let live = transport()

      for round in 0..<30 {
        let kept = await withTaskGroup(of: Result<HTTPResponse, WireError>?.self) { group in
          group.addTask {
            await withTaskGroup(of: Void.self) { inner in
              for _ in 0..<5 {
                inner.addTask { _ = await outcome(of: get(server.url()), over: live) }
              }
              for _ in 0..<round { await Task.yield() }
              inner.cancelAll()
            }
            return nil
          }
          group.addTask { await outcome(of: get(server.url()), over: live) }
          return await group.reduce(into: nil) { $0 = $0 ?? $1 }
        }
        let response = try kept?.get()
        #expect(response?.status == 200)
      }
      live.close()
    }
  }
}

@Suite(.timeLimit(.minutes(30))) struct KeptConnectionTests {
  /// Answers the first request of a connection and closes on the second one after reading it.
  private static let forgetful: @Sendable (StandIn.Arrival) -> [StandIn.Step] = {
    $0.onConnection == 0 ? [answer()] : [.close]
  }

  @Test func neverSendsAPostTwice() async throws {
    try await StandIn.serving(Self.forgetful) { server in
      let live = transport()
      let order = HTTPRequest(
        .post, url: server.url(), body: bytes("order"), timeout: .seconds(20))
      _ = try await live.send(order)

      let second = await outcome(of: order, over: live)

      guard case .failure(.broken(_, wasSent: true)) = second else {
        Issue.record("expected a broken connection, was \(second)")
        return
      }
      #expect(server.arrivals.count == 2)
    }
  }

  @Test func repeatsAReadingOnAFreshConnection() async throws {
    try await StandIn.serving(Self.forgetful) { server in
      let live = transport()
      _ = try await live.send(get(server.url()))

      let second = await outcome(of: get(server.url()), over: live)

      let status = try second.get().status
      #expect(status == 200)
      #expect(server.arrivals.count == 3)
    }
  }
}
