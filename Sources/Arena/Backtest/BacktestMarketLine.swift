import Trading

/// What the market did in a back-test: the mean of its coins' prices over their first ones.
enum BacktestMarketLine {
  /// The values of all cycles.
  ///
  /// - Parameters:
  ///   - rows: How many coins there are.
  ///   - count: How many cycles there are.
  ///   - price: The price of a coin at a cycle, steps of 1e-8 USD, above zero.
  /// - Returns: One value per cycle, steps of 1e-8, the first of them 1.
  static func values(rows: Int, count: Int, price: (Int, Int) -> Int64) -> [Int64] {
    guard rows > 0, count > 0 else { return [] }
    let scales = (0..<rows).map { Double(exactDecimalScale) / Double(price($0, 0)) / Double(rows) }
    return (0..<count).map { cycle in
      var sum = 0.0
      for row in 0..<rows { sum += Double(price(row, cycle)) * scales[row] }
      return Int64(sum.rounded())
    }
  }
}
