import Executor
import Market
import Testing
import Trading

@Suite("What the rules need")
struct BaselineWordsTests {
  @Test(arguments: [
    (Span.minutes(3), Timeframe.m3), (.minutes(4), .m3), (.minutes(5), .m5), (.hours(4), .h4),
    (.seconds(30), .m1), (.day, .d1),
  ])
  func averagesUseTheLongestTimeFrameWithinTheInterval(interval: Span, expected: Timeframe) {
    let needed = Baseline.candlesNeeded(by: .emaCross(.standard), decisionInterval: interval)

    #expect(Array(needed.keys) == [expected])
  }
}
