import Exchanges
import Synchronization
import Trading

/// What the provider keeps between runs, in memory, with a diary of what was written when.
final class TradingNotes: Sendable {
  struct Pages: Sendable {
    var nonce: Int64 = 0
    var leverage: [Coin: Int] = [:]
    var standing: VenueStanding?
    var resting: [ClientOrderID]?
    var purposes: [ClientOrderID: OrderPurpose] = [:]
    var isFull = false
  }

  struct DiskFull: Error, CustomStringConvertible {
    var description: String { "disk full" }
  }

  private let pages = Mutex(Pages())

  var now: Pages { pages.withLock { $0 } }

  func set(_ change: @Sendable (inout Pages) -> Void) { pages.withLock { change(&$0) } }

  private func write(_ change: @Sendable (inout Pages) -> Void) throws {
    try pages.withLock { pages in
      guard !pages.isFull else { throw DiskFull() }
      change(&pages)
    }
  }

  var memory: HyperliquidMemory {
    HyperliquidMemory(
      keepNonce: { number in try self.write { $0.nonce = number } },
      leverage: { _, coin in self.now.leverage[coin] },
      keepLeverage: { _, coin, leverage in try self.write { $0.leverage[coin] = leverage } },
      standing: { _ in self.now.standing },
      keepStanding: { _, standing in try self.write { $0.standing = standing } },
      resting: { _ in self.now.resting },
      keepResting: { _, ids in try self.write { $0.resting = ids } },
      purpose: { id in self.now.purposes[id] })
  }
}
