/// Values of days that were asked for lately, a bounded number of them.
struct DayCache<Value> {
  private var values: [Int64: Value] = [:]

  /// The value of a day, if it is kept.
  subscript(day: Int64) -> Value? { values[day] }

  /// Keeps a value; of more than `limit` the one farthest from this day is let go.
  mutating func keep(_ value: Value, for day: Int64, limit: Int) {
    values[day] = value
    while values.count > limit, let farthest = farthest(from: day) {
      values[farthest] = nil
    }
  }

  /// The day farthest away, the earlier one of two.
  private func farthest(from day: Int64) -> Int64? {
    values.keys.max { left, right in
      (left - day).magnitude == (right - day).magnitude
        ? left > right : (left - day).magnitude < (right - day).magnitude
    }
  }
}
