extension Metric {
  /// Every figure, by group, in the order people read them.
  package static let all: [Metric] = []
}
