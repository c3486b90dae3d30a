/// How often each trader comes out first when what happened is drawn again.
struct Contest {
  /// Of each trader, the share of resamples in which its total growth is the greatest, 0–1.
  ///
  /// Ties are shared; `nil` = it has no part in it.
  private(set) var shares: [Double?]

  /// Resamples the union of all periods with the same indices for all.
  ///
  /// A trader's total is its mean growth over the periods drawn that it has, times the number
  /// of its periods.
  ///
  /// - Parameters:
  ///   - growth: Of each trader the logarithmic growth of each of its periods.
  ///   - records: Of each trader its periods, ascending.
  ///   - isIn: Whether the trader takes part.
  ///   - resamples: How many, at least 1.
  ///   - seed: What they follow from.
  init(
    growth: [[Double]], records: [[Int64]], isIn: [Bool], resamples: Int, seed: UInt64
  ) {
    let traders = growth.indices.filter { isIn[$0] }
    let union = Set(traders.flatMap { records[$0] }).sorted()
    var place: [Int64: Int] = [:]
    for (index, period) in union.enumerated() { place[period] = index }
    let rows = traders.map { trader in
      var row = Row(count: union.count)
      for (period, value) in zip(records[trader], growth[trader]) {
        if let index = place[period] { row.put(value, at: index) }
      }
      return row
    }
    let lengths = traders.map { BlockLength.stationary(growth[$0]) }
    var bootstrap = StationaryBootstrap(
      seed: seed, count: union.count,
      blockLength: lengths.reduce(0, +) / Double(max(1, lengths.count)))
    var indices = Array(repeating: 0, count: union.count)
    var wins = Array(repeating: 0.0, count: growth.count)
    for _ in 0..<(traders.isEmpty ? 0 : resamples) {
      bootstrap.draw(&indices)
      let totals = rows.enumerated().map { place, row in
        row.mean(at: indices) * Double(growth[traders[place]].count)
      }
      let greatest = totals.max() ?? 0
      let first = totals.indices.filter { totals[$0] == greatest }
      for place in first { wins[traders[place]] += 1 / Double(first.count) }
    }
    shares = growth.indices.map { isIn[$0] ? wins[$0] / Double(resamples) : nil }
  }
}

/// The growth of a trader in each period of all, where it has it.
private struct Row {
  private var values: [Double]
  private var counts: [Double]

  init(count: Int) {
    values = Array(repeating: 0, count: count)
    counts = values
  }

  mutating func put(_ value: Double, at index: Int) {
    values[index] = value
    counts[index] = 1
  }

  /// The mean of the values drawn; −∞ when none was.
  func mean(at indices: [Int]) -> Double {
    var sum = 0.0
    var drawn = 0.0
    for index in indices {
      sum += values[index]
      drawn += counts[index]
    }
    return drawn == 0 ? -.infinity : sum / drawn
  }
}
