package import Trading

/// A coin of the venue and its place in the list of all.
package struct VenueAsset: Sendable, Hashable {
  /// The asset id that orders name: the place in the list, delisted coins included.
  package let index: Int
  /// How it is traded.
  package let instrument: Instrument
  /// Whether positions cannot share the account's margin.
  package let onlyIsolated: Bool
}
