package import Trading

extension EntryRule {
  /// Notional in coins that move together stays within a share of equity.
  ///
  /// A held coin counts with the wish when both gain together: the same side and ρ above 0.8, or
  /// opposite sides and ρ below −0.8. On the same side an unknown ρ counts as the same coin.
  package static let correlated = EntryRule(
    id: "correlated",
    summary: "The notional of an entry, together with positions that move with it (correlation of "
      + "hourly returns over 30 days above 0.8 on the same side, below −0.8 on the other; not "
      + "known counts as the same), is cut to max_correlated_pct of equity.",
    effect: .clampsOrRejects
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    guard let share = state.guards.maxCorrelated else { return .passed }
    let limit = state.equity.applying(share, .floor)
    var counted = USD.zero
    var names: [String] = []
    for held in state.positions {
      guard let likeness = state.likeness(of: held, to: wish) else { continue }
      counted += held.notional
      names.append("\(held.coin) \(held.notional) USD (\(likeness))")
    }
    let together = names.isEmpty ? "none held" : "held: \(names.joined(separator: ", "))"
    return wish.limited(
      to: market.size(worth: limit - counted), in: state,
      because: "max_correlated_pct admits \(limit) USD in coins that move together, \(together)")
  }
}

extension AdmissionState {
  /// Why a position gains and loses with a wished one; `nil` when it does not.
  fileprivate func likeness(of held: Exposure, to wish: EntryWish) -> String? {
    if held.coin == wish.coin { return held.side == wish.side ? "the same coin" : nil }
    switch Correlation.between(wish.coin, held.coin, in: market) {
    case .known(let rho):
      let together = held.side == wish.side ? rho : -rho
      guard together > Correlation.threshold else { return nil }
      let hundredths = Int64((rho * 100).rounded())
      return "ρ \(Factor(mantissa: hundredths * (exactDecimalScale / 100)))"
    case .unknown(let reason):
      return held.side == wish.side ? "ρ not known, \(reason), counts as the same" : nil
    }
  }
}
