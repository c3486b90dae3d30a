import Trading

/// One file of `out/data`: its name and how it is made from a view.
package struct Export: Sendable {
  /// The file's name, for example `trades.json`.
  package let name: String
  /// What it holds, in one sentence.
  package let summary: String
  /// Makes the file's bytes; the same view makes the same bytes.
  package let render: @Sendable (ArenaView) -> [UInt8]

  /// An export from its parts.
  package init(
    name: String, summary: String, render: @escaping @Sendable (ArenaView) -> [UInt8]
  ) {
    self.name = name
    self.summary = summary
    self.render = render
  }

  /// The exports every arena has, sorted by name.
  package static let all: [Export] = [
    .accountTotals, .alerts, .analytics, .conversations, .cryptoPrices, .dashboard, .leaderboard,
    .prometheus, .performance, .positions, .runs, .sinceInceptionValues, .trades,
  ]

  /// All exports of an arena, sorted by name: ``all`` and one `analytics-ID.json` per trader.
  package static func all(for view: ArenaView) -> [Export] {
    (all + view.traders.map { modelAnalytics($0.id) }).sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
  }
}
