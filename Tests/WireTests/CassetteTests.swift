import Foundation
import Testing
import Wire

/// Answers from a closure.
private struct Scripted: HTTPTransport {
  let script: @Sendable (HTTPRequest) throws(WireError) -> HTTPResponse

  func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    try script(request)
  }
}

/// A file of its own that goes away with the test.
private struct Tape: ~Copyable {
  let path = FileManager.default.temporaryDirectory
    .appending(path: "nof0-\(UInt64.random(in: 0 ... .max)).jsonl").path

  deinit { unlink(path) }

  var text: String {
    get throws { try String(contentsOfFile: path, encoding: .utf8) }
  }

  func append(_ text: String) throws {
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }
}

private let none = Redaction(secrets: [])

private func ask(_ body: String, _ url: String = "http://venue/info") -> HTTPRequest {
  HTTPRequest(.post, url: url, body: bytes(body), timeout: .seconds(1))
}

@Suite struct CassetteTests {
  /// Answers every request with its number and its body.
  private static func counting() -> Scripted {
    let count = Counter()
    return Scripted { request throws(WireError) in
      HTTPResponse(
        status: 200, headers: [HTTPHeader("Date", "today")],
        body: bytes("\(count.next()) ") + request.body)
    }
  }

  @Test func givesTheNthRequestOfAKindTheNthAnswer() async throws {
    let tape = Tape()
    let asked = ["a", "b", "a", "{\"x\":1, \"y\":[2,{\"b\":0,\"a\":0}]}"]
    let recorder = try Recorder(Self.counting(), to: tape.path, redaction: none)
    var recorded: [HTTPResponse] = []
    for body in asked { recorded.append(try await recorder.send(ask(body))) }

    let player = try Player(tape.path, redaction: none)
    let other = try await player.send(ask("{\"y\":[2,{\"a\":0,\"b\":0}],\"x\":1}"))
    let first = try await player.send(ask("a"))
    let second = try await player.send(ask("a"))
    let between = try await player.send(ask("b"))

    #expect([first, between, second, other] == recorded)
    #expect(first.body == bytes("1 a"))
    #expect(player.diagnostics == [])
  }

  @Test func refusesOrRepeatsWhatComesOnceMore() async throws {
    let tape = Tape()
    let recorder = try Recorder(Self.counting(), to: tape.path, redaction: none)
    let first = try await recorder.send(ask("a"))

    let strict = try Player(tape.path, redaction: none)
    let lenient = try Player(tape.path, redaction: none, whenExhausted: .repeatLast)
    for player in [strict, lenient] { _ = try await player.send(ask("a")) }

    #expect(
      await outcome(of: ask("a"), over: strict)
        == .failure(
          .cassette(
            "\(tape.path) has 1 answers for POST http://venue/info with this body, "
              + "expected one more; record it anew")))
    #expect(await outcome(of: ask("a"), over: lenient) == .success(first))
  }

  @Test(arguments: [
    ask("b"), ask("a", "http://venue/other"), ask("a", "http://venue/info?x=1"),
    HTTPRequest(.get, url: "http://venue/info", body: bytes("a"), timeout: .seconds(1)),
  ])
  func refusesWhatWasNotRecorded(request: HTTPRequest) async throws {
    let tape = Tape()
    let recorder = try Recorder(Self.counting(), to: tape.path, redaction: none)
    _ = try await recorder.send(ask("a"))

    let result = await outcome(of: request, over: try Player(tape.path, redaction: none))

    let shown = request.url.prefix { $0 != "?" }
    #expect(
      result
        == .failure(
          .cassette(
            "\(tape.path) has no answer for \(request.method.rawValue) \(shown) with this body; "
              + "record it anew")))
  }

  @Test(arguments: [
    WireError.badURL("x"), .unreachable(host: "h", detail: "d"),
    .untrusted(host: "h", detail: "d"), .timedOut(after: .milliseconds(1500), wasSent: true),
    .timedOut(after: .seconds(2), wasSent: false), .broken(detail: "d \"q\"", wasSent: true),
    .tooLarge(limit: 7), .cancelled,
  ])
  func repeatsFailures(error: WireError) async throws {
    let tape = Tape()
    let recorder = try Recorder(
      Scripted { _ throws(WireError) in throw error }, to: tape.path, redaction: none)
    #expect(await outcome(of: ask("a"), over: recorder) == .failure(error))

    let player = try Player(tape.path, redaction: none)

    #expect(await outcome(of: ask("a"), over: player) == .failure(error))
  }

  @Test(arguments: 0...9) func keepsBytesThatAreNoText(count: Int) async throws {
    let tape = Tape()
    let body = [UInt8]((0..<count).map { UInt8(truncatingIfNeeded: 0xFF - $0 * 37) })
    let echo = Scripted { request throws(WireError) in
      HTTPResponse(status: 200, headers: [], body: request.body)
    }
    let request = HTTPRequest(.post, url: "http://venue", body: body, timeout: .seconds(1))
    _ = try await Recorder(echo, to: tape.path, redaction: none).send(request)

    let played = try await Player(tape.path, redaction: none).send(request)

    #expect(played.body == body)
  }

  @Test func writesBase64AsOthersDo() async throws {
    let tape = Tape()
    // printf '\xff\xfe\xfd\x01' | base64
    let echo = Scripted { _ throws(WireError) in
      HTTPResponse(status: 200, headers: [], body: [0xFF, 0xFE, 0xFD, 0x01])
    }
    _ = try await Recorder(echo, to: tape.path, redaction: none).send(ask("a"))

    #expect(try tape.text.contains(#""body_base64":"//79AQ==""#))
  }
}

