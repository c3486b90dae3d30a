/// What tells one funding payment of an account from another.
package struct FundingSlot: Sendable, Hashable {
  /// The coin.
  package let coin: Coin
  /// When it was paid.
  package let at: Timestamp

  /// A slot from its parts.
  package init(coin: Coin, at: Timestamp) {
    self.coin = coin
    self.at = at
  }
}

/// What our books say an account holds, so that a venue that costs requests need only be asked for
/// what would explain a difference.
package struct KnownBooks: Sendable, Equatable {
  /// Signed sizes by coin, never zero.
  package let sizes: [Coin: SignedQuantity]
  /// Equity less Σ signed size · mark, USD: the same at any marks (`totalRawUsd` on Hyperliquid).
  package let rawUSD: USD
  /// Ids of the fills that are booked, at or after the instant asked from.
  package let fills: Set<Int64>
  /// The funding payments that are booked, at or after the instant asked from.
  package let funding: Set<FundingSlot>
  /// The movements of money that are booked, at or after the instant asked from.
  package let transfers: Set<TransferID>

  /// Books from their parts.
  package init(
    sizes: [Coin: SignedQuantity], rawUSD: USD, fills: Set<Int64>, funding: Set<FundingSlot>,
    transfers: Set<TransferID>
  ) {
    self.sizes = sizes
    self.rawUSD = rawUSD
    self.fills = fills
    self.funding = funding
    self.transfers = transfers
  }
}
