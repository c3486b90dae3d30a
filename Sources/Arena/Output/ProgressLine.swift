import Trading

/// A line on the terminal that says how far a long work is; nothing where stderr is no terminal.
struct ProgressLine {
  private let total: Int
  private let isShown: Bool
  private var shownPct = -1

  init(total: Int, isShown: Bool) {
    self.total = total
    self.isShown = isShown && StandardStreams.errorIsTerminal
  }

  /// Shows how many are done, at whole per cents.
  mutating func show(_ done: Int, at now: Timestamp) {
    guard isShown else { return }
    let pct = 100 * done / max(1, total)
    guard pct != shownPct else { return }
    shownPct = pct
    StandardStreams.writeError("\r\(pct) % · cycle \(done) of \(total) · \(now)   ")
  }

  /// Takes the line away.
  func clear() {
    if isShown, shownPct >= 0 { StandardStreams.writeError("\r\u{1B}[K") }
  }
}
