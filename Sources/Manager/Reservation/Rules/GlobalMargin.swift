package import Trading

extension AccountRule {
  /// Margin in use over all traders, the entry included, stays within a share of the equity.
  package static let globalMargin = AccountRule(
    id: "global_margin",
    summary: "Margin in use over all traders of the account after the entry is kept within the "
      + "global share of its equity by cutting the size.",
    effect: .clampsOrRejects
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    guard let share = state.limits.maxMarginUsage else { return .passed }
    let limit = max(.zero, state.equity).applying(share, .floor)
    let used = state.marginUsed + state.regearing(for: wish)
    return wish.cut(
      to: market.size(marginWithin: limit - used, leverage: wish.leverage),
      because: "the account may use \(limit) USD of margin (\(share) % of \(state.equity) USD "
        + "equity), \(used) USD are in use\(state.regearingText(for: wish))")
  }
}
