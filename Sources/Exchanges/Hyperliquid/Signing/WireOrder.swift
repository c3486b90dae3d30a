package import Trading

/// An order as the venue reads it.
package struct WireOrder: Sendable, Hashable {
  /// The asset: its index among the venue's perpetuals.
  package let asset: Int
  /// Whether it buys.
  package let isBuy: Bool
  /// The worst price it may fill at; on the venue's grid.
  package let price: Price
  /// Coins; on the venue's grid.
  package let size: Quantity
  /// Whether it may only shrink a position.
  package let reduceOnly: Bool
  /// How it comes into the book.
  package let kind: Kind
  /// Our id of it; `nil` = it has none.
  package let id: ClientOrderID?

  /// How an order comes into the book.
  package enum Kind: Sendable, Hashable {
    /// At once.
    case limit(tif: TimeInForce)
    /// When the mark reaches a price: as a market order or at its limit, as stop or as target.
    case trigger(isMarket: Bool, at: Price, isStop: Bool)
  }

  /// How long it stays there.
  package enum TimeInForce: String, Sendable, CaseIterable {
    /// Until filled or cancelled.
    case gtc = "Gtc"
    /// Not at all: what does not fill at once is gone.
    case ioc = "Ioc"
    /// Until filled or cancelled, and only if it does not fill at once.
    case alo = "Alo"
  }

  /// An order from its parts.
  package init(
    asset: Int, isBuy: Bool, price: Price, size: Quantity, reduceOnly: Bool, kind: Kind,
    id: ClientOrderID?
  ) {
    self.asset = asset
    self.isBuy = isBuy
    self.price = price
    self.size = size
    self.reduceOnly = reduceOnly
    self.kind = kind
    self.id = id
  }

  /// The order with its keys in the order that is signed.
  package var messagePack: MessagePack {
    var entries: [MessagePack.Entry] = [
      .init("a", .int(Int64(asset))), .init("b", .bool(isBuy)),
      .init("p", .text(price.description)), .init("s", .text(size.description)),
      .init("r", .bool(reduceOnly)), .init("t", kind.messagePack),
    ]
    if let id { entries.append(.init("c", .text(id.text))) }
    return .map(entries)
  }
}

extension WireOrder.Kind {
  fileprivate var messagePack: MessagePack {
    switch self {
    case .limit(let tif):
      .map([.init("limit", .map([.init("tif", .text(tif.rawValue))]))])
    case .trigger(let isMarket, let price, let isStop):
      .map([
        .init(
          "trigger",
          .map([
            .init("isMarket", .bool(isMarket)), .init("triggerPx", .text(price.description)),
            .init("tpsl", .text(isStop ? "sl" : "tp")),
          ]))
      ])
    }
  }
}
