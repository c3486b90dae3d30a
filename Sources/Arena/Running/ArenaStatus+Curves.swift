import Journal
import Trading

extension ArenaStatus {
  /// What the NAVs of traders and benchmark did within the last day.
  struct Curves {
    /// Heights of a curve at the most.
    private static let heights = 16

    /// What the curves show, as the title of their column.
    let title: String
    private let values: [String: [Double]]

    /// The curves up to the last run: of 24 hours, or of the whole record while it is younger.
    init(_ store: StateStore, _ state: ArenaState, at: Timestamp) throws {
      let ids = state.traders.filter { $0.value.runtime.removedAt == nil }.keys.sorted()
      let born = ids.compactMap { state.traders[$0]?.runtime.inceptionAt }.min() ?? at
      let isYoung = born > at - .day
      title = isYoung ? "since start" : "last 24 h"
      // The first point of a record belongs to its curve.
      let after = isYoung ? born - Span(ms: 1) : at - .day
      var values: [String: [Double]] = [:]
      for id in ids + (state.benchmark.map { [$0.id] } ?? []) {
        let first = try store.lastPoint(of: id, notAfter: after).map { [$0.nav] } ?? []
        let rest = try store.navCurve(
          of: id, after: after, through: at, parts: Self.heights - 1)
        values[id.name] = (first + rest).suffix(Self.heights).map(\.double)
      }
      self.values = values
    }

    /// The curve of a trader or the benchmark; empty = there is none.
    func line(of name: String) -> String { Readable.sparkline(values[name] ?? []) }

    /// Whether it ended higher or lower than it began.
    func tint(of name: String) -> Tint? {
      guard let first = values[name]?.first, let last = values[name]?.last else { return nil }
      return Tint.of(last - first)
    }
  }
}
