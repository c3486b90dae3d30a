/// Who is compared with whom, in cohorts, within the work that is allowed.
struct Comparison {
  /// Places of the traders whose pairs are compared.
  let paired: Set<Int>
  /// The cohorts of all traders and of these pairs.
  let cohorts: [Cohort]
  /// Values that one resample of all cohorts draws.
  let work: Int

  /// A comparison of as many traders as the work allows.
  ///
  /// Each trader's own interval takes its work in any case.
  ///
  /// - Parameters:
  ///   - records: Of each trader its periods, ascending.
  ///   - order: All places; the first ones are compared.
  ///   - control: The place of a trader that is compared with the others.
  ///   - allowed: Values that one resample may draw.
  init(of records: [[Int64]], order: [Int], control: Int?, work allowed: Int) {
    func comparison(of count: Int) -> Comparison {
      var paired = Set(order.prefix(count))
      if let control { paired.insert(control) }
      return Comparison(
        paired: paired, cohorts: Cohort.all(of: records, paired: paired.sorted()))
    }
    var high = min(ArenaStatistics.mostPaired, order.count)
    let all = comparison(of: high)
    // Most arenas can have them all.
    guard all.work > allowed else {
      self = all
      return
    }
    var best = comparison(of: 0)
    let most = max(allowed, best.work)
    // More traders never take less work.
    var low = 0
    while low < high {
      let count = (low + high + 1) / 2
      let tried = comparison(of: count)
      if tried.work <= most {
        best = tried
        low = count
      } else {
        high = count - 1
      }
    }
    self = best
  }

  private init(paired: Set<Int>, cohorts: [Cohort]) {
    self.paired = paired
    self.cohorts = cohorts
    work = cohorts.reduce(0) { $0 + $1.work }
  }
}
