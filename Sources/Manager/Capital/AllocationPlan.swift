package import Trading

/// Money that goes to a trader, or comes from it.
package struct AllocationMove: Sendable, Hashable {
  /// The trader.
  package let trader: TraderID
  /// Positive = to the trader, USD, in whole cents; never zero.
  package let amount: USD
}

/// What moves now so that traders get what they should have.
package struct AllocationPlan: Sendable, Equatable {
  /// Withdrawals, then deposits, each in the order of trader ids.
  package let moves: [AllocationMove]
  /// Whether money is still to be moved that is not free now.
  package let isPending: Bool
  /// Money that is wanted from traders and not free, USD, above zero: what reducing positions
  /// would have to free.
  package let reductions: [TraderID: USD]
}

extension Allocation {
  /// What moves now.
  ///
  /// Withdrawals take free money only. Deposits are scaled down together to what is there: the
  /// withdrawals and the spare money of the treasury (with a reserve that is not covered, the
  /// withdrawals fill it first). Amounts below 1 USD or 0.5 % of the target are left out; what
  /// an isolated or removed trader has too much is taken whatever it is, and it is given nothing.
  ///
  /// - Parameters:
  ///   - targets: See ``targets(members:rules:available:)``; a member without one is left alone.
  ///   - members: Those among whom it is split.
  ///   - spare: Treasury − reserve, USD; negative while the reserve is not covered.
  /// - Returns: The moves and what they leave undone; Σ deposits ≤ `spare` + Σ withdrawals.
  package static func moves(
    to targets: [TraderID: USD], members: [AllocationMember], spare: USD
  ) -> AllocationPlan {
    var withdrawals: [AllocationMove] = []
    var reductions: [TraderID: USD] = [:]
    var wishes: [(trader: TraderID, wanted: USD, target: USD)] = []
    for member in sorted(members) {
      guard let target = targets[member.trader].map({ max(.zero, $0) }) else { continue }
      let excess = cents(member.equity - target)
      if excess > .zero, !member.isEntitled || isWorthwhile(excess, for: target) {
        let amount = cents(min(excess, member.takeable))
        let isMoved = amount > .zero && (!member.isEntitled || isWorthwhile(amount, for: target))
        if isMoved { withdrawals.append(AllocationMove(trader: member.trader, amount: -amount)) }
        let missing = excess - (isMoved ? amount : .zero)
        if isWorthwhile(missing, for: target) { reductions[member.trader] = missing }
      } else if member.isEntitled, isWorthwhile(cents(target - member.equity), for: target) {
        wishes.append((member.trader, cents(target - member.equity), target))
      }
    }
    let there = max(.zero, withdrawals.reduce(spare) { $0 - $1.amount })
    let wanted = wishes.reduce(USD.zero) { $0 + $1.wanted }
    let deposits = wishes.compactMap { wish -> AllocationMove? in
      let share = Int128(wish.wanted.mantissa) * Int128(there.mantissa)
      let scaled =
        wanted > there
        ? cents(USD(mantissa: Int64(clamping: share / Int128(wanted.mantissa)))) : wish.wanted
      guard isWorthwhile(scaled, for: wish.target) else { return nil }
      return AllocationMove(trader: wish.trader, amount: scaled)
    }
    return AllocationPlan(
      moves: withdrawals + deposits, isPending: !reductions.isEmpty, reductions: reductions)
  }

  /// Whether an amount is large enough to be moved: 1 USD and 0.5 % of the target.
  private static func isWorthwhile(_ amount: USD, for target: USD) -> Bool {
    amount >= USD(whole: 1) && amount >= target.applying(Bps(whole: 50), .ceiling)
  }
}
