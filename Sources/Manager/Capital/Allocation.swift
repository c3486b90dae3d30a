package import Trading

/// Splits the arena's money among traders.
///
/// The pool is the treasury (money of the total that no trader has) and the equity of the traders
/// it is split among; the reserve is taken from it first. Money is split in whole cents, rounded
/// down.
package enum Allocation {
  // MARK: The pool

  /// Money of the total that no trader has, USD: total − own money − net flows.
  ///
  /// Net flows are Σ money put into less money taken out of every trader that it is split among, or
  /// ever was. Negative when traders were given more than there was.
  package static func treasury(_ rules: AllocationRules, netFlows: USD) -> USD {
    rules.total - rules.ownMoney - netFlows
  }

  /// What the split money is worth now, USD: the treasury and the equity of every member.
  package static func pool(treasury: USD, members: [AllocationMember]) -> USD {
    members.reduce(treasury) { $0 + $1.equity }
  }

  /// The money that nobody gets, USD: its share of the configured total, whatever the pool is.
  package static func reserve(_ rules: AllocationRules) -> USD {
    max(.zero, rules.total.applying(rules.reserve, .ceiling))
  }

  /// The money to split, USD, never negative: the pool without the reserve.
  package static func available(pool: USD, rules: AllocationRules) -> USD {
    max(.zero, pool - reserve(rules))
  }

  // MARK: Targets

  /// The equity each member should have, USD, in whole cents, never negative.
  ///
  /// Who is not entitled is left ``AllocationMember/remainder``; the rest is split among the
  /// others: in equal parts; or each its share of the *configured total* (scaled down together
  /// when that is more than there is, and no more than that when there is more: gains stay in the
  /// treasury); or by max(Sharpe, 0), in equal parts while fewer than two of them have
  /// ``SharpeRecord/leastDays`` daily returns, or none a Sharpe ratio above zero. By Sharpe,
  /// traders with a shorter record weigh nothing and everybody gets the minimum at least; when the
  /// money does not suffice for all minima, it is split in equal parts.
  ///
  /// - Parameters:
  ///   - members: Those among whom it is split, each once, in any order.
  ///   - rules: How it is split.
  ///   - available: The money to split, USD, see ``available(pool:rules:)``.
  /// - Returns: One target for each member; their sum is at most `available`.
  package static func targets(
    members: [AllocationMember], rules: AllocationRules, available: USD
  ) -> [TraderID: USD] {
    var targets: [TraderID: USD] = [:]
    var rest = max(.zero, available)
    for member in sorted(members) where !member.isEntitled {
      let left = cents(min(AllocationMember.remainder, rest))
      targets[member.trader] = left
      rest -= left
    }
    let entitled = sorted(members).filter(\.isEntitled)
    let parts =
      switch rules.strategy {
      case .equal: shares(of: rest, by: entitled.map { _ in 1 })
      case .custom: customParts(entitled, rules: rules, rest: rest)
      case .performanceBased: performanceParts(entitled, minimum: rules.minimum, rest: rest)
      }
    for (member, part) in zip(entitled, parts) { targets[member.trader] = part }
    return targets
  }

  // MARK: When

  /// The change of a Sharpe ratio beyond which money is split anew.
  package static let sharpeStep = 0.2

  /// The time after which money that was not free is looked for again.
  package static let pendingRetry = Span.minutes(15)

  /// Why money is to be split anew, in words; `nil` = it is not.
  ///
  /// Without a record it is not: traders begin with what the first split gave them, and the caller
  /// puts that split on record with ``record(of:at:isPending:)``. A Sharpe ratio that is not
  /// defined counts as 0.
  package static func isDue(
    record: AllocationRecord?, rules: AllocationRules, members: [AllocationMember],
    now: Timestamp
  ) -> String? {
    guard let record else { return nil }
    let entitled = sorted(members).filter(\.isEntitled)
    if entitled.map(\.trader) != record.members { return "the set of traders changed" }
    for member in entitled {
      let before = record.sharpes[member.trader] ?? 0
      if abs(member.comparedSharpe - before) > sharpeStep + 1e-9 {
        return "the Sharpe ratio of \(member.trader) changed by more than \(sharpeStep)"
      }
    }
    if now - record.at >= rules.interval { return "\(rules.interval) have passed" }
    return record.isPending && now - record.at >= pendingRetry
      ? "money that was not free is still to be moved" : nil
  }

  /// The record of a split among the members at an instant.
  package static func record(
    of members: [AllocationMember], at now: Timestamp, isPending: Bool
  ) -> AllocationRecord {
    let entitled = sorted(members).filter(\.isEntitled)
    let sharpes = entitled.compactMap { member in
      member.sharpe.flatMap { $0.isFinite ? (member.trader, $0) : nil }
    }
    return AllocationRecord(
      at: now, sharpes: Dictionary(sharpes) { first, _ in first },
      members: entitled.map(\.trader), isPending: isPending)
  }

  /// The members in the order of their ids.
  static func sorted(_ members: [AllocationMember]) -> [AllocationMember] {
    members.sorted { $0.trader < $1.trader }
  }

  /// The amount in whole cents, rounded down.
  static func cents(_ amount: USD) -> USD {
    USD(mantissa: ExactMath.quantize(amount.mantissa, to: 1_000_000, .floor))
  }
}

extension Allocation {
  /// The amount split by weights, in whole cents, rounded down; nothing when all weights are zero.
  private static func shares(of amount: USD, by weights: [Int64]) -> [USD] {
    let total = weights.reduce(Int128(0)) { $0 + Int128($1) }
    return weights.map { weight in
      guard total > 0 else { return .zero }
      let share = Int128(amount.mantissa) * Int128(weight) / total
      return cents(USD(mantissa: Int64(clamping: share)))
    }
  }

  private static func customParts(
    _ members: [AllocationMember], rules: AllocationRules, rest: USD
  ) -> [USD] {
    let wanted = members.map { member in
      max(.zero, cents(rules.total.applying(member.share ?? .zero, .down)))
    }
    guard wanted.reduce(.zero, +) > rest else { return wanted }
    return shares(of: rest, by: wanted.map(\.mantissa))
  }

  private static func performanceParts(
    _ members: [AllocationMember], minimum: USD, rest: USD
  ) -> [USD] {
    let least = max(.zero, cents(minimum))
    let equal = shares(of: rest, by: members.map { _ in 1 })
    let weights = members.map { $0.isProven ? weight(of: $0) : 0 }
    guard members.count(where: \.isProven) >= 2, weights.contains(where: { $0 > 0 }),
      equal.allSatisfy({ $0 >= least })
    else { return equal }
    // Whoever's part is below the minimum gets the minimum, and the others split what is left;
    // that may push another one below it, so it is repeated, at most once for each.
    var raised: Set<Int> = []
    while true {
      let left = rest - USD(mantissa: least.mantissa * Int64(raised.count))
      let open = weights.enumerated().map { raised.contains($0.offset) ? 0 : $0.element }
      let parts = shares(of: left, by: open)
      let below = parts.indices.filter { !raised.contains($0) && parts[$0] < least }
      guard !below.isEmpty else {
        return parts.enumerated().map { raised.contains($0.offset) ? least : $0.element }
      }
      raised.formUnion(below)
    }
  }

  /// The Sharpe ratio as a weight in millionths, from 0 to 1000.
  private static func weight(of member: AllocationMember) -> Int64 {
    Int64((min(max(member.comparedSharpe, 0), 1000) * 1e6).rounded())
  }
}
