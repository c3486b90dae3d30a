import Trading

/// What an account did over a stretch of time.
struct AccountHistory: Sendable, Equatable {
  /// Executions in the order they happened.
  var fills: [Fill] = []
  /// Funding by time and coin.
  var funding: [FundingPayment] = []
  /// Money moved, by time and id.
  var transfers: [AccountTransfer] = []
}

extension VenueAccount {
  /// What the account is worth, USD: cash and each position at its mark.
  ///
  /// The venue's own figure carries the noise of its arithmetic in the last digits.
  var equityAtMarks: USD { positions.reduce(rawUSD) { $0 + $1.priceNow * $1.size } }
}

extension VenuePosition {
  /// The mark it was valued at.
  var priceNow: Price { mark ?? entryPrice }
}
