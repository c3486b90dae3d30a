package import Trading

extension CloseRule {
  /// Only what is held can be closed.
  package static let noPosition = CloseRule(
    id: "no_position", summary: "close needs an open position of yours in that coin."
  ) { wish, _ in
    guard let position = wish.position else {
      return .rejected(reason: "no position in \(wish.coin) is open")
    }
    guard let side = wish.decision.closedSide, side != position.side else { return .passed }
    return .rejected(
      reason: "no \(side.rawValue) position in \(wish.coin) is open, only a "
        + "\(position.side.rawValue) one")
  }
}

extension ProtectionRule {
  /// Only what is held can be protected.
  package static let noPosition = ProtectionRule(
    id: "no_position", summary: "update_protection needs an open position of yours in that coin."
  ) { wish, _ in
    wish.position == nil ? .rejected(reason: "no position in \(wish.coin) is open") : .passed
  }
}
