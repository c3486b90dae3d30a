import Trading

/// What one process has learned of a Hyperliquid account, and done to it.
struct TradingCourse: Sendable {
  /// What is traded, and the number of each asset; `nil` = not read yet.
  var universe: VenueUniverse?
  /// What the account told; `nil` = not asked, nor looked up in the memory.
  var standing: VenueStanding?
  /// Whose agent the main address is; `nil` = it is none, as it must be.
  var owner: EthereumAddress?
  /// Requests the account may still send; `nil` = not asked.
  var requestsLeft: Int?
  /// Whether the venue answered a send as if the standing had changed.
  var doubtsStanding = false
  /// Whether the account is known to exist.
  var isEnsured = false
  /// Whether an order was sent or taken back since the orders were last read in full.
  var hasActed = false
  /// The venue's numbers of orders it answered as filled, and no report has shown yet.
  var toldFilled: Set<Int64> = []
  /// The venue's numbers of orders it answered as resting, and no list has shown yet.
  var toldResting: Set<Int64> = []
  /// Coins whose leverage on record is certain: a position shows it, or this process set it.
  var sureLeverage: Set<Coin> = []
  /// Orders sent, at least once.
  var sent: Set<ClientOrderID> = []
  /// The coins of our orders, as far as they were seen.
  var coins: [ClientOrderID: Coin] = [:]
}
