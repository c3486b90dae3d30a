package import Trading

extension EntryRule {
  /// Notional in one coin stays within a share of equity.
  package static let maxAsset = EntryRule(
    id: "max_asset",
    summary: "The notional in one coin is cut to max_asset_pct of equity.",
    effect: .clampsOrRejects
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    guard let share = state.guards.maxAsset else { return .passed }
    let limit = state.equity.applying(share, .floor)
    return wish.limited(
      to: market.size(worth: limit - state.heldNotional(for: wish)), in: state,
      because: "max_asset_pct admits \(limit) USD in one coin")
  }
}
