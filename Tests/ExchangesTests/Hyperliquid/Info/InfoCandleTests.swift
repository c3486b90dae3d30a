import Exchanges
import Market
import Testing
import Trading
import Wire

@Suite("Hyperliquid's candles")
struct InfoCandleTests {
  private static let hour: Int64 = 3_600_000
  private static let start = Timestamp(ms: 1_790_344_800_000)

  private static func row(
    _ index: Int64, _ prices: String = #""o":"10","h":"12","l":"9","c":"11""#
  ) -> String {
    let t = start.ms + index * hour
    return #"{"t":\#(t),"T":\#(t + hour - 1),"s":"BTC","i":"1h",\#(prices),"v":"3.5","n":2}"#
  }

  private static func read(
    _ stage: InfoStage, to: Timestamp, now: Timestamp, from: Timestamp = start
  ) async throws(InfoError) -> VenueCandles {
    try await stage.info.candles(infoBTC, .h1, from: from, to: to, now: now)
  }

  @Test(arguments: [
    (row(0, #""o":"10","h":"12","l":"13","c":"11""#), "expected low ≤ open"),
    (row(0, #""o":"10","h":"10.5","l":"9","c":"11""#), "expected low ≤ open"),
    (row(0, #""o":"0.0","h":"12","l":"9","c":"11""#), "[0].o: expected a price above zero"),
    (row(0, #""o":"10","h":"12","l":"9""#), "[0].c: expected a price above zero, was absent"),
    (row(0).replacing("BTC", with: "ETH"), #"[0].s: expected "BTC", was "ETH""#),
    (row(0).replacing("1h", with: "4h"), #"[0].i: expected "1h", was "4h""#),
    (row(0).replacing("3.5", with: "-1"), "volume of at least 0"),
    (
      row(0).replacing("1790344800000", with: "1790344800001"),
      "[0].t: expected a multiple of 1h, was 1790344800001"
    ),
    (row(0).replacing("1790344800000", with: "1e40"), "[0].t: expected a whole number, was 1e40"),
  ])
  func refusesMalformedRows(row: String, cause: String) async {
    let stage = InfoStage("[\(row)]")
    let found = await unreadableCause { () async throws(InfoError) in
      try await Self.read(stage, to: Self.start, now: Self.start + .hours(2))
    }
    #expect(found.contains(cause), "\(found)")
  }

  @Test(arguments: [
    (Int64(0), 0, true), (hour - 1, 0, true), (hour, 1, false), (hour + 1, 1, true),
    (2 * hour, 2, false), (3 * hour, 2, false),
  ])
  func theCandleThatHasNotEndedIsForming(
    elapsed: Int64, finished: Int, isForming: Bool
  ) async throws {
    let stage = InfoStage("[\(Self.row(0)),\(Self.row(1))]")
    let now = Self.start + Span(ms: elapsed)

    let candles = try await Self.read(stage, to: now, now: now)

    #expect(candles.finished.count == finished)
    // A row that begins this very instant is forming.
    let begins = elapsed == Self.hour
    #expect((candles.forming != nil) == (isForming || begins))
  }

  @Test func asksOnlyForWhatTheVenueKeeps() async throws {
    let stage = InfoStage("[]")
    let now = Self.start

    _ = try await Self.read(stage, to: now, now: now, from: Timestamp(ms: 0))

    let body = String(decoding: stage.script.requests[0].body, as: UTF8.self)
    #expect(body.contains(#""startTime":\#(now.ms - 5000 * Self.hour)"#))
  }

  @Test func turnsPagesUntilTheEnd() async throws {
    let count: Int64 = 1_203
    let script = InfoScript { request, _ in
      let begin = Self.number(after: #""startTime":"#, in: request.body)
      let first = max(0, (begin - Self.start.ms) / Self.hour)
      let rows = (first..<min(first + 500, count)).map { Self.row($0) }
      return HTTPResponse(
        status: 200, headers: [], body: Array("[\(rows.joined(separator: ","))]".utf8))
    }
    let stage = InfoStage(script)
    let end = Self.start + .hours(count)

    let candles = try await Self.read(stage, to: end, now: end)

    #expect(candles.finished.count == Int(count))
    #expect(candles.forming == nil)
    #expect(script.requests.count == 3)
    // 3 · 20 and 500/60 + 500/60 + 203/60 = 8 + 8 + 3.
    #expect(stage.budget.used == 79)
  }

  @Test func stopsAtAVenueThatRepeatsItself() async throws {
    let rows = (0..<500).map { Self.row($0) }.joined(separator: ",")
    let stage = InfoStage("[\(rows)]")
    let end = Self.start + .hours(2000)

    let candles = try await Self.read(stage, to: end, now: end)

    #expect(candles.finished.count == 500)
    #expect(stage.script.requests.count == 2)
  }

  /// The number behind a text in a body.
  static func number(after key: String, in body: [UInt8]) -> Int64 {
    let text = String(decoding: body, as: UTF8.self)
    guard let place = text.firstRange(of: key) else { return 0 }
    return Int64(text[place.upperBound...].prefix { $0.isNumber }) ?? 0
  }
}
