package import Trading

/// What the positions in one coin came to that ended in a period.
package struct SymbolTally: Sendable, Equatable {
  /// The coin.
  package let coin: Coin
  /// Positions that ended.
  package private(set) var trades = 0
  /// Those that ended with a profit after fees.
  package private(set) var wins = 0
  /// Σ profit after fees and funding of their whole lives, USD.
  package private(set) var net: USD = .zero

  /// A tally of nothing.
  package init(coin: Coin) { self.coin = coin }

  /// Takes in a position that ended in the period.
  package mutating func fold(_ trade: Trade) {
    trades += 1
    if trade.net > .zero { wins += 1 }
    net += trade.net + trade.funding
  }

  /// Share of the trades that won, per cent; `nil` = there were none.
  package var winRatePct: Double? {
    trades == 0 ? nil : 100 * Double(wins) / Double(trades)
  }
}
