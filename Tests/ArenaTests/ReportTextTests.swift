import Arena
import Journal
import Testing
import Trading

/// The last day of ``ReportScene``, in dollars.
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

private let asText = #"""
  <The> arena: 2025-07-20T12:00:00Z to 2025-07-21T12:00:00Z
  P&L +12.24 USD, +0.40 %; buynhold_btc +1.00 %
  1 trade, 1 won (100.00 %); average Sharpe –; models 0.04 USD
  best anna +1.02 %, worst bert +0.10 %

    #  trader        rule             P&L   return  drawdown  Sharpe  trades       won  \#
  fees  funding     start       end
    1  anna          buy_and_hold  +10.32  +1.02 %    0.00 %       –       1  100.00 %  \#
  0.05    -0.12  1,009.96  1,520.28
    2  bert          buy_and_hold   +1.91  +0.10 %    0.10 %       –       0         –  \#
  0.09     0.00  2,000.00  2,001.91
       all                         +12.24  +0.40 %         –       –       1  100.00 %  \#
  0.14    -0.12  3,009.96  3,522.19
       buynhold_btc  benchmark             +1.00 %

    symbol  trades       won     net
    BTC          1  100.00 %  +20.28

    money, exactly        USD
    start           3,009.955
    flows            +500.00
    realised          +20.50
    fees               -0.14
    funding            -0.125
    unrealised         -8.00
    end             3,522.19   = the sum of the above
    P&L               +12.235  = end − start − flows

    model     of    calls  tokens   USD
    deepseek  bert      1    1545  0.04

    kill switch  stops             cause   measured  action  fired                 holds \#
  until        why
              1  bert on sim.bert  manual  –         block   2025-07-21T12:00:00Z  reset by \#
  a person  a *bad* day

  alerts opened: 1 high
    high 2025-07-21T11:00:00Z (still open): bert holds <b>ETH</b> | without a stop

  """#

private let asMarkdown = #"""
  # &lt;The&gt; arena

  2025-07-20T12:00:00Z to 2025-07-21T12:00:00Z

  - P&L: **+12.24 USD**, +0.40 %
  - Benchmark `buynhold_btc`: +1.00 %
  - Trades: 1, won 100.00 %
  - Average Sharpe: –
  - Best: `anna` +1.02 %
  - Worst: `bert` +0.10 %
  - Models: 0.04 USD
  - Alerts opened: 1 high

  ## Traders

  | # | trader | rule | P&L | return | drawdown | Sharpe | trades | won | fees | funding | \#
  start | end |
  | --: | :-- | :-- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |
  | 1 | `anna` | buy\_and\_hold | +10.32 | +1.02 % | 0.00 % | – | 1 | 100.00 % | 0.05 | \#
  -0.12 | 1,009.96 | 1,520.28 |
  | 2 | `bert` | buy\_and\_hold | +1.91 | +0.10 % | 0.10 % | – | 0 | – | 0.09 | 0.00 | \#
  2,000.00 | 2,001.91 |
  |  | all |  | +12.24 | +0.40 % | – | – | 1 | 100.00 % | 0.14 | -0.12 | 3,009.96 | \#
  3,522.19 |

  ## Symbols

  | symbol | trades | won | net |
  | :-- | --: | --: | --: |
  | `BTC` | 1 | 100.00 % | +20.28 |

  ## Money

  | money, exactly | USD |  |
  | :-- | --: | :-- |
  | start | 3,009.955 |  |
  | flows | +500.00 |  |
  | realised | +20.50 |  |
  | fees | -0.14 |  |
  | funding | -0.125 |  |
  | unrealised | -8.00 |  |
  | end | 3,522.19 | = the sum of the above |
  | P&L | +12.235 | = end − start − flows |

  ## Models

  | model | of | calls | tokens | USD |
  | :-- | :-- | --: | --: | --: |
  | `deepseek` | `bert` | 1 | 1545 | 0.04 |

  ## Kill switches

  | number | stops | cause | fired | why |
  | --: | :-- | :-- | :-- | :-- |
  | 1 | bert on sim.bert | manual | 2025-07-21T12:00:00Z | a \*bad\* day |

  ## Alerts

  - high, 2025-07-21T11:00:00Z (still open): bert holds &lt;b&gt;ETH&lt;/b&gt; \| without a \#
  stop

  """#

private let asJSON = #"""
  {"alerts":{"count":1,"count_high":1,"count_low":0,"count_medium":0,"newest":[{"key":"no_st\#
  op.bert","message":"bert holds \u003cb\u003eETH\u003c/b\u003e | without a stop","opened_at\#
  _ms":1753095600000,"resolved_at_ms":null,"severity":"high","trader":"bert"}]},"arena":"\u0\#
  03cThe\u003e arena","benchmark":{"id":"buynhold_btc","return_pct":1.0000000000000009},"bes\#
  t_trader":"anna","from_ms":1753012800000,"kill_switches":[{"account":"sim.bert","action":"\#
  block","cause":"manual","fired_at_ms":1753099200000,"measured":null,"number":1,"reason":"a\#
   *bad* day","reset_after_ms":null,"reset_at_ms":null,"reset_by":"","threshold":null,"trade\#
  r":"bert"}],"models":{"calls":[{"calls":1,"cost_usd":0.0375,"model":"deepseek","tokens":15\#
  45,"trader":"bert"}],"cost_usd":0.0375},"symbols":[{"net_usd":20.28,"symbol":"BTC","trades\#
  ":1,"win_rate_pct":100,"wins":1}],"to_ms":1753099200000,"total":{"end_usd":3522.19,"fees_u\#
  sd":0.14,"flows_usd":500,"funding_usd":-0.125,"pnl_usd":12.235,"realised_usd":20.5,"return\#
  _pct":0.4036903489906091,"sharpe":null,"start_usd":3009.955,"trades":1,"unexplained_usd":0\#
  ,"unrealised_change_usd":-8,"win_rate_pct":100,"wins":1},"traders":[{"drawdown_pct":0,"end\#
  _usd":1520.28,"executor":"buy_and_hold","fees_usd":0.05,"flows_usd":500,"funding_usd":-0.1\#
  25,"id":"anna","is_removed":false,"pnl_usd":10.325,"realised_usd":20.5,"return_pct":1.0223\#
  227768564103,"sharpe":null,"start_usd":1009.955,"trades":1,"unexplained_usd":0,"unrealised\#
  _change_usd":-10,"win_rate_pct":100,"wins":1},{"drawdown_pct":0.10450000000000736,"end_usd\#
  ":2001.91,"executor":"buy_and_hold","fees_usd":0.09,"flows_usd":0,"funding_usd":0,"id":"be\#
  rt","is_removed":false,"pnl_usd":1.91,"realised_usd":0,"return_pct":0.09549999999998171,"s\#
  harpe":null,"start_usd":2000,"trades":0,"unexplained_usd":0,"unrealised_change_usd":2,"win\#
  _rate_pct":null,"wins":0}],"worst_trader":"bert"}

  """#
