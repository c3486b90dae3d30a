import Testing
import Trading

@Suite struct TimestampTests {
  @Test(arguments: [
    "", "2025-02-29", "2025-13-01", "2025-00-10", "2025-04-31", "2025-07-21T24:00Z",
    "2025-07-21T12:60Z", "2025-07-21T12:00", "2025-07-21 12:00Z", "2025-07-21T12:00:60Z",
    "2025-07-21T12:00:00.1Z", "2025-07-21T12:00:00+02:00", "2025-7-21", "-1", "0000-01-01",
    "253402300800000", "9223372036854775807",
  ])
  func refusesOtherTexts(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test(arguments: [
    // GNU date: date -ud 2025-07-21T12:00 +%s
    ("2025-07-21T12:00Z", 1_753_099_200_000), ("2025-07-21T12:00:00Z", 1_753_099_200_000),
    ("2025-07-21T12:00:00.007Z", 1_753_099_200_007), ("2025-07-21", 1_753_056_000_000),
    ("1970-01-01", 0), ("2024-02-29", 1_709_164_800_000), ("2000-03-01", 951_868_800_000),
    ("1969-12-31", -86_400_000), ("1753099200000", 1_753_099_200_000),
    ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
  ])
  func readsUTC(text: String, ms: Int64) {
    #expect(Timestamp(text)?.ms == ms)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (1_753_099_200_000, "2025-07-21T12:00:00Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
  ])
  func writesUTC(ms: Int64, text: String) {
    #expect(Timestamp(ms: ms).description == text)
  }

  @Test func readsBackDaysOfFourCenturies() {
    for number in stride(from: Int64(-50_000), through: 96_097, by: 5) {
      let day = CivilDay(number: number)
      #expect(Timestamp(day.description) == day.start)
    }
  }

  @Test(arguments: [
    ("0", 0), ("3m", 180_000), ("45s", 45_000), ("1h30m", 5_400_000), ("1.5h", 5_400_000),
    ("250ms", 250), ("2d", 172_800_000),
  ])
  func readsSpans(text: String, ms: Int64) {
    #expect(Span(text)?.ms == ms)
  }

  @Test(arguments: ["", "3", "m", "-3m", "3 m", "1h-1m", "3x", "40000d", "1.h.m"])
  func refusesOtherSpans(text: String) {
    #expect(Span(text) == nil)
  }

  /// 200,000 times 900,000 days are more milliseconds than an Int64 holds.
  @Test(arguments: ["900000d", "900000d1ms", "36600d"])
  func refusesSpansWhoseSumOverflows(term: String) {
    #expect(Span(String(repeating: term, count: 200_000)) == nil)
  }

  @Test func writesSpansAsTheConfigurationDoes() {
    #expect(Span(ms: 5_400_250).description == "1h30m250ms")
    #expect(Span(ms: 0).description == "0s")
    #expect(Span(ms: -1000).description == "-1s")
  }

  @Test func floorsTowardsThePast() {
    #expect(Timestamp(ms: -1).floored(to: .hour).ms == -3_600_000)
    #expect(Timestamp(ms: 3_600_000).floored(to: .hour).ms == 3_600_000)
    #expect(CivilDay(Timestamp(ms: -1)).number == -1)
  }
}
