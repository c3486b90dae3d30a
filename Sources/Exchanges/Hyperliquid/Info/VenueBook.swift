package import Trading

/// The order book of a coin (`l2Book`), at most 20 levels a side.
package struct VenueBook: Sendable, Hashable {
  /// When.
  package let at: Timestamp
  /// Bids, best first.
  package let bids: [Level]
  /// Asks, best first.
  package let asks: [Level]

  /// A price and what rests at it.
  package struct Level: Sendable, Hashable {
    /// The price.
    package let price: Price
    /// Coins.
    package let size: Quantity
  }
}

extension VenueBook {
  init(_ payload: Payload, of coin: Coin) throws(PayloadProblem) {
    if let name = payload.member("coin"), name != .text(coin.name) {
      throw payload.expected("coin", "\"\(coin)\"", name)
    }
    let sides = try payload.inside("levels") { levels throws(PayloadProblem) in
      try levels.each { side throws(PayloadProblem) in
        try side.each { row throws(PayloadProblem) in
          Level(price: try row.price("px"), size: try row.size("sz"))
        }
      }
    }
    guard sides.count == 2 else {
      throw PayloadProblem("levels", "expected bids and asks, was \(sides.count) lists")
    }
    self.init(at: try payload.time("time"), bids: sides[0], asks: sides[1])
  }
}
