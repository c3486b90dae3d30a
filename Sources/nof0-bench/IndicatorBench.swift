import Market
import Trading

/// Time of each indicator per candle.
enum IndicatorBench {
  static func run() {
    let input = series(count: 200_000)
    for indicator in Indicator.all {
      var best = Double.infinity
      for _ in 0..<5 {
        let start = Clock.nowMs
        let values = indicator.compute(input)
        best = min(best, Clock.nowMs - start)
        precondition(values.count == 200_000, "expected a value per candle")
      }
      report("indicator \(indicator.key)", best * 1e6 / 200_000, "ns a candle")
    }
  }

  /// A seeded random walk.
  private static func series(count: Int) -> IndicatorInput {
    var random = SeededGenerator(seed: 7)
    var times: [Int64] = []
    var highs: [Double] = []
    var lows: [Double] = []
    var closes: [Double] = []
    var volumes: [Double] = []
    var price = 50_000.0
    for index in 0..<count {
      let next = price * (1 + (random.unit() - 0.5) * 0.004)
      times.append(1_735_689_600_000 + Int64(index) * 60_000)
      highs.append(max(price, next) * 1.0005)
      lows.append(min(price, next) * 0.9995)
      closes.append(next)
      volumes.append(random.unit() * 10)
      price = next
    }
    return IndicatorInput(
      timesMs: times, highs: highs, lows: lows, closes: closes, volumes: volumes)
  }
}
