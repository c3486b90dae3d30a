/// Finds the name that somebody who mistyped it probably meant.
package enum NearestName {
  /// The closest candidate, at most a third of its letters away; `nil` when none is that close.
  ///
  /// Ties go to the candidate listed first.
  package static func of(_ name: String, among candidates: [String]) -> String? {
    guard name.utf8.count <= 48 else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in candidates where !candidate.isEmpty {
      let distance = editDistance(Array(name.utf8), Array(candidate.utf8))
      let allowed = max(1, candidate.utf8.count / 3)
      if distance <= allowed, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// Letters to insert, delete, replace or swap with their neighbour, case ignored (optimal string
  /// alignment).
  private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        let isSame = lowered(left[row]) == lowered(right[column])
        var cost = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, lowered(left[row]) == lowered(right[column - 1]),
          lowered(left[row - 1]) == lowered(right[column])
        {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (65...90).contains(byte) ? byte + 32 : byte
  }
}
