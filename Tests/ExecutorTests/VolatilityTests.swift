import Executor
import Testing
import Trading

@Suite struct VolatilityTests {
  /// Closes that go up and down by a tenth in turns.
  private static func swinging(_ count: Int) -> [Double] {
    (0..<count).map { $0.isMultiple(of: 2) ? 100 : 110 }
  }

  private static func calm(_ count: Int) -> [Double] { Array(repeating: 100, count: count) }

  /// Twenty returns of ±ln 1.1, as many up as down.
  ///
  /// Their mean is 0, so the sample deviation is √(20/19) · 0.0953101798043249 = 0.09778618….
  @Test func isTheSampleDeviationOfTwentyReturns() throws {
    var scene = Scene()
    scene.closes = ["BTC": Self.swinging(21)]

    let series = Volatility.series(in: try scene.context())

    #expect(series.count == 1)
    #expect(abs(try #require(series.first) - 0.09778618) < 1e-8)
  }

  /// The calm coin halves it; only the two windows that both coins have count.
  @Test func isTheMeanOverTheCoinsWithEnoughCandles() throws {
    var scene = Scene()
    scene.closes = [
      "BTC": Self.swinging(30), "ETH": Self.calm(22), "SOL": Self.swinging(20),
    ]

    let series = Volatility.series(in: try scene.context())

    #expect(series.count == 2)
    #expect(series.allSatisfy { abs($0 - 0.09778618 / 2) < 1e-8 })
  }

  @Test func isUnknownWithoutEnoughCandles() throws {
    var scene = Scene()
    scene.closes = ["BTC": Self.swinging(20)]

    #expect(Volatility.series(in: try scene.context()).isEmpty)
    #expect(Volatility.series(in: try Scene().context()).isEmpty)
  }
}
