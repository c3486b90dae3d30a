package import Trading

extension EntryRule {
  /// A position is not added to unless scaling in is allowed.
  package static let alreadyOpen = EntryRule(
    id: "already_open",
    summary: "A coin already held on that side is not added to unless allow_scale_in."
  ) { wish, state in
    guard let held = state.position(in: wish.coin), held.side == wish.side,
      !state.limits.allowsScaleIn
    else { return .passed }
    return .rejected(
      reason: "a \(held.side.rawValue) of \(held.size) \(held.coin) is open and allow_scale_in is "
        + "false")
  }
}
