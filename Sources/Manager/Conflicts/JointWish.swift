package import Trading

/// What becomes one order: the wish of one trader, or of several for the same side of one coin.
package struct JointWish: Sendable, Equatable {
  /// Whose it is, in priority order, at least one; two or more share one order pro rata.
  ///
  /// All have one coin, one side and one leverage; each has its own size, stop and target.
  package internal(set) var members: [OpenWish]
  /// What conflicts changed in the wish of a trader; no entry = nothing.
  package internal(set) var notes: [TraderID: [RuleNote]]

  /// An order of at least one member; leverage that differs is lowered to the least of them.
  ///
  /// The members must wish for one side of one coin.
  package init(members: [OpenWish], notes: [TraderID: [RuleNote]] = [:]) {
    guard let first = members.first else {
      preconditionFailure("expected a joint wish to have members, had none")
    }
    precondition(
      members.allSatisfy { $0.wish.coin == first.wish.coin && $0.wish.side == first.wish.side },
      "expected members on one side of \(first.wish.coin), was \(members.map(\.text))")
    let least = members.map(\.wish.leverage).min() ?? first.wish.leverage
    self.notes = notes
    self.members = []
    for member in members.sorted(by: OpenWish.precedes) {
      let leverage = member.wish.leverage
      self.members.append(member.with(member.wish.at(leverage: least)))
      guard leverage != least else { continue }
      self.notes[member.trader, default: []].append(
        RuleNote(
          rule: ConflictRule.duplicate,
          text: "leverage \(leverage)x → \(least)x, the lowest of the joint order"))
    }
  }

  /// The entry that all members together ask for.
  ///
  /// Size is the sum; all else is that of the member with the strictest worst price, the first at
  /// a tie. Stops and targets differ between members: protections come from each of them.
  package var combined: EntryWish {
    let strictest = members.min { Self.isStricter($0.wish, $1.wish) } ?? members[0]
    return strictest.wish.at(size: members.reduce(.zero) { $0 + $1.wish.size })
  }

  /// Margin, entry fee and expected slippage of the whole order, USD.
  package func cost(takerFee: Bps) -> USD { combined.cost(takerFee: takerFee) }
}

extension JointWish {
  /// Whether the left entry may fill at less bad prices than the right one.
  private static func isStricter(_ left: EntryWish, _ right: EntryWish) -> Bool {
    guard let limit = left.market?.limit, let other = right.market?.limit else { return false }
    return left.side == .long ? limit < other : limit > other
  }

  /// The parts of a smaller size, split pro rata; those it leaves nothing drop out.
  func splitting(_ size: Quantity) -> (kept: [OpenWish], dropped: [OpenWish]) {
    let lot = combined.market?.instrument.lot ?? .zero
    let parts = Apportionment.split(size, among: members.map(\.wish.size), lot: lot)
    let cut = zip(members, parts).map { $0.with($0.wish.at(size: $1)) }
    let dropped = zip(members, parts).filter { $1 == .zero }.map(\.0)
    return (cut.filter { $0.wish.size > .zero }, dropped)
  }
}
