import Trading

/// The way a price goes.
enum SimDirection: Sendable {
  /// Down.
  case falling
  /// Up.
  case rising

  var opposite: SimDirection { self == .falling ? .rising : .falling }
}

/// The price at which a resting order wakes, and from which side it is reached.
struct SimLevel: Sendable, Hashable {
  let price: Price
  let direction: SimDirection

  /// Whether a price has still to go some way to reach it.
  func isAhead(of price: Price) -> Bool {
    direction == .falling ? price > self.price : price < self.price
  }

  /// Whether a price is at it or past it.
  func isReached(by price: Price) -> Bool { !isAhead(of: price) }
}

extension OrderRequest {
  /// Where the order wakes.
  ///
  /// A purchase waits below and a sale above the market, except for stops, which wait on the other
  /// side. A trigger that has fired without filling waits like a limit order at its limit.
  func level(isTriggered: Bool) -> SimLevel? {
    let waiting: SimDirection = side == .buy ? .falling : .rising
    switch kind {
    case .limit(let limit, _): return SimLevel(price: limit, direction: waiting)
    case .trigger(let trigger, let limit):
      if isTriggered { return SimLevel(price: limit, direction: waiting) }
      return SimLevel(
        price: trigger, direction: purpose == .target ? waiting : waiting.opposite)
    }
  }
}

extension SimOrder {
  /// The reason a resting trigger carries once it has fired and found no price within its limit.
  static let triggeredNote = "triggered"

  /// Whether it is a trigger that has fired.
  var isTriggered: Bool { status == .resting && reason == Self.triggeredNote }

  /// Where it wakes.
  var level: SimLevel? { request.level(isTriggered: isTriggered) }

  /// Coins not yet filled.
  var remaining: Quantity { request.size.less(filledSize) }

  /// Coins it can still fill beside a position: all that remains, but for a reduce-only order no
  /// more than the position.
  func effectiveSize(position: SignedQuantity) -> Quantity {
    guard request.reduceOnly else { return remaining }
    guard position.side?.closing == request.side else { return .zero }
    return min(remaining, position.magnitude)
  }

  /// Adds a fill: the average price is weighted by size and rounded half-even to 1e-8.
  mutating func add(_ size: Quantity, at price: Price, fee: USD) {
    let paid = price * size + (averagePrice.map { $0 * filledSize } ?? .zero)
    let isFirst = filledSize == .zero
    filledSize = filledSize + size
    self.fee += fee
    averagePrice =
      isFirst
      ? price
      : Price(mantissa: ExactMath.ratio(paid.mantissa, filledSize.mantissa, .halfEven)) ?? price
  }
}
