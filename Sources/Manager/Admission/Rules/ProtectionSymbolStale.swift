import Market
package import Trading

extension ProtectionRule {
  /// A new stop or target is placed against a fresh mark; the old ones rest until then.
  package static let symbolStale = ProtectionRule(
    id: "symbol_stale",
    summary: "update_protection needs fresh prices; until then the old stop and target stay."
  ) { wish, state in
    guard state.market.coins[wish.coin] != nil else {
      return .rejected(reason: "no price of \(wish.coin) is known")
    }
    return state.staleness(of: wish.coin).map { .rejected(reason: $0) } ?? .passed
  }
}
