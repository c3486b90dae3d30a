import Trading

/// Reserves an account's capital for entries, one order after the other.
package enum Reservation {
  /// Judges one order as a whole; cuts are split pro rata among its members.
  package static func reserve(_ joint: JointWish, in state: AccountState) -> ReservationResult {
    reserve(joint, under: AdmissionTable.account, in: state)
  }

  /// Judges one order by the given rules.
  package static func reserve(
    _ joint: JointWish, under rules: [AccountRule], in state: AccountState
  ) -> ReservationResult {
    switch RiskGate.review(joint.combined, under: rules, in: state) {
    case .refused(let note, _):
      return ReservationResult(
        order: nil, refused: joint.members.map { RefusedWish(wish: $0, note: note) }, next: state)
    case .approved(let proof, let clamps):
      let final = proof.request
      let (kept, dropped) = joint.splitting(final.size)
      let shares = kept.map { member in
        let lowered = member.with(member.wish.at(leverage: final.leverage))
        return ReservedShare(
          wish: lowered,
          notes: (joint.notes[member.trader] ?? [])
            + clamps.map { joint.members.count > 1 ? $0.about(lowered) : $0 })
      }
      return ReservationResult(
        order: ReservedOrder(approved: proof, shares: shares),
        refused: dropped.map { RefusedWish(wish: $0, note: clamps.nothing(left: final)) },
        next: state.approving(final))
    }
  }

  /// Judges orders in sequence, each on what the ones before left.
  package static func reserve(
    _ orders: [JointWish], in state: AccountState
  ) -> ReservationSequence {
    var result = ReservationSequence(orders: [], refused: [], state: state)
    for joint in orders {
      let one = reserve(joint, in: result.state)
      if let order = one.order { result.orders.append(order) }
      result.refused += one.refused
      result.state = one.next
    }
    return result
  }
}

extension RuleNote {
  /// The note about a joint order as one member should read it.
  fileprivate func about(_ member: OpenWish) -> RuleNote {
    RuleNote(
      rule: rule,
      text: "joint order: \(text); \(member.trader) has \(member.wish.size) \(member.wish.coin) "
        + "of it")
  }
}

extension [RuleNote] {
  /// Why a member's part of a cut order is less than a lot.
  fileprivate func nothing(left order: EntryWish) -> RuleNote {
    RuleNote(
      rule: last?.rule ?? AccountRule.accountFreeMargin.id,
      text: "\(last?.text ?? order.sizeText): less than a lot of the joint order is its part")
  }
}
