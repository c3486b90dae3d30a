package import Trading

/// What can be asked of the venue with a signature (fact sheet §4).
package enum VenueAction: Sendable, Hashable {
  /// Orders, at most 200.
  case order([WireOrder], grouping: Grouping)
  /// Cancels orders by our ids.
  case cancelByCloid([CancelByID])
  /// Cancels orders by the venue's numbers.
  case cancel([CancelByNumber])
  /// Replaces one order; the answer does not tell the new order's number.
  case modify(OrderChange)
  /// Replaces orders.
  case batchModify([OrderChange])
  /// Sets the leverage of an asset, and whether its margin is shared with others.
  case updateLeverage(asset: Int, isCross: Bool, leverage: Int)
  /// Moves margin to an isolated position, or away from it when negative; in 1e-6 dollars.
  case updateIsolatedMargin(asset: Int, isBuy: Bool, microUSD: Int64)
  /// Cancels everything at an instant, stops included; `nil` = takes that back.
  case scheduleCancel(at: Timestamp?)
  /// Nothing; uses up its nonce.
  case noop

  /// What the orders of one action have to do with each other.
  package enum Grouping: String, Sendable, CaseIterable {
    /// Nothing.
    case na
    /// The first is an entry, the others are its stop and target.
    case normalTpsl
    /// Stop and target of a position, whose size they follow.
    case positionTpsl
  }

  /// The action with its keys in the order that is signed.
  package var messagePack: MessagePack {
    switch self {
    case .order(let orders, let grouping):
      Self.map(
        "order", .init("orders", .array(orders.map(\.messagePack))),
        .init("grouping", .text(grouping.rawValue)))
    case .cancelByCloid(let cancels):
      Self.map("cancelByCloid", .init("cancels", .array(cancels.map(\.messagePack))))
    case .cancel(let cancels):
      Self.map("cancel", .init("cancels", .array(cancels.map(\.messagePack))))
    case .modify(let change):
      Self.map(
        "modify", .init("oid", change.target.messagePack), .init("order", change.order.messagePack))
    case .batchModify(let changes):
      Self.map("batchModify", .init("modifies", .array(changes.map(\.messagePack))))
    case .updateLeverage(let asset, let isCross, let leverage):
      Self.map(
        "updateLeverage", .init("asset", .int(Int64(asset))), .init("isCross", .bool(isCross)),
        .init("leverage", .int(Int64(leverage))))
    case .updateIsolatedMargin(let asset, let isBuy, let microUSD):
      Self.map(
        "updateIsolatedMargin", .init("asset", .int(Int64(asset))), .init("isBuy", .bool(isBuy)),
        .init("ntli", .int(microUSD)))
    case .scheduleCancel(let instant?):
      Self.map("scheduleCancel", .init("time", .int(instant.ms)))
    case .scheduleCancel(nil): Self.map("scheduleCancel")
    case .noop: Self.map("noop")
    }
  }

  /// The action as JSON, from the very values that are signed.
  package var json: JSONValue { messagePack.json }

  private static func map(_ type: String, _ entries: MessagePack.Entry...) -> MessagePack {
    .map([.init("type", .text(type))] + entries)
  }
}
