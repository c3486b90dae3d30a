import LLM
import Testing
import Trading

@Suite struct UrgencyRoutingTests {
  /// Ten ascending values: the 80th percentile is the eighth, ⌈0.8 × 10⌉.
  private static let tens = (1...10).map(Double.init)

  @Test(
    arguments: [
      (tens, true),
      (tens.dropLast() + [8], false),
      (tens.dropLast() + [8.5], true),
      (Array(repeating: 2, count: 50), false),
      (tens.reversed(), false),
      // Eleven values: the ⌈8.8⌉ = 9th of 1…10 and 8 again, ascending 1…8, 8, 9, 10, is 8.
      (tens + [8], false),
      // What cannot be judged counts as high.
      ([], true),
      (Array(repeating: 1, count: 9), true),
      (tens + [.nan], true),
      ([.nan, .infinity] + tens.reversed(), false),
    ] as [([Double], Bool)])
  func judgesTheLastValue(series: [Double], isHigh: Bool) {
    #expect(UrgencyRouting.isHigh(series) == isHigh)
  }

  @Test(arguments: [(false, 1.0, "cheap"), (false, 10, "strong"), (true, 1, "strong")])
  func choosesTheModel(hasPosition: Bool, last: Double, alias: String) throws {
    let choice = UrgencyRouting.choice(
      strong: try #require(ModelAlias("strong")), cheap: try #require(ModelAlias("cheap")),
      hasOpenPosition: hasPosition, volatility: Self.tens.dropLast() + [last])
    #expect(choice.name == alias)
  }
}
