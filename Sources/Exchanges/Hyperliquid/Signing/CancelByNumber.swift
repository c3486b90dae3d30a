/// An order to cancel, by the venue's number of it.
package struct CancelByNumber: Sendable, Hashable {
  /// Its asset.
  package let asset: Int
  /// The venue's number of it.
  package let number: Int64

  /// A cancel from its parts.
  package init(asset: Int, number: Int64) {
    self.asset = asset
    self.number = number
  }

  var messagePack: MessagePack {
    .map([.init("a", .int(Int64(asset))), .init("o", .int(number))])
  }
}
