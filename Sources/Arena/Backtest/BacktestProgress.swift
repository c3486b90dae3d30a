import Trading

/// A line on the terminal that says how far a back-test is and how long it will take; nothing
/// where stderr is no terminal.
struct BacktestProgress {
  private let total: Int
  private let isShown: Bool
  private let clock: WallClock
  private let startedMs: Double
  private var shownMs = -Double.infinity

  /// How often the line changes, ms.
  private static let pauseMs = 200.0

  init(total: Int, isShown: Bool, clock: WallClock) {
    self.total = total
    self.isShown = isShown && StandardStreams.errorIsTerminal
    self.clock = clock
    startedMs = isShown ? clock.monotonicMs() : 0
  }

  /// Tells how many cycles are done.
  mutating func show(_ done: Int, at now: Timestamp) {
    guard isShown else { return }
    let nowMs = clock.monotonicMs()
    guard nowMs - shownMs >= Self.pauseMs else { return }
    shownMs = nowMs
    StandardStreams.writeError(
      "\r" + Self.text(done: done, of: total, at: now, tookMs: nowMs - startedMs) + "\u{1B}[K")
  }

  /// The line: how much is done, where, how fast, and how long it will still take.
  static func text(done: Int, of total: Int, at now: Timestamp, tookMs: Double) -> String {
    let pct = 100 * done / max(1, total)
    var text = "\(pct) % · cycle \(done) of \(total) · \(now)"
    guard done > 0, tookMs > 0 else { return text }
    let left = Double(total - done) * tookMs / Double(done) / 1000
    text += " · \(Int(Double(done) * 1000 / tookMs)) cycles/s · \(words(seconds: left)) left"
    return text
  }

  private static func words(seconds: Double) -> String {
    let whole = Int(min(seconds, 1e9).rounded(.up))
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return "\(whole / 60)m \(whole % 60)s" }
    return "\(whole / 3600)h \(whole / 60 % 60)m"
  }

  /// Takes the line away.
  func clear() {
    if isShown, shownMs.isFinite { StandardStreams.writeError("\r\u{1B}[K") }
  }
}
