package import Trading

extension EntryRule {
  /// Notional in all coins stays within a share of equity.
  package static let maxTotal = EntryRule(
    id: "max_total",
    summary: "The notional in all coins together is cut to max_total_pct of equity.",
    effect: .clampsOrRejects
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    guard let share = state.guards.maxTotal else { return .passed }
    let limit = state.equity.applying(share, .floor)
    let held = state.positions.reduce(USD.zero) { $0 + $1.notional }
    return wish.limited(
      to: market.size(worth: limit - held), in: state,
      because: "max_total_pct admits \(limit) USD in all coins, \(held) USD held")
  }
}
