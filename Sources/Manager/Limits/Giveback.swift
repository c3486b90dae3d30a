package import Trading

/// Closes a position that gave back much of its best gain.
package enum Giveback {
  /// How far a gain may be off by floating-point arithmetic, as a fraction.
  private static let tolerance = 1e-9

  /// Why a position is to be closed, in words; `nil` = it is not.
  ///
  /// Its best gain must have been more than the rule's least, and of it the rule's share or more
  /// be gone at the mark.
  package static func reason(_ position: Position, mark: Price, rule: GivebackRule) -> String? {
    let peak = position.peakGain
    let present = position.gain(at: mark)
    guard peak.isFinite, peak > 0, peak * 100 > rule.minPeak.double + 100 * tolerance else {
      return nil
    }
    let given = (peak - present) / peak
    guard given >= rule.share.double / 100 - tolerance else { return nil }
    return "\(position.coin) gained \(Words.number(peak * 100)) % at best and "
      + "\(Words.number(present * 100)) % now: \(Words.number(given * 100)) % of it is gone, "
      + "expected less than \(rule.share) %"
  }
}
