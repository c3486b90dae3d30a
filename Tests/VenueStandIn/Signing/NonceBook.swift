import Trading

/// The nonces of one signer: the 100 highest are kept (§5).
struct NonceBook: Sendable {
  private(set) var kept: [UInt64] = []

  static let size = 100

  /// Takes a nonce; the refusal's text when it may not be used.
  mutating func take(_ nonce: UInt64, now: Timestamp) -> String? {
    let at = Int64(clamping: nonce)
    if kept.contains(nonce) { return "Invalid nonce: duplicate nonce \(nonce)" }
    if kept.count >= Self.size, let least = kept.first, nonce <= least {
      return "Invalid nonce: nonce too low \(nonce) < \(least)"
    }
    let oldest = now.ms - 2 * Span.day.ms
    if at <= oldest { return "Invalid nonce: nonce too low \(nonce) < \(oldest)" }
    let newest = now.ms + Span.day.ms
    if at >= newest { return "Invalid nonce: nonce too high \(nonce) > \(newest)" }
    kept.append(nonce)
    kept.sort()
    if kept.count > Self.size { kept.removeFirst() }
    return nil
  }
}
