package import Trading

/// Resolves what the traders of one account wish against each other.
///
/// First coins that somebody holds, then opposite sides, then the same side, then scarce money.
/// Wishes of one trader never clash with each other.
package enum Conflicts {
  /// The orders, refusals and records that follow from the wishes; their order does not matter.
  ///
  /// A strategy that does not fit its kind of conflict (the configuration refuses it), and
  /// `aggregate` of the same side while coins are exclusive, count as `first_come`.
  package static func resolve(
    _ wishes: [OpenWish], on account: SharedAccount, under rules: ConflictRules
  ) -> ConflictResolution {
    var result = ConflictResolution()
    let sorted = wishes.sorted(by: OpenWish.precedes)
    for coin in Set(sorted.map(\.wish.coin)).sorted() {
      var clash = CoinClash(
        coin: coin, account: account, rules: rules, wishes: sorted.filter { $0.wish.coin == coin })
      clash.yieldToOutside()
      clash.yieldToHolders()
      clash.settleDirection()
      result.orders += clash.settleDuplicates()
      result.refused += clash.refused
      result.conflicts += clash.records
    }
    result.orders.sort { OpenWish.precedes($0.members[0], $1.members[0]) }
    result.share(account, by: rules.resource)
    result.refused.sort { OpenWish.precedes($0.wish, $1.wish) }
    return result
  }
}
