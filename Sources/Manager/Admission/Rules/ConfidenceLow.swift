package import Trading

extension EntryRule {
  /// An entry is as confident as the trader demands.
  package static let confidenceLow = EntryRule(
    id: "confidence_low",
    summary: "Confidence must be at least min_confidence."
  ) { wish, state in
    let confidence = wish.decision.confidence ?? 0
    return confidence < state.limits.minConfidence
      ? .rejected(
        reason: "expected confidence of at least \(state.limits.minConfidence), was \(confidence)")
      : .passed
  }
}
