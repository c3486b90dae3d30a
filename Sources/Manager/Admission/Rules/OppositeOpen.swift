package import Trading

extension EntryRule {
  /// A coin is never held both ways.
  ///
  /// Venues net positions, so an entry against one would be a close in disguise; scaling in does
  /// not change that.
  package static let oppositeOpen = EntryRule(
    id: "opposite_open",
    summary:
      "A coin held on the other side must be closed first, with allow_flip in the same turn."
  ) { wish, state in
    guard let held = state.position(in: wish.coin), held.side != wish.side, !state.isFlip(wish)
    else { return .passed }
    return .rejected(
      reason: "a \(held.side.rawValue) of \(held.size) \(held.coin) is open; close it first")
  }
}
