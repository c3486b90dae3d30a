package import Trading

/// A rule about entries against the account as a whole.
package typealias AccountRule = RiskRule<EntryWish, AccountState>

extension AdmissionTable {
  /// The rules of reservation, in the order they are applied.
  ///
  /// Leverage comes before the rules that reckon margin.
  package static let account: [AccountRule] = [
    .globalPositions, .globalSymbol, .accountLeverage, .globalMargin, .accountFreeMargin,
  ]
}
