import Trading

/// Draws the indices of resamples that keep what follows on what.
///
/// Politis & Romano, "The stationary bootstrap", JASA 89 (1994): blocks of geometric length that
/// begin anywhere and go round at the end. All series that are resampled by the same indices
/// stay paired.
struct StationaryBootstrap {
  private var random: SeededGenerator
  private let continuation: Double
  private let count: Int

  /// A bootstrap of `count` periods whose blocks have this mean length (at least 1).
  init(seed: UInt64, count: Int, blockLength: Double) {
    random = SeededGenerator(seed: seed)
    continuation = 1 - 1 / max(1, blockLength)
    self.count = count
  }

  /// Overwrites `indices` with the next resample.
  mutating func draw(_ indices: inout [Int]) {
    var index = 0
    for position in 0..<count {
      if position > 0, continuation > 0, random.unit() < continuation {
        index = index + 1 == count ? 0 : index + 1
      } else {
        index = random.below(count)
      }
      indices[position] = index
    }
  }
}
