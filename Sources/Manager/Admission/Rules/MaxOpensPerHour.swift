package import Trading

extension EntryRule {
  /// The number of entries within an hour is limited.
  package static let maxOpensPerHour = EntryRule(
    id: "max_opens_per_hour",
    summary: "At most max_opens_per_hour entries may be made within an hour."
  ) { wish, state in
    guard let limit = state.guards.maxOpensPerHour, state.opensWithinHour >= limit else {
      return .passed
    }
    return .rejected(
      reason: "expected fewer than \(limit) entries within the last hour (max_opens_per_hour), "
        + "was \(state.opensWithinHour)")
  }
}
