/// A step of a venue's leverage table: from this notional upward, at most this leverage.
package struct MarginTier: Sendable, Hashable {
  /// The notional in USD at which the tier begins; the first begins at zero.
  package let lowerBound: USD
  /// The greatest initial leverage of the tier, at least 1.
  package let maxLeverage: Int

  /// A tier from its bound and leverage.
  package init(lowerBound: USD, maxLeverage: Int) {
    self.lowerBound = lowerBound
    self.maxLeverage = maxLeverage
  }
}

/// What can be traded and by which rules: tick, lot, minimum and leverage tiers.
///
/// The rules are Hyperliquid's perpetuals (protocol fact sheet §7 and §8).
package struct Instrument: Sendable, Hashable {
  /// The coin.
  package let coin: Coin
  /// Decimals a size may have, 0 to 6.
  package let sizeDecimals: Int
  /// Leverage tiers, ascending by bound; the first begins at zero.
  package let tiers: [MarginTier]
  /// The least notional of an order that grows exposure, in USD.
  package let minNotional: USD
  /// Whether the venue has closed the market of this coin.
  package let isDelisted: Bool
  /// Whether any price will do, with all of its eight decimals; no real venue is like that.
  package private(set) var takesAnyPrice = false

  /// Decimals a perpetual's price may have at most, less those of its size.
  package static let maxPriceDecimals = 6
  /// Significant digits a price may have unless it is a whole number.
  package static let maxSignificantDigits = 5

  /// An instrument; `nil` when sizes have more than 6 decimals, the tiers are empty, do not begin
  /// at zero, do not ascend, or a leverage is below 1.
  package init?(
    coin: Coin, sizeDecimals: Int, tiers: [MarginTier], minNotional: USD = USD(whole: 10),
    isDelisted: Bool = false
  ) {
    guard (0...Self.maxPriceDecimals).contains(sizeDecimals), tiers.first?.lowerBound == .zero,
      tiers.allSatisfy({ $0.maxLeverage >= 1 }), minNotional >= .zero,
      zip(tiers, tiers.dropFirst()).allSatisfy({
        $0.lowerBound < $1.lowerBound && $0.maxLeverage >= $1.maxLeverage
      })
    else { return nil }
    self.coin = coin
    self.sizeDecimals = sizeDecimals
    self.tiers = tiers
    self.minNotional = minNotional
    self.isDelisted = isDelisted
  }

  /// The same without any grid of prices.
  package var withAnyPrice: Instrument {
    var changed = self
    changed.takesAnyPrice = true
    return changed
  }

  /// Decimals a price may have: 6 less the size's.
  package var priceDecimals: Int { Self.maxPriceDecimals - sizeDecimals }

  /// The smallest size, 10^−sizeDecimals coins.
  package var lot: Quantity { roundedSize(mantissa: lotMantissa) }

  /// The greatest leverage for any notional.
  package var maxLeverage: Int { tiers[0].maxLeverage }

  /// The greatest leverage for a position of that notional.
  package func maxLeverage(forNotional notional: USD) -> Int {
    tier(forNotional: notional).maxLeverage
  }

  // MARK: Price and size

  /// Whether the venue accepts the price: a whole number, or few enough decimals and digits.
  package func accepts(_ price: Price) -> Bool {
    if takesAnyPrice || price.mantissa % exactDecimalScale == 0 { return true }
    return price.decimals <= priceDecimals
      && significantDigits(price) <= Self.maxSignificantDigits
  }

  /// Whether the venue accepts the size: above zero, with few enough decimals.
  package func accepts(_ size: Quantity) -> Bool {
    size > .zero && size.mantissa % lotMantissa == 0
  }

  /// The price on the venue's grid; `nil` when it would round to zero.
  ///
  /// Decimals kept: max(0, min(6 − sizeDecimals, 4 − ⌊log10 price⌋)).
  package func rounded(_ price: Price, _ rounding: Rounding = .halfEven) -> Price? {
    if takesAnyPrice { return price }
    let step = tick(at: price)
    return Price(mantissa: ExactMath.quantize(price.mantissa, to: step, rounding))
  }

  /// The size rounded down to the lot; may be zero.
  package func roundedDown(_ size: Quantity) -> Quantity {
    roundedSize(mantissa: size.mantissa - size.mantissa % lotMantissa)
  }

  // MARK: Margin

  /// Margin to open: notional / leverage, rounded up.
  package func initialMargin(notional: USD, leverage: Int) -> USD {
    notional.divided(by: max(1, leverage), .ceiling)
  }

  /// Margin to stay: notional · rate(tier) − deduction(tier), rate = 1 / (2 · max leverage).
  ///
  /// The deductions make the sum continuous at the bounds: ded(n) = ded(n−1) + bound(n) ·
  /// (rate(n) − rate(n−1)).
  package func maintenanceMargin(notional: USD) -> USD {
    var margin = USD.zero
    for (index, tier) in tiers.enumerated() where notional > tier.lowerBound {
      let upper = index + 1 < tiers.count ? min(notional, tiers[index + 1].lowerBound) : notional
      margin += (upper - tier.lowerBound).divided(by: 2 * tier.maxLeverage, .ceiling)
    }
    return margin
  }

  /// The price at which a position's equity equals its maintenance margin, as the venue shows it.
  ///
  /// liq = mark − side · available / size / (1 − l · side), l the maintenance rate of the tier the
  /// position would be in at that price (fact sheet §8). Where the way there crosses tiers, the
  /// equation is solved in each of them; equity less maintenance is continuous and monotone, so
  /// exactly one fits.
  ///
  /// - Parameters:
  ///   - size: The signed size, not zero.
  ///   - mark: The mark price.
  ///   - available: Equity that backs the position less all maintenance margin, USD.
  /// - Returns: `nil` when there is no such price above zero (common for low leverage longs).
  package func liquidationPrice(size: SignedQuantity, mark: Price, available: USD) -> Price? {
    guard size.mantissa != 0 else { return nil }
    let value = (mark * size).magnitude
    let backing = available + maintenanceMargin(notional: value)
    let side: Int128 = size.mantissa > 0 ? 1 : -1
    for (index, tier) in tiers.enumerated() {
      // N is the notional sought, M the maintenance at the tier's bound B, L its leverage:
      // backing + side · (N − value) = M + (N − B) / 2L
      let leverage = 2 * Int128(tier.maxLeverage)
      let bound = maintenanceMargin(notional: tier.lowerBound)
      let rest = side * Int128(value.mantissa) - Int128(backing.mantissa) + Int128(bound.mantissa)
      let numerator = leverage * rest - Int128(tier.lowerBound.mantissa)
      let notional = ExactMath.divide(numerator, by: leverage * side - 1, .halfEven)
      let upper = index + 1 < tiers.count ? Int128(tiers[index + 1].lowerBound.mantissa) : .max
      // Below the first bound there is nothing: the price would not be above zero.
      guard notional < upper else { continue }
      guard notional > 0 else { return nil }
      // Price = N / size, from the exact fraction, rounded once.
      let price = ExactMath.divide(
        numerator * Int128(exactDecimalScale),
        by: (leverage * side - 1) * Int128(size.mantissa.magnitude), .halfEven)
      guard price > 0, let mantissa = Int64(exactly: price) else { return nil }
      return Price(mantissa: mantissa)
    }
    return nil
  }
}

extension Instrument {
  private var lotMantissa: Int64 { ExactMath.powerOfTen(exactDecimalDigits - sizeDecimals) }

  private func roundedSize(mantissa: Int64) -> Quantity { Quantity(mantissa: mantissa) ?? .zero }

  private func tier(forNotional notional: USD) -> MarginTier {
    tiers.last { $0.lowerBound <= notional } ?? tiers[0]
  }

  /// The distance of neighbouring valid prices around a price, in steps of 1e-8.
  private func tick(at price: Price) -> Int64 {
    var magnitude = -exactDecimalDigits
    var rest = price.mantissa
    while rest >= 10 {
      rest /= 10
      magnitude += 1
    }
    let decimals = max(0, min(priceDecimals, Self.maxSignificantDigits - 1 - magnitude))
    return ExactMath.powerOfTen(exactDecimalDigits - decimals)
  }

  private func significantDigits(_ price: Price) -> Int {
    var rest = price.mantissa
    while rest % 10 == 0 { rest /= 10 }
    return String(rest).utf8.count
  }
}
