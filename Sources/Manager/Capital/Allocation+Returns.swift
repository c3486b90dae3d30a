package import Trading

extension Allocation {
  /// Money of a trader that is neither margin nor a profit not yet realised.
  ///
  /// - Parameters:
  ///   - cash: The cash of its ledger, USD.
  ///   - equity: Its equity, USD.
  ///   - marginUsed: Margin that its positions take, USD.
  ///   - free: What its account can still turn into margin, USD: what is held outside of nof0 may
  ///     have lost some of it.
  /// - Returns: What can be taken from it at once, USD, never negative.
  package static func freeCash(cash: USD, equity: USD, marginUsed: USD, free: USD) -> USD {
    max(.zero, min(min(cash, equity) - marginUsed, free))
  }

  /// What a trader gives back when it is to have less capital.
  ///
  /// Something stays with it, so that its units keep a value. While positions hold a part of it,
  /// that comes in parts of at least 1 USD and 1 % of what is wanted, not a cent in every cycle.
  ///
  /// - Parameters:
  ///   - capital: What it was given, USD.
  ///   - wanted: What it is to have, USD, at most that.
  ///   - freeCash: What can be taken from it at once, USD.
  /// - Returns: An amount below zero, USD; `nil` = nothing now.
  package static func givenBack(of capital: USD, downTo wanted: USD, freeCash: USD) -> USD? {
    let excess = capital - wanted
    let spare = max(.zero, freeCash - AllocationMember.remainder)
    let given = min(excess, spare)
    let least = max(USD(whole: 1), excess.applying(Pct(whole: 1), .ceiling))
    guard given > .zero, given == excess || given >= least else { return nil }
    return -given
  }
}
