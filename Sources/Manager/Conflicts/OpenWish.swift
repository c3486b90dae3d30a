package import Trading

/// One approved entry of one trader, waiting for its turn on the account.
///
/// A trader has at most one for each coin: admission refuses a second one.
package struct OpenWish: Sendable, Equatable {
  /// Who wishes.
  package let trader: TraderID
  /// The trader's turn among those of the account; 0 = first.
  package let priority: Int
  /// Its place among the trader's decisions, from 0.
  package let index: Int
  /// The entry as admission approved it, or as a conflict left it.
  package internal(set) var wish: EntryWish

  /// A wish from its parts.
  package init(trader: TraderID, priority: Int, index: Int, wish: EntryWish) {
    self.trader = trader
    self.priority = priority
    self.index = index
    self.wish = wish
  }

  /// How sure the decision is, 0 to 100; zero when it does not say.
  package var confidence: Int { wish.decision.confidence ?? 0 }
}

extension OpenWish {
  /// The same wish in another form.
  func with(_ wish: EntryWish) -> OpenWish {
    var next = self
    next.wish = wish
    return next
  }

  /// The trader with its side and size in words.
  var text: String { "\(trader) \(wish.side.rawValue) \(wish.sizeText)" }

  /// Whether the left one comes first by priority, then confidence, then coin.
  static func precedes(_ left: OpenWish, _ right: OpenWish) -> Bool {
    if left.priority != right.priority { return left.priority < right.priority }
    if left.confidence != right.confidence { return left.confidence > right.confidence }
    let coins = (left.wish.coin, right.wish.coin)
    if coins.0 != coins.1 { return coins.0 < coins.1 }
    return left.trader != right.trader ? left.trader < right.trader : left.index < right.index
  }

  /// Whether the left one comes first by confidence, then priority, then coin.
  static func isSurer(_ left: OpenWish, _ right: OpenWish) -> Bool {
    left.confidence != right.confidence
      ? left.confidence > right.confidence : precedes(left, right)
  }
}
