package import Trading

/// A price with what rests there.
package struct DepthLevel: Sendable, Hashable {
  /// The price.
  package let price: Price
  /// What rests there, in coins.
  package let size: Quantity
}

/// How much rests at each level of a book.
package struct Depth: Sendable, Hashable {
  /// Levels on each side, 0 to 20; with none a book is empty.
  package var levels: Int
  /// Notional per level, USD.
  package var perLevel: USD
  /// Distance between levels, basis points.
  package var spacing: Bps

  /// A depth; by default 20 levels of 20,000 USD, one basis point apart.
  package init(
    levels: Int = 20, perLevel: USD = USD(whole: 20_000), spacing: Bps = Bps(whole: 1)
  ) {
    self.levels = levels
    self.perLevel = perLevel
    self.spacing = spacing
  }
}

extension Depth {
  /// The levels an order of a side meets, best first.
  ///
  /// The best is one spacing away from the mid price. Sizes do not depend on earlier orders: a
  /// book is full again after each of them.
  func levels(for side: OrderSide, mid: Price, instrument: Instrument) -> [DepthLevel] {
    var found: [DepthLevel] = []
    var last: Price?
    for number in stride(from: 1, through: levels, by: 1) {
      let shift = Bps(mantissa: spacing.mantissa * Int64(side == .buy ? number : -number))
      guard let exact = mid.moved(by: shift),
        var price = instrument.rounded(exact, side == .buy ? .ceiling : .floor)
      else { break }
      while let before = last, side == .buy ? price <= before : price >= before {
        guard let next = Self.neighbour(of: before, side, instrument) else { return found }
        price = next
      }
      last = price
      let size = instrument.roundedDown(perLevel.buys(at: price))
      if size > .zero { found.append(DepthLevel(price: price, size: size)) }
    }
    return found
  }

  /// The next valid price away from the mid.
  private static func neighbour(
    of price: Price, _ side: OrderSide, _ instrument: Instrument
  ) -> Price? {
    let step: Int64 = side == .buy ? 1 : -1
    guard let beyond = Price(mantissa: price.mantissa + step) else { return nil }
    return instrument.rounded(beyond, side == .buy ? .ceiling : .floor)
  }
}
