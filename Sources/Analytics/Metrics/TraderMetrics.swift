package import Trading

/// The running aggregates of one trader's record: its size does not grow with history.
///
/// Each cycle folds in what is new; folding everything from the beginning gives the same.
package struct TraderMetrics: Sendable, Equatable {
  /// When the trader's record began.
  package let inception: Timestamp

  /// Aggregates of nothing.
  package init(inception: Timestamp) {
    self.inception = inception
  }
}
