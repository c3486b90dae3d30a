import Analytics
import Testing
import Trading

@Suite("The period of a report")
struct ReportPeriodTests {
  /// 2025-07-21T12:00Z.
  private static let noon = Timestamp(ms: 1_753_099_200_000)

  @Test(arguments: [
    ("", "expected hour, day, week, month or FROM..TO"),
    ("year", "was year"),
    ("2025-07-21", "was 2025-07-21"),
    ("..2025-07-21", "expected FROM as a date or an instant in UTC"),
    ("2025-07-32..2025-08-01", "was 2025-07-32"),
    ("2025-07-20..tomorrow", "expected TO as a date or an instant"),
    ("2025-07-21T12:00Z..2025-07-21T11:00Z", "expected FROM before TO"),
    ("2025-07-21T12:00Z..2025-07-21T12:00Z", "expected FROM before TO"),
    ("2025-07-22..2025-07-21", "was 2025-07-22T00:00:00Z to 2025-07-22T00:00:00Z"),
  ])
  func refusesWhatIsNoPeriod(text: String, says: String) {
    let error = #expect(throws: ReportPeriodError.self) { try ReportPeriod(text) }

    #expect(error?.description.hasPrefix("--period: ") == true)
    #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
  }

  @Test func aPeriodAfterTheLastRunHasNothingInIt() throws {
    let period = try ReportPeriod("2025-07-21T12:00Z..2025-07-22")

    let error = #expect(throws: ReportPeriodError.self) {
      try period.bounds(lastRun: Self.noon)
    }

    #expect(
      error?.description
        == "--period: expected a period that begins before the last run that finished, "
        + "2025-07-21T12:00:00Z, was 2025-07-21T12:00:00Z")
  }

  @Test(arguments: [
    ("hour", "2025-07-21T11:00:00Z", "2025-07-21T12:00:00Z"),
    ("day", "2025-07-20T12:00:00Z", "2025-07-21T12:00:00Z"),
    ("week", "2025-07-14T12:00:00Z", "2025-07-21T12:00:00Z"),
    ("month", "2025-06-21T12:00:00Z", "2025-07-21T12:00:00Z"),
    // The whole last day belongs to a period of dates.
    ("2025-07-01..2025-07-02", "2025-07-01T00:00:00Z", "2025-07-03T00:00:00Z"),
    ("2025-07-01..2025-07-01", "2025-07-01T00:00:00Z", "2025-07-02T00:00:00Z"),
    ("2025-07-01T06:30Z..2025-07-02T01:00:05Z", "2025-07-01T06:30:00Z", "2025-07-02T01:00:05Z"),
    // What lies after the last run is cut off.
    ("2025-07-20..2025-07-30", "2025-07-20T00:00:00Z", "2025-07-21T12:00:00Z"),
    ("2025-07-20..", "2025-07-20T00:00:00Z", "2025-07-21T12:00:00Z"),
  ])
  func endsAtTheLastRunAtTheLatest(text: String, from: String, to: String) throws {
    let bounds = try ReportPeriod(text).bounds(lastRun: Self.noon)

    #expect(bounds.from.description == from)
    #expect(bounds.to.description == to)
  }
}
