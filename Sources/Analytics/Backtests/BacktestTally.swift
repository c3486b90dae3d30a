package import Trading

/// What some of the round trips of a back-test came to.
///
/// Sums beyond ±92 billion USD show as that.
package struct BacktestTally: Sendable, Equatable {
  /// How many there were.
  package private(set) var trades = 0
  /// Those with a profit after fees.
  package private(set) var wins = 0
  /// Those that ended with exactly what they began with, after fees.
  package private(set) var draws = 0
  private var netSum = ExactSum()
  private var feesSum = ExactSum()
  private var fundingSum = ExactSum()
  private var volumeSum = ExactSum()
  private var heldMs: Int64 = 0

  /// A tally of nothing.
  package init() {}

  /// Takes in a round trip.
  package mutating func fold(_ trade: Trade) {
    let net = trade.net
    trades += 1
    if net > .zero { wins += 1 }
    if net == .zero { draws += 1 }
    netSum += net
    feesSum += trade.entryFees
    feesSum += trade.exitFees
    fundingSum += trade.funding
    volumeSum += trade.entryNotional
    volumeSum += trade.exitNotional
    heldMs += max(0, (trade.closedAt - trade.openedAt).ms)
  }

  /// Takes in what others came to.
  package mutating func fold(_ other: BacktestTally) {
    trades += other.trades
    wins += other.wins
    draws += other.draws
    netSum = netSum + other.netSum
    feesSum = feesSum + other.feesSum
    fundingSum = fundingSum + other.fundingSum
    volumeSum = volumeSum + other.volumeSum
    heldMs += other.heldMs
  }

  /// Those with a loss after fees.
  package var losses: Int { trades - wins - draws }

  /// Σ profit after fees, without funding, USD.
  package var net: USD { netSum.bounded }

  /// Σ fees, USD.
  package var fees: USD { feesSum.bounded }

  /// Σ funding received (negative: paid), USD.
  package var funding: USD { fundingSum.bounded }

  /// Σ price · size of entries and exits, USD.
  package var volume: USD { volumeSum.bounded }

  /// Share of those that won, per cent; `nil` = there were none.
  package var winRatePct: Double? { share(Int64(wins), of: Int64(trades)) }

  /// Mean time from the first entry to flat; `nil` = there were none.
  package var held: Span? { trades == 0 ? nil : Span(ms: heldMs / Int64(trades)) }
}

/// What the round trips of one kind came to: in one coin, of one side, or ended by one cause.
package struct BacktestGroup: Sendable, Equatable {
  /// The coin, side or cause, as it is written.
  package let name: String
  /// What they came to.
  package var tally: BacktestTally

  /// The most profit first; of equal ones by name.
  static func isBetter(_ left: BacktestGroup, _ right: BacktestGroup) -> Bool {
    left.tally.net == right.tally.net
      ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
      : left.tally.net > right.tally.net
  }
}

extension ExactSum {
  /// The sum in dollars; beyond what they hold, the most they hold.
  var bounded: USD { USD(mantissa: Int64(clamping: mantissa)) }
}
