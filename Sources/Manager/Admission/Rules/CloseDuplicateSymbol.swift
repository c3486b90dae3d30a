package import Trading

extension CloseRule {
  /// A position is closed once in a cycle: the first close in order that was accepted.
  package static let duplicateSymbol = CloseRule(
    id: "duplicate_symbol", summary: "A position takes one close a cycle; a later one is refused."
  ) { wish, state in
    state.turns[wish.coin] == nil
      ? .passed
      : .rejected(reason: "another decision of this cycle already acts on \(wish.coin)")
  }
}

extension ProtectionRule {
  /// A protection is renewed once in a cycle, also after a part was closed.
  package static let duplicateSymbol = ProtectionRule(
    id: "duplicate_symbol",
    summary: "A position takes one new protection a cycle, and none when it is closed."
  ) { wish, state in
    switch state.turns[wish.coin] {
    case nil, .reduced: .passed
    case .opened, .closed, .protected:
      .rejected(reason: "another decision of this cycle already acts on \(wish.coin)")
    }
  }
}
