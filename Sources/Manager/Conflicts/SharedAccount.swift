package import Trading

/// What resolving conflicts needs to know of an account.
package struct SharedAccount: Sendable, Equatable {
  /// The account.
  package let account: AccountID
  /// What can still become margin, USD.
  package let free: USD
  /// Fee of an order that fills at once.
  package let takerFee: Bps
  /// Who holds open lots of a coin, and on which side.
  package let holders: [Coin: [TraderID: PositionSide]]
  /// Coins held outside of nof0, for example by hand.
  package let outside: Set<Coin>

  /// An account from its parts.
  package init(
    account: AccountID, free: USD, takerFee: Bps,
    holders: [Coin: [TraderID: PositionSide]] = [:], outside: Set<Coin> = []
  ) {
    self.account = account
    self.free = free
    self.takerFee = takerFee
    self.holders = holders
    self.outside = outside
  }
}
