/// Traders over periods that they all have, to be resampled together.
struct Cohort {
  /// Its periods, ascending.
  let periods: [Int64]
  /// Places of its traders in the list of all, ascending.
  private(set) var members: [Int]
  /// Those whose own record is just these periods: their intervals are made here.
  private(set) var own: [Int] = []
  /// Pairs whose common periods are just these, by the places of their traders.
  private(set) var pairs: [(first: Int, second: Int)] = []

  /// A cohort of nobody.
  init(periods: [Int64]) {
    self.periods = periods
    members = []
  }

  /// Lets a trader in whose record is just these periods.
  mutating func take(_ trader: Int) {
    own.append(trader)
    members.append(trader)
  }

  /// Lets a pair in whose common periods are just these.
  mutating func take(first: Int, second: Int) {
    pairs.append((first, second))
    for trader in [first, second] where !members.contains(trader) { members.append(trader) }
  }

  /// Values that a resample of it draws.
  var work: Int { periods.count * members.count }

  /// The cohorts of traders, and of pairs of these.
  ///
  /// - Parameters:
  ///   - records: Of each trader its periods, ascending.
  ///   - paired: Places of the traders whose pairs are wanted, ascending.
  /// - Returns: One for each set of periods, in the order in which they were met.
  static func all(of records: [[Int64]], paired: [Int]) -> [Cohort] {
    var cohorts: [Cohort] = []
    var places: [[Int64]: Int] = [:]
    func place(_ periods: [Int64]) -> Int {
      if let place = places[periods] { return place }
      places[periods] = cohorts.count
      cohorts.append(Cohort(periods: periods))
      return cohorts.count - 1
    }
    for trader in records.indices { cohorts[place(records[trader])].take(trader) }
    for (offset, first) in paired.enumerated() {
      for second in paired.dropFirst(offset + 1) {
        let common = common(records[first], records[second])
        cohorts[place(common)].take(first: first, second: second)
      }
    }
    return cohorts
  }

  private static func common(_ left: [Int64], _ right: [Int64]) -> [Int64] {
    if left == right { return left }
    var both: [Int64] = []
    var other = 0
    for period in left {
      while other < right.count, right[other] < period { other += 1 }
      if other < right.count, right[other] == period { both.append(period) }
    }
    return both
  }
}
