import Arena
import Journal
import Testing
import Trading

/// The last day of ``ReportScene``, in dollars:
///
/// anna: 999.955 of cash + 10 unrealised = 1009.955 at first; 1520.28 at the end; 500 put in. Her
/// P&L of 10.325 is 20.5 realised − 0.05 fees − 0.125 funding − 10 unrealised; her NAV went from
/// 10,099.55 to 10,202.80, by 1.02 %. bert: 2000 at first, 2001.91 at the end; 1.91 is −0.09 of
/// fees + 2 unrealised, 0.10 %; at −0.1045 % in between. The 500 were there for one hour of 24:
/// 12.235 / (3009.955 + 20.8333) = 0.40 %. The trade brought 20.5 − 0.095, less 0.125 of funding
/// 20.28.
@Suite("What a report says")
struct ReportTextTests {
  @Test func asTextForATerminal() throws {
    let text = try ArenaReport.document(of: ReportScene().store, period: "day", format: .text)

    #expect(text == asText)
  }

  @Test func asMarkdownInWhichForeignWordsStayWords() throws {
    let text = try ArenaReport.document(
      of: ReportScene().store, period: "day", format: .markdown)

    #expect(text == asMarkdown)
  }

  @Test func asJSONWithEveryDecimal() throws {
    let text = try ArenaReport.document(of: ReportScene().store, period: "day", format: .json)

    #expect(text == asJSON)
  }

  /// The whole record: from nothing, with all the flows.
  @Test func aPeriodFromTheBeginningStartsAtNothing() throws {
    let text = try ArenaReport.document(of: ReportScene().store, period: "week", format: .text)

    #expect(text.contains("  start                0.00\n"), "\(text)")
    #expect(text.contains("  flows           +3,500.00\n"), "\(text)")
    #expect(text.contains("  end              3,522.19   = the sum of the above\n"), "\(text)")
  }

  @Test func anHourInWhichNothingWasTradedHasNoWinRate() throws {
    let text = try ArenaReport.document(of: ReportScene().store, period: "hour", format: .text)

    #expect(text.contains("0 trades, 0 won (–); average Sharpe –\n"), "\(text)")
    #expect(text.contains("no alerts were opened\n"), "\(text)")
  }

  @Test func aRecordWithoutARunSaysWhatToDo() throws {
    let store = StateStore(try JournalDatabase.inMemory())

    let error = #expect(throws: RunFailure.self) {
      try ArenaReport.document(of: store, period: "day", format: .text)
    }

    #expect(error?.code == .inputOutput)
    #expect(
      error?.message
        == "there is nothing to report yet: no run has finished. Run `nof0 run` first.")
  }

  @Test(arguments: ["fortnight", "2025-07-22..2025-07-21", "2025-08-01..2025-08-02"])
  func wrongPeriodsAreTheFaultOfTheCommandLine(period: String) throws {
    let store = try ReportScene().store

    let error = #expect(throws: RunFailure.self) {
      try ArenaReport.document(of: store, period: period, format: .json)
    }

    #expect(error?.code == .usage)
  }

  @Test(arguments: [40, 60, 80, 100])
  func linesAreNeverWiderThanTheTerminal(width: Int) throws {
    let style = TextStyle(width: width, isColoured: false, drawsCurves: true)
    let store = try ReportScene().store

    let texts = [
      try ArenaReport.document(of: store, period: "day", format: .text, style: style),
      try ArenaStatus.text(of: store, now: ReportScene.start + .day, caps: nil, style: style),
    ]

    for line in texts.flatMap({ $0.split(separator: "\n") }) {
      #expect(line.count <= width, "\(line)")
    }
  }
}

private let asText = """
  """

private let asMarkdown = """
  """

private let asJSON = """
  """
