package import Trading

extension EntryRule {
  /// Unless the model says how large an entry is, a formula does.
  ///
  /// Size and, for `atr`, stop are replaced by ours, larger or smaller; every cap applies after.
  /// Caps count fees where the formulas do not, so `max_risk_pct` may cut what `atr` computed.
  package static let sizing = EntryRule(
    id: "sizing",
    summary: "Size is computed, whatever position_size_usd says, where sizing is fixed_fraction: "
      + "equity × fraction_pct × leverage / price; atr: equity × risk_pct / "
      + "(atr_multiple × ATR), the stop lying atr_multiple × ATR of "
      + "atr_period hours from the entry; kelly: equity × f* / 4 × leverage / price, where "
      + "f* = p − (1 − p) / b of the trader's own record, and fixed_fraction before 30 trades.",
    effect: .clampsOrRejects
  ) { wish, state in
    guard let market = wish.market else { return wish.unpriced }
    do throws(SizingGap) {
      guard let sized = try SizingFormula.size(wish, at: market, in: state) else { return .passed }
      let next = wish.at(size: sized.size, stop: sized.stop)
      guard next != wish else { return .passed }
      let before = wish.stop.map { ", stop \($0)" } ?? ""
      let after = next.stop.map { ", stop \($0)" } ?? ""
      let isSameStop = wish.stop == next.stop
      return .clamped(
        next, from: wish.sizeText + (isSameStop ? "" : before),
        to: "\(next.sizeText)\(isSameStop ? "" : after), as \(sized.formula)")
    } catch {
      return .rejected(reason: error.reason)
    }
  }
}
