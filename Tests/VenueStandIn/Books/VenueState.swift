package import Trading

/// Everything the venue knows; behind the server's lock.
struct VenueState: Sendable {
  let coins: [VenueCoin]
  let instruments: [Coin: Instrument]
  let isMainnet: Bool
  var path: PricePath
  var clock: VenueClock
  /// Until when prices, funding and triggers have happened.
  var processed: Timestamp
  var accounts: [VenueAddress: VenueAccount] = [:]
  var nonces: [VenueAddress: NonceBook] = [:]
  var orders: [VenueOrder] = []
  /// Indices into ``orders`` of those that may still trade, ascending.
  var open: [Int] = []
  var fills: [VenueFill] = []
  var depths: [Coin: Depth] = [:]
  var depth = Depth()
  /// The depth of the request under way; `nil` = the coin's own.
  var requestDepth: Depth?
  var groups = 0
  var serial: Int64 = 0
  var fees = VenueFees()
  /// Whether the limit of a market trigger bounds its fill.
  var boundsMarketTriggers = true
  /// Whether fills by time come newest first, as they did in 2023.
  var showsNewestFillsFirst = false
  /// When an account's orders are all to be cancelled.
  var scheduled: [VenueAddress: Timestamp] = [:]
  var log = VenueLog()
  var faults = FaultPlan()

  private static let firstOrder: Int64 = 62_014_444_172
  private static let orderStep: Int64 = 7

  init(seed: UInt64, coins: [VenueCoin], start: Timestamp, isMainnet: Bool, isFrozen: Bool) {
    self.coins = coins
    instruments = Dictionary(coins.map { ($0.coin, $0.instrument) }) { first, _ in first }
    self.isMainnet = isMainnet
    path = PricePath(seed: seed, coins: coins)
    clock = VenueClock(start: start, isFrozen: isFrozen)
    processed = start
  }

  /// The coin at an asset index; `nil` = there is none.
  func coin(at asset: Int) -> VenueCoin? { coins.indices.contains(asset) ? coins[asset] : nil }

  /// The coin of a name with its asset index.
  func listed(_ coin: Coin) -> (asset: Int, coin: VenueCoin)? {
    coins.firstIndex { $0.coin == coin }.map { ($0, coins[$0]) }
  }

  /// The mark price of a coin.
  mutating func mark(_ coin: VenueCoin, at instant: Timestamp) -> Price {
    path.price(coin, at: instant)
  }

  /// The marks of all coins.
  mutating func marks(at instant: Timestamp) -> [Coin: Price] {
    var marks: [Coin: Price] = [:]
    for coin in coins { marks[coin.coin] = path.price(coin, at: instant) }
    return marks
  }

  /// What an account is worth.
  mutating func value(of address: VenueAddress, at instant: Timestamp) -> AccountValue {
    guard let account = accounts[address] else { return AccountValue() }
    return account.value(marks(at: instant), instruments)
  }

  /// What rests in the book where an order of a side looks.
  mutating func levels(_ coin: VenueCoin, for side: OrderSide, at instant: Timestamp)
    -> [DepthLevel]
  {
    let depth = requestDepth ?? depths[coin.coin] ?? depth
    return depth.levels(for: side, mid: mark(coin, at: instant), instrument: coin.instrument)
  }

  // MARK: Orders

  /// Numbers an order and keeps it.
  mutating func add(_ draft: OrderDraft, at instant: Timestamp) -> Int {
    var order = VenueOrder(
      account: draft.account, number: Self.firstOrder + Int64(orders.count) * Self.orderStep,
      cloid: draft.cloid, coin: draft.coin.coin, side: draft.side, limit: draft.limit,
      originalSize: draft.asked ?? draft.size, remaining: draft.size,
      isReduceOnly: draft.isReduceOnly,
      kind: draft.kind, grouping: draft.grouping, placedAt: instant, status: .open,
      statusAt: instant)
    order.group = draft.group
    order.isWaiting = draft.isWaiting
    order.history = [.init(status: .open, at: instant)]
    orders.append(order)
    open.append(orders.count - 1)
    return orders.count - 1
  }

  /// The index of an order's number; `nil` = no such order.
  func index(ofOrder number: Int64) -> Int? {
    let (index, rest) = (number - Self.firstOrder).quotientAndRemainder(dividingBy: Self.orderStep)
    guard rest == 0, index >= 0, index < orders.count else { return nil }
    return Int(index)
  }

  /// Gives an order a new status and forgets it when it cannot trade any more.
  mutating func become(_ status: VenueOrder.Status, _ index: Int, at instant: Timestamp) {
    orders[index].become(status, at: instant)
    if !orders[index].isOpen { open.removeAll { $0 == index } }
  }

  /// A number for hashes.
  mutating func nextSerial() -> Int64 {
    serial += 1
    return serial
  }

  /// Indices of an account's open orders, in the order of arrival.
  func openOrders(of account: VenueAddress, coin: Coin? = nil) -> [Int] {
    open.filter { orders[$0].account == account && (coin == nil || orders[$0].coin == coin) }
  }
}

/// An order before it has a number.
struct OrderDraft {
  let account: VenueAddress
  let coin: VenueCoin
  let asset: Int
  let side: OrderSide
  let limit: Price
  var size: Quantity
  /// What was asked for, where it was shrunk; `nil` = the size.
  var asked: Quantity?
  let isReduceOnly: Bool
  let kind: VenueOrder.Kind
  let cloid: String?
  var grouping = VenueOrder.Grouping.na
  var group = 0
  var isWaiting = false
}

/// What trading costs.
package struct VenueFees: Sendable, Hashable {
  /// Of what takes liquidity, basis points.
  package var taker: Bps
  /// Of what makes liquidity, basis points.
  package var maker: Bps

  /// Fees; by default those of the first tier, 4.5 and 1.5 basis points.
  package init(
    taker: Bps = Bps(mantissa: 4_5000_0000), maker: Bps = Bps(mantissa: 1_5000_0000)
  ) {
    self.taker = taker
    self.maker = maker
  }
}
