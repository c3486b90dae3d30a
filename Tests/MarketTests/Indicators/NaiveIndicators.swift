import Market

/// The definitions of the indicators, computed anew for each candle from the candles before it.
///
/// Slow and without state on purpose; averages that look back to the beginning are written as
/// weighted sums rather than step by step.
struct NaiveIndicators {
  let input: IndicatorInput

  private func perCandle(from first: Int, _ formula: (Int) -> Double?) -> [Double?] {
    input.closes.indices.map { $0 < first ? nil : formula($0) }
  }

  func sma(_ period: Int) -> [Double?] {
    perCandle(from: period - 1) { mean(input.closes[($0 - period + 1)...$0]) }
  }

  func ema(_ period: Int) -> [Double?] {
    perCandle(from: period - 1) {
      faded(Array(input.closes[...$0]), period: period, weight: 2 / Double(period + 1))
    }
  }

  func band(_ period: Int, width: Double) -> [Double?] {
    perCandle(from: period - 1) {
      let window = input.closes[($0 - period + 1)...$0]
      let middle = mean(window)
      let squares = window.map { ($0 - middle) * ($0 - middle) }
      return middle + width * mean(squares[...]).squareRoot()
    }
  }

  func rsi(_ period: Int) -> [Double?] {
    let changes = zip(input.closes.dropFirst(), input.closes).map { $0 - $1 }
    return perCandle(from: period) {
      let gain = wilder(changes[..<$0].map { max($0, 0) }, period)
      let loss = wilder(changes[..<$0].map { max(-$0, 0) }, period)
      return gain + loss == 0 ? 0 : 100 * gain / (gain + loss)
    }
  }

  func atr(_ period: Int) -> [Double?] {
    let ranges = trueRanges
    return perCandle(from: period) { wilder(Array(ranges[..<$0]), period) }
  }

  /// Rising (1) or falling (−1) directional indicator.
  func di(_ period: Int, direction: Double) -> [Double?] {
    let ranges = trueRanges
    let moves = movements(direction)
    return perCandle(from: period) {
      let range = wilderSum(Array(ranges[..<$0]), period)
      return range == 0 ? 0 : 100 * wilderSum(Array(moves[..<$0]), period) / range
    }
  }

  func adx(_ period: Int) -> [Double?] {
    let differences = zip(di(period, direction: 1), di(period, direction: -1)).compactMap {
      plus, minus -> Double? in
      guard let plus, let minus else { return nil }
      return plus + minus == 0 ? 0 : 100 * (plus - minus).magnitude / (plus + minus)
    }
    return perCandle(from: 2 * period - 1) {
      wilder(Array(differences[...($0 - period)]), period)
    }
  }

  func stochasticD(_ period: Int, smoothing: Int, signal: Int) -> [Double?] {
    func place(_ index: Int) -> Double {
      let high = input.highs[(index - period + 1)...index].reduce(-.infinity, max)
      let low = input.lows[(index - period + 1)...index].reduce(.infinity, min)
      return high == low ? 0 : 100 * (input.closes[index] - low) / (high - low)
    }
    return perCandle(from: period + smoothing + signal - 3) { last in
      let lines = (0..<signal).map { day in
        mean((0..<smoothing).map { place(last - day - $0) }[...])
      }
      return mean(lines[...])
    }
  }

  func obv() -> [Double?] {
    perCandle(from: 0) { last in
      (0...last).reduce(0) { total, index in
        guard index > 0 else { return input.volumes[0] }
        let change = input.closes[index] - input.closes[index - 1]
        return total + (change > 0 ? 1 : change < 0 ? -1 : 0) * input.volumes[index]
      }
    }
  }

  func vwap(_ period: Int) -> [Double?] {
    perCandle(from: period - 1) { weighted(($0 - period + 1)...$0) }
  }

  func vwapOfDay() -> [Double?] {
    perCandle(from: 0) { last in
      let midnight = input.timesMs[last] - input.timesMs[last] % 86_400_000
      let first = input.timesMs.firstIndex { $0 >= midnight } ?? last
      return weighted(first...last)
    }
  }

  private func weighted(_ range: ClosedRange<Int>) -> Double? {
    let volume = range.reduce(0) { $0 + input.volumes[$1] }
    let turnover = range.reduce(0) {
      $0 + (input.highs[$1] + input.lows[$1] + input.closes[$1]) / 3 * input.volumes[$1]
    }
    return volume > 0 ? turnover / volume : nil
  }

  private var trueRanges: [Double] {
    input.closes.indices.dropFirst().map {
      max(input.highs[$0], input.closes[$0 - 1]) - min(input.lows[$0], input.closes[$0 - 1])
    }
  }

  private func movements(_ direction: Double) -> [Double] {
    input.closes.indices.dropFirst().map {
      let rise = input.highs[$0] - input.highs[$0 - 1]
      let fall = input.lows[$0 - 1] - input.lows[$0]
      let (own, other) = direction > 0 ? (rise, fall) : (fall, rise)
      return own > 0 && own > other ? own : 0
    }
  }
}

private func mean(_ numbers: ArraySlice<Double>) -> Double {
  numbers.reduce(0, +) / Double(numbers.count)
}

/// The mean of the first `period` numbers, faded, plus each later number times its faded weight.
private func faded(_ numbers: [Double], period: Int, weight: Double) -> Double {
  var share = 1.0
  var total = 0.0
  for number in numbers[period...].reversed() {
    total += share * weight * number
    share *= 1 - weight
  }
  return total + share * mean(numbers[..<period])
}

private func wilder(_ numbers: [Double], _ period: Int) -> Double {
  faded(numbers, period: period, weight: 1 / Double(period))
}

/// Wilder's running sum: that of the first `period` − 1 numbers, faded, plus the later ones faded.
private func wilderSum(_ numbers: [Double], _ period: Int) -> Double {
  var share = 1.0
  var total = 0.0
  for number in numbers[(period - 1)...].reversed() {
    total += share * number
    share *= 1 - 1 / Double(period)
  }
  return total + share * numbers[..<(period - 1)].reduce(0, +)
}
