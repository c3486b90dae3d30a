import Analytics
import Arena
import Journal
import Testing
import Trading

@Suite("What a terminal is shown")
struct TerminalTests {
  @Test(
    arguments: [
      // A pipe: as wide as it gets, no colour, no curves.
      (["TERM": "xterm"], false, nil, TextStyle.plain),
      ([:], true, 132, TextStyle(width: 132, isColoured: true, drawsCurves: true)),
      // A terminal that does not say how wide it is.
      ([:], true, nil, TextStyle(width: 80, isColoured: true, drawsCurves: true)),
      (["NO_COLOR": "1"], true, 80, TextStyle(width: 80, isColoured: false, drawsCurves: true)),
      // no-color.org: an empty value is none.
      (["NO_COLOR": ""], true, 80, TextStyle(width: 80, isColoured: true, drawsCurves: true)),
      (["TERM": "dumb"], true, 80, TextStyle(width: 80, isColoured: false, drawsCurves: true)),
      (["COLUMNS": "100"], true, 80, TextStyle(width: 100, isColoured: true, drawsCurves: true)),
      (["COLUMNS": "100"], false, nil, TextStyle(width: 100, isColoured: false, drawsCurves: true)),
      (["COLUMNS": "wide"], false, nil, TextStyle.plain),
      (["COLUMNS": "0"], true, 90, TextStyle(width: 90, isColoured: true, drawsCurves: true)),
      (["COLUMNS": "7"], false, nil, TextStyle(width: 40, isColoured: false, drawsCurves: true)),
    ] as [([String: String], Bool, Int?, TextStyle)])
  func looksAsTheEnvironmentWants(
    environment: [String: String], isTerminal: Bool, width: Int?, style: TextStyle
  ) {
    #expect(TextStyle.of(environment, isTerminal: isTerminal, terminalWidth: width) == style)
  }

  @Test(
    arguments: [
      ([], ""), ([1], ""), ([5, 5, 5], "▄▄▄"), ([0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"),
      ([100, 99, 100], "█▁█"), ([-1, 0, 1], "▁▅█"),
    ] as [([Double], String)])
  func curvesReachFromTheLowestToTheHighest(values: [Double], line: String) {
    #expect(Readable.sparkline(values) == line)
  }

  @Test func aWideTerminalShowsTheCurves() throws {
    let text = try status(TextStyle(width: 130, isColoured: false, drawsCurves: true))

    #expect(text.hasPrefix(wide), "\(text)")
  }

  @Test func aNarrowTerminalShowsWhatMattersMost() throws {
    let text = try status(TextStyle(width: 60, isColoured: false, drawsCurves: true))

    #expect(text.hasPrefix(narrow), "\(text)")
  }

  @Test func aPipeHasNoCurvesColoursOrEmptyLines() throws {
    let text = try status(.plain)

    #expect(!text.contains("▁"))
    #expect(!text.contains("\u{1B}"))
    #expect(!text.contains("\n\n"))
  }

  @Test func coloursDoNotMoveTheColumns() throws {
    let plain = try status(TextStyle(width: 130, isColoured: false, drawsCurves: true))
    let coloured = try status(TextStyle(width: 130, isColoured: true, drawsCurves: true))

    #expect(coloured.contains("\u{1B}[32m+2.03 %\u{1B}[0m"))
    #expect(coloured.contains("\u{1B}[31mhigh alert\u{1B}[0m since"))
    #expect(coloured.replacing(#/\u{1B}\[[0-9]+m/#, with: "") == plain)
  }

  @Test func statisticsSayHowSureTheRanksAre() throws {
    let statistics = ArenaStatistics(
      period: .hour, resamples: 2000, seed: 1,
      traders: [
        TraderStatistics(id: "anna", periods: 24, returnPct: Interval(low: -1.5, high: 5.25))
      ], pairs: [], tiers: [["anna", "bert"]])
    let text = try ArenaStatus.text(
      of: ReportScene().store, now: ReportScene.start + .day, caps: nil,
      style: TextStyle(width: 100, isColoured: false, drawsCurves: false),
      statistics: statistics)

    let lines = text.split(separator: "\n")
    #expect(lines[1].contains("return     95 % range  tier"), "\(text)")
    #expect(lines[2].contains("+2.03 %  -1.50…+5.25 %     1"), "\(text)")
    #expect(lines[3].contains("+0.10 %              –     1"), "\(text)")
  }

  private func status(_ style: TextStyle) throws -> String {
    try ArenaStatus.text(
      of: ReportScene().store, now: ReportScene.start + .day, caps: nil, style: style)
  }
}

/// The NAVs are 10,000, 10,099.55 and twice 10,202.80 of anna, and 10,000 twice, 9,989.55 and
/// 10,009.55 of bert.
///
/// The record is a day and an hour old: the first point is out of sight.
private let wide = #"""
  state as of 2025-07-21T12:00:00Z
    #  trader        status   rule                NAV   return  drawdown  Sharpe  score  \#
  trades  won  open  last 24 h
    1  anna          running  buy_and_hold  10,202.80  +2.03 %    0.00 %       –      –     \#
    1    1     0  ▁█
    2  bert          running  buy_and_hold  10,009.55  +0.10 %    0.10 %       –      –     \#
    0    0     1  ▁█
       buynhold_btc           benchmark     10,100.00  +1.00 %                              \#
                  ▁█

  """#

private let narrow = #"""
  state as of 2025-07-21T12:00:00Z
    #  trader              NAV   return  drawdown  last 24 h
    1  anna          10,202.80  +2.03 %    0.00 %  ▁█
    2  bert          10,009.55  +0.10 %    0.10 %  ▁█
       buynhold_btc  10,100.00  +1.00 %            ▁█

  """#
