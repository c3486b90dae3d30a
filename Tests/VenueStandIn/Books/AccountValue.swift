package import Trading

/// What an account is worth at a set of marks.
package struct AccountValue: Sendable, Hashable {
  /// Raw USD and the value of positions, isolated ones included.
  package var equity = USD.zero
  /// The same without isolated positions.
  package var crossEquity = USD.zero
  /// Σ |value| of all positions.
  package var notional = USD.zero
  /// Σ |value| of cross positions.
  package var crossNotional = USD.zero
  /// Raw USD, isolated ones' included.
  package var rawUSD = USD.zero
  /// Margin in use, isolated ones' included.
  package var margin = USD.zero
  /// Margin in use of cross positions.
  package var crossMargin = USD.zero
  /// Maintenance margin of cross positions.
  package var crossMaintenance = USD.zero
}

extension VenueAccount {
  /// What the account is worth.
  func value(_ marks: [Coin: Price], _ instruments: [Coin: Instrument]) -> AccountValue {
    var sum = AccountValue()
    sum.rawUSD = rawUSD
    sum.crossEquity = rawUSD
    for (coin, position) in held {
      guard let mark = marks[coin], let instrument = instruments[coin] else { continue }
      let value = position.value(at: mark)
      sum.notional += value.magnitude
      if let own = position.isolatedRaw {
        sum.rawUSD += own
        sum.margin += own + value
      } else {
        let leverage = leverage(of: instrument).value
        let margin = instrument.initialMargin(notional: value.magnitude, leverage: leverage)
        sum.crossEquity += value
        sum.crossNotional += value.magnitude
        sum.margin += margin
        sum.crossMargin += margin
        sum.crossMaintenance += instrument.maintenanceMargin(notional: value.magnitude)
      }
      sum.equity += value
    }
    sum.equity += sum.rawUSD
    return sum
  }
}

/// Rounding to the venue's 1e-6 USD.
func micro(_ amount: USD) -> USD {
  USD(mantissa: ExactMath.quantize(amount.mantissa, to: 100, .halfEven))
}
