/// Who says how large an entry is.
package enum SizingMethod: String, Sendable, CaseIterable {
  /// The decision.
  case model
  /// A fixed share of equity as margin.
  case fixedFraction = "fixed_fraction"
  /// A fixed share of equity lost at a stop some average true ranges away.
  case atr
  /// A quarter of what Kelly's formula says of the trader's own record.
  case kelly
}

/// How large entries are (`sizing` of a trader's risk_params).
package struct SizingSpec: Sendable, Hashable {
  /// Who says how large an entry is.
  package var method: SizingMethod
  /// Margin of an entry as a share of equity: of `fixed_fraction`, and of `kelly` while its record
  /// is short.
  package var fraction: Pct
  /// Loss at the stop as a share of equity, of `atr`.
  package var risk: Pct
  /// Average true ranges between entry and stop, of `atr`, above zero.
  package var atrMultiple: Factor
  /// Hours the average true range is taken over, at least 2.
  package var atrPeriod: Int

  /// Sizing from its parts.
  package init(
    method: SizingMethod = .model, fraction: Pct = Pct(whole: 10), risk: Pct = Pct(whole: 1),
    atrMultiple: Factor = Factor(whole: 2), atrPeriod: Int = 14
  ) {
    self.method = method
    self.fraction = fraction
    self.risk = risk
    self.atrMultiple = atrMultiple
    self.atrPeriod = atrPeriod
  }
}