@Suite struct CassetteSecretTests {
  @Test func secretsAreNowhereInTheFile() async throws {
    let tape = Tape()
    let leaky = Scripted { request throws(WireError) in
      let said = request.headers.map(\.value).joined(separator: " ") + request.url
      guard request.method == .post else { throw .broken(detail: said, wasSent: true) }
      return HTTPResponse(
        status: 200,
        headers: [HTTPHeader("Set-Cookie", "CANARY-cookie"), HTTPHeader("X-Echo", said)],
        body: bytes(said) + request.body)
    }
    let redaction = Redaction(secrets: ["CANARY-known", "CANARY/known +2"])
    var request = HTTPRequest(
      .post, url: "http://user:CANARY-user@venue/?key=CANARY-known&b=CANARY%2Fknown%20%2B2",
      headers: [
        HTTPHeader("Authorization", "Bearer CANARY-bearer"),
        HTTPHeader("X-Secret", "CANARY-own", isSecret: true), HTTPHeader("X-Plain", "plain"),
      ], body: bytes("{\"k\":\"CANARY-known CANARY-bearer\"}"), timeout: .seconds(1))
    let recorder = try Recorder(leaky, to: tape.path, redaction: redaction)

    let answered = await outcome(of: request, over: recorder)
    request.method = .get
    _ = await outcome(of: request, over: recorder)

    let text = try tape.text
    #expect(text.contains("plain"))
    #expect(!text.contains("CANARY"))
    let echoed = try answered.get().body
    #expect(String(decoding: echoed, as: UTF8.self).contains("CANARY-bearer"))
    request.method = .post
    let player = try Player(tape.path, redaction: redaction)
    let played = try await player.send(request)
    #expect(played.status == 200)
  }

  @Test func onlyTheOwnerMayReadTheFile() async throws {
    let tape = Tape()
    let echo = Scripted { _ throws(WireError) in HTTPResponse(status: 200, headers: [], body: []) }
    _ = try await Recorder(echo, to: tape.path, redaction: none).send(ask("a"))

    let mode = try FileManager.default.attributesOfItem(atPath: tape.path)[.posixPermissions]

    #expect(mode as? Int == 0o600)
  }
}

@Suite struct CassetteFileTests {
  private static let echo = Scripted { request throws(WireError) in
    HTTPResponse(status: 200, headers: [], body: request.body)
  }

  @Test func leavesOutALineThatWasNotFinishedAndGoesOnBehindIt() async throws {
    let tape = Tape()
    let first = try await record("a", on: tape)
    try tape.append(String(first.prefix(40)))

    let player = try Player(tape.path, redaction: none)
    let note =
      "\(tape.path):2: the last line was not finished, as after a crash; its 40 bytes are left out"
    #expect(player.diagnostics == [note])
    let played = try await player.send(ask("a"))
    #expect(played.body == bytes("a"))

    let recorder = try Recorder(Self.echo, to: tape.path, redaction: none)
    #expect(recorder.diagnostics == [note])
    _ = try await recorder.send(ask("a"))
    let text = try tape.text
    #expect(text == first + first.replacing("\"number\":1", with: "\"number\":2"))
  }

  @Test func aBrokenLineInTheMiddleIsAnError() async throws {
    let tape = Tape()
    let first = try await record("a", on: tape)
    try tape.append("{\"number\":2}\n" + first)
    let problem = WireError.cassette(
      "\(tape.path):2: expected an exchange as `Recorder` writes it; record anew")

    #expect(throws: problem) { try Player(tape.path, redaction: none) }
    #expect(throws: problem) { try Recorder(Self.echo, to: tape.path, redaction: none) }
  }

  @Test func oneRecorderWritesAtATime() throws {
    let tape = Tape()
    let recorder = try Recorder(Self.echo, to: tape.path, redaction: none)

    #expect(
      throws: WireError.cassette(
        "\(tape.path) is being recorded by another run; wait for it or name another file")
    ) { try Recorder(Self.echo, to: tape.path, redaction: none) }
    #expect(recorder.diagnostics == [])
  }

  @Test func saysWhyAFileCannotBeOpened() {
    #expect(
      throws: WireError.cassette("/nowhere/tape cannot be opened: No such file or directory")
    ) { try Player("/nowhere/tape", redaction: none) }
  }

  @Test func linesAreTheSameEveryTime() async throws {
    let tape = Tape()

    let line = try await record("{\"b\":1,\"a\":2}", on: tape)

    #expect(
      line == #"{"number":1,"request":{"body":"{\"b\":1,\"a\":2}","headers":[],"method":"POST","#
        + #""url":"http://venue/info"},"response":{"body":"{\"b\":1,\"a\":2}","headers":[],"#
        + #""status":200}}"# + "\n")
  }

  private func record(_ body: String, on tape: borrowing Tape) async throws -> String {
    let recorder = try Recorder(Self.echo, to: tape.path, redaction: none)
    _ = try await recorder.send(ask(body))
    return try tape.text
  }
}
