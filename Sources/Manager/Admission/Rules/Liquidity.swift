import Market
package import Trading

extension EntryRule {
  /// The market of the coin is deep enough; an unknown open interest passes, as in nof0.
  package static let liquidity = EntryRule(
    id: "liquidity",
    summary: "Open interest × price must be at least liquidity_threshold_usd, where it is known."
  ) { wish, state in
    guard let threshold = state.guards.liquidityThreshold,
      let snapshot = state.market.coins[wish.coin], let interest = snapshot.openInterest
    else { return .passed }
    let depth = interest * snapshot.quote.mark.double
    guard depth < threshold.double else { return .passed }
    let text = USD(approximating: depth.rounded()).map { "\($0) USD" } ?? "no number"
    return .rejected(
      reason: "expected open interest of at least \(threshold) USD (liquidity_threshold_usd), "
        + "was \(text)")
  }
}
