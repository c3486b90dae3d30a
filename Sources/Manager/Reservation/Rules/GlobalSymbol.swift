package import Trading

extension AccountRule {
  /// The notional in one coin over all traders stays within a share of the account's equity.
  package static let globalSymbol = AccountRule(
    id: "global_symbol",
    summary: "The notional in one coin over all traders of the account is kept within the global "
      + "share of its equity by cutting the size.",
    effect: .clampsOrRejects
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    guard let share = state.limits.maxSymbol else { return .passed }
    let limit = max(.zero, state.equity).applying(share, .floor)
    let held = state.held(wish.coin)
    return wish.cut(
      to: market.size(worth: limit - held),
      because: "the account may hold \(limit) USD of \(wish.coin) (\(share) % of \(state.equity) "
        + "USD equity), \(held) USD are held")
  }
}
