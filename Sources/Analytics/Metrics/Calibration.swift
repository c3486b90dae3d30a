import Trading

/// Stated confidence against what came of it: 1 for a trade that reached its target, 0 for one
/// that reached its stop or was liquidated, and for any other 1 if it made a profit.
struct Calibration: Sendable, Equatable, Archived {
  private var bins = [Bin](repeating: Bin(), count: 10)
  /// Σ (confidence − 100 · outcome)², confidence in per cent.
  private var squares: Int64 = 0

  /// Trades whose decisions stated confidences of one tenth.
  private struct Bin: Sendable, Equatable, Archived {
    var count: Int64 = 0
    var confidence: Int64 = 0
    var hits: Int64 = 0

    mutating func archive(in archive: inout some MetricsArchive) {
      archive.value("count", &count)
      archive.value("confidence", &confidence)
      archive.value("hits", &hits)
    }
  }

  /// Takes in a trade; one without a confidence says nothing.
  mutating func fold(_ trade: Trade) {
    guard let stated = trade.claim.confidence else { return }
    let confidence = Int64(min(100, max(0, stated)))
    let isHit =
      switch trade.exitCause {
      case .target: true
      case .stop, .liquidation: false
      case .order, .limit, .deleveraging, .adopted, .residue: trade.net > .zero
      }
    let index = Int(min(9, confidence / 10))
    bins[index].count += 1
    bins[index].confidence += confidence
    if isHit { bins[index].hits += 1 }
    let miss = confidence - (isHit ? 100 : 0)
    squares += miss * miss
  }

  /// Trades with a stated confidence.
  var count: Int64 { bins.reduce(0) { $0 + $1.count } }

  /// Mean square of confidence less outcome, 0 = always right, 1 = always wrong (Brier 1950);
  /// `nil` without trades.
  var brier: Double? { count == 0 ? nil : Double(squares) / 10_000 / Double(count) }

  /// Mean stated confidence, 0–1; `nil` without trades.
  var meanConfidence: Double? {
    count == 0 ? nil : Double(bins.reduce(0) { $0 + $1.confidence }) / 100 / Double(count)
  }

  /// Share of outcomes that were 1; `nil` without trades.
  var hitRate: Double? {
    count == 0 ? nil : Double(bins.reduce(0) { $0 + $1.hits }) / Double(count)
  }

  /// The ten bins of the reliability diagram, the least confident first.
  var reliability: [CalibrationBin] {
    bins.enumerated().map { index, bin in
      let count = Double(bin.count)
      return CalibrationBin(
        from: Double(index) / 10, count: Int(bin.count),
        meanConfidence: bin.count == 0 ? nil : Double(bin.confidence) / 100 / count,
        hitRate: bin.count == 0 ? nil : Double(bin.hits) / count)
    }
  }

  mutating func archive(in archive: inout some MetricsArchive) {
    for index in bins.indices { archive.value("bin", &bins[index]) }
    archive.value("squares", &squares)
  }
}

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
