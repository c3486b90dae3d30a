package import Trading

/// An order to cancel, by our id.
package struct CancelByID: Sendable, Hashable {
  /// Its asset.
  package let asset: Int
  /// Our id of it.
  package let id: ClientOrderID

  /// A cancel from its parts.
  package init(asset: Int, id: ClientOrderID) {
    self.asset = asset
    self.id = id
  }

  var messagePack: MessagePack {
    .map([.init("asset", .int(Int64(asset))), .init("cloid", .text(id.text))])
  }
}
