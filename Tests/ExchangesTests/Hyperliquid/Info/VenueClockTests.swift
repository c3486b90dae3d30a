import Exchanges
import Testing
import Trading
import Wire

@Suite("The venue's time")
struct VenueClockTests {
  /// Sun, 06 Nov 1994 08:49:37 GMT.
  private static let date = Timestamp(ms: 784_111_777_000)

  private static func response(_ date: String?) -> HTTPResponse {
    HTTPResponse(status: 200, headers: date.map { [HTTPHeader("Date", $0)] } ?? [], body: [])
  }

  private static let now = response("Sun, 06 Nov 1994 08:49:37 GMT")

  @Test(arguments: [
    nil, "", "now", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
    "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
  ])
  func learnsNothingFromOddDates(text: String?) {
    let clock = VenueClock(now: { Self.date })
    clock.learn(from: Self.response(text), sentAt: Self.date, receivedAt: Self.date)
    #expect(clock.skew == nil)
    #expect(clock.now == Self.date)
  }

  // Sent and received in ms before (−) or after the second the header names; the skew follows from
  // venue ∈ [date, date + 999 ms] at some moment in between.
  @Test(arguments: [
    (Int64(0), Int64(0), Int64(0)), (999, 999, 0), (1_000, 1_000, -1), (-1, -1, 1),
    (-500, 300, 0), (-3_000, -2_500, 2_500), (5_000, 9_000, -4_001), (-90_000, 90_000, 0),
  ])
  func theSkewIsTheLeastThatExplainsTheDate(sent: Int64, received: Int64, skew: Int64) {
    let clock = VenueClock(now: { Self.date })

    clock.learn(
      from: Self.now, sentAt: Self.date + Span(ms: sent), receivedAt: Self.date + Span(ms: received)
    )

    #expect(clock.skew == Span(ms: skew))
    let shown = abs(skew) > 2_000 ? skew : 0
    #expect(clock.now == Self.date + Span(ms: shown))
  }

  @Test func aSlowAnswerDoesNotUndoWhatAQuickOneTaught() {
    let clock = VenueClock(now: { Self.date })
    clock.learn(
      from: Self.now, sentAt: Self.date - .seconds(5), receivedAt: Self.date - .seconds(5))
    clock.learn(
      from: Self.now, sentAt: Self.date - .seconds(20), receivedAt: Self.date + .seconds(20))
    #expect(clock.skew == .seconds(5))
  }

  @Test func theLastAnswerCountsWhenAClockWasSet() {
    let clock = VenueClock(now: { Self.date })
    clock.learn(
      from: Self.now, sentAt: Self.date - .seconds(5), receivedAt: Self.date - .seconds(5))
    clock.learn(from: Self.now, sentAt: Self.date, receivedAt: Self.date)
    #expect(clock.skew == .zero)
  }

  @Test func learnsFromEveryAnswer() async {
    let script = InfoScript { _, _ in
      HTTPResponse(
        status: 422, headers: [HTTPHeader("date", "Sun, 06 Nov 1994 08:49:37 GMT")], body: [])
    }
    let stage = InfoStage(script)
    _ = await stage.wire.send(Array("{}".utf8))
    #expect(stage.venueClock.skew != nil)
  }
}
