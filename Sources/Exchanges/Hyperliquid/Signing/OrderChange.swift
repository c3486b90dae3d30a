package import Trading

/// An order that takes the place of another.
package struct OrderChange: Sendable, Hashable {
  /// The order that goes.
  package let target: Target
  /// The order that comes.
  package let order: WireOrder

  /// What names the order that goes.
  package enum Target: Sendable, Hashable {
    /// The venue's number of it.
    case number(Int64)
    /// Our id of it.
    case id(ClientOrderID)

    var messagePack: MessagePack {
      switch self {
      case .number(let number): .int(number)
      case .id(let id): .text(id.text)
      }
    }
  }

  /// A change from its parts.
  package init(target: Target, order: WireOrder) {
    self.target = target
    self.order = order
  }

  var messagePack: MessagePack {
    .map([.init("oid", target.messagePack), .init("order", order.messagePack)])
  }
}
