/// A place in the order of those who ask one host or model; the lower one comes first.
package struct RateRank: Sendable, Hashable, Comparable {
  /// Compared first: 0 before 1, whatever the place.
  package let tier: Int
  /// The place within the tier, 0 = first.
  package let place: Int

  /// A rank; of those that ask at the same time, each has one of its own.
  package init(tier: Int, place: Int) {
    self.tier = tier
    self.place = place
  }

  /// Whether the left one comes first.
  package static func < (left: RateRank, right: RateRank) -> Bool {
    (left.tier, left.place) < (right.tier, right.place)
  }
}
