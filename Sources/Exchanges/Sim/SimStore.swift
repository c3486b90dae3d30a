import Synchronization
package import Trading

/// Where a simulated venue keeps its books.
package struct SimStore: Sendable {
  /// The books of an account; `nil` = there is no such account.
  package let load: @Sendable (AccountID) throws -> SimAccount?
  /// Writes changes down, all or none; only then may the venue answer.
  ///
  /// At most one per account.
  package let save: @Sendable ([SimChange]) throws -> Void
  /// An order by our id, whatever became of it; `nil` = the venue never had it.
  package let order: @Sendable (AccountID, ClientOrderID) throws -> SimOrder?
  /// Fills, funding and transfers at or after an instant, in time order.
  package let activity: @Sendable (AccountID, Timestamp) throws -> SimActivity
  /// Whether money was already moved under an id.
  package let hasTransfer: @Sendable (AccountID, TransferID) throws -> Bool

  /// Runs reads together, which may save work; they see the same moment.
  package let together: @Sendable (() throws -> Void) throws -> Void

  /// A store from its parts.
  package init(
    load: @escaping @Sendable (AccountID) throws -> SimAccount?,
    save: @escaping @Sendable ([SimChange]) throws -> Void,
    order: @escaping @Sendable (AccountID, ClientOrderID) throws -> SimOrder?,
    activity: @escaping @Sendable (AccountID, Timestamp) throws -> SimActivity,
    hasTransfer: @escaping @Sendable (AccountID, TransferID) throws -> Bool,
    together: @escaping @Sendable (() throws -> Void) throws -> Void = { try $0() }
  ) {
    self.load = load
    self.save = save
    self.order = order
    self.activity = activity
    self.hasTransfer = hasTransfer
    self.together = together
  }

  /// A store that lives as long as its closures: for tests, dry runs and back-tests.
  package static func inMemory() -> SimStore {
    let shelf = SimShelf()
    return SimStore(
      load: { account in shelf.files.withLock { $0[account]?.account } },
      save: { changes in
        shelf.files.withLock { files in
          for change in changes { files[change.account.id, default: SimFile(change)].add(change) }
        }
      },
      order: { account, id in shelf.files.withLock { $0[account]?.orders[id] } },
      activity: { account, since in
        shelf.files.withLock { $0[account]?.activity(since: since) ?? SimActivity() }
      },
      hasTransfer: { account, id in
        shelf.files.withLock { $0[account]?.transfers.contains { $0.id == id } ?? false }
      })
  }
}

/// The files of all accounts, behind a lock.
private final class SimShelf: Sendable {
  let files = Mutex<[AccountID: SimFile]>([:])
}

/// Everything the venue ever wrote about one account.
private struct SimFile: Sendable {
  var account: SimAccount
  var orders: [ClientOrderID: SimOrder] = [:]
  var fills: [Fill] = []
  var funding: [FundingPayment] = []
  var transfers: [AccountTransfer] = []

  init(_ change: SimChange) { account = change.account }

  mutating func add(_ change: SimChange) {
    account = change.account
    for order in change.orders { orders[order.request.clientOrderID] = order }
    fills += change.fills
    funding += change.funding
    transfers += change.transfers
  }

  /// The lists ascend in time, so the tail from an instant on is found from the end.
  func activity(since: Timestamp) -> SimActivity {
    let fill = fills.lastIndex { $0.at < since }.map { $0 + 1 } ?? 0
    let payment = funding.lastIndex { $0.at < since }.map { $0 + 1 } ?? 0
    return SimActivity(
      fills: Array(fills[fill...]), funding: Array(funding[payment...]),
      transfers: transfers.filter { $0.at >= since })
  }
}
