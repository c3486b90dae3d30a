package import Trading

extension EntryRule {
  /// A kill switch that has fired stops entries until it is reset.
  package static let killSwitch = EntryRule(
    id: "kill_switch",
    summary: "No entry while a kill switch has fired."
  ) { wish, state in
    state.blocks.killSwitch.map { .rejected(reason: $0) } ?? .passed
  }
}
