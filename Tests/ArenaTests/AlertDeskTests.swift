import Arena
import Journal
import Testing
import Trading
import Wire

@Suite("The desk that tells of alerts") struct AlertDeskTests {
  /// A server that repeats whatever it was asked.
  private struct Echo: HTTPTransport {
    let body: String
    func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
      HTTPResponse(status: 500, headers: [], body: Array(body.utf8))
    }
  }

  private static let clock = WallClock(now: { CycleBench.noon }, monotonicMs: { 0 })

  /// What is on record of a channel whose server answers this.
  private static func error(
    answering body: String, url: String, headers: String, _ environment: [String: String]
  ) async throws -> String {
    let config = try #require(
      ConfigFixtures.load(
        [
          "nof0.yaml": """
          alerts: {channels: {webhook: {url: "\(url)", headers: {Authorization: "\(headers)"}}}}
          """, "manager.yaml": ConfigFixtures.trader(),
        ], environment: environment
      ).config)
    let draft = try #require(config.alerts.channels.first)
    let desk = AlertDesk(
      arena: "a", channels: [try AlertChannel(draft, ConfigEnvironment(environment))],
      repeatAfter: nil, transport: Echo(body: body))
    let store = StateStore(try JournalDatabase.inMemory())
    try store.prepare(arenaID: "a", name: "a", createdAt: CycleBench.noon)
    var changes = StateChanges(cycle: 0, run: 1, at: CycleBench.noon)
    changes.alertRouting = desk.routing
    changes.openAlerts = [Alert(key: "k", severity: .high, trader: nil, message: "m")]
    try store.commit(changes)
    try await desk.deliver(
      from: store, at: CycleBench.noon, clock: clock, deadlineMs: .infinity)
    return try #require(try store.alertChannels(givenUpSince: CycleBench.noon).first).error
  }

  @Test(arguments: [
    ("no such token: canary-hook", "no such token: ***"),
    ("bad key canary-header", "bad key ***"),
    ("GET /in/canary-path?a=1&token=canary-hook", "GET ***"),
    ("nothing at canary-path", "nothing at ***"),
    ("see /docs and / of 1", "see /docs and / of 1"),
  ])
  func recordsNoPartOfASecret(answer: String, shown: String) async throws {
    let error = try await Self.error(
      answering: answer, url: "${U}", headers: "${H}",
      [
        "U": "https://example.org/in/canary-path?a=1&token=canary-hook",
        "H": "Bearer canary-header",
      ])

    #expect(error == "HTTP 500: \(shown)")
  }

  @Test func anAddressWithoutAPathHidesNoSlashes() async throws {
    let error = try await Self.error(
      answering: "see /docs%20or canary+key", url: "${U}", headers: "${H}",
      ["U": "https://example.org/?key=canary%2Bkey", "H": "1 2 3 4"])

    #expect(error == "HTTP 500: see /docs%20or ***")
  }
}
