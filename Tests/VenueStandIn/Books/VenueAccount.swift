package import Trading

/// A key that may trade for an account.
package struct VenueAgent: Sendable, Hashable {
  /// Its name; empty = the unnamed one.
  package let name: String
  /// The key's address.
  package let address: VenueAddress
  /// Until when.
  package var validUntil: Timestamp
}

/// A change of an account's money that is neither trade nor funding.
package struct VenueMoneyMove: Sendable, Hashable {
  /// When.
  package let at: Timestamp
  /// The venue's word: `deposit`, `withdraw`, `accountClassTransfer`.
  package let kind: String
  /// What it adds to raw USD, signed.
  package let amount: USD
  /// The number its hash is made of.
  let serial: Int64
}

/// An hour's funding of a position.
package struct VenueFundingPayment: Sendable, Hashable {
  /// The hour.
  package let at: Timestamp
  /// The coin.
  package let coin: Coin
  /// What it adds to raw USD, signed, to 1e-6.
  package let amount: USD
  /// The position.
  package let size: SignedQuantity
  /// The rate per hour.
  package let rate: FundingRate
  /// The number its hash is made of.
  let serial: Int64
}

/// An account, vault or sub-account with its books.
package struct VenueAccount: Sendable {
  /// Its address.
  package let address: VenueAddress
  /// What it is.
  package let role: Role
  /// Keys that may trade for it.
  package internal(set) var agents: [VenueAgent] = []
  /// The account mode: `disabled`, `default`, `unifiedAccount` or `portfolioMargin`.
  package internal(set) var abstraction = "default"
  /// Cash less what positions cost, USD, without what isolated positions hold.
  package internal(set) var rawUSD = USD.zero
  /// Positions that are not flat, and the funding counters of flat ones.
  package internal(set) var positions: [Coin: VenuePosition] = [:]
  /// Leverages that were chosen.
  package internal(set) var leverages: [Coin: VenueLeverage] = [:]
  /// Deposits and withdrawals, oldest first.
  package internal(set) var moves: [VenueMoneyMove] = []
  /// Funding, oldest first.
  package internal(set) var fundings: [VenueFundingPayment] = []
  /// Orders and cancels sent.
  package internal(set) var requestsUsed = 0
  /// The budget before any volume.
  package internal(set) var requestsFree = 10_000
  /// Traded notional, USD.
  package internal(set) var volume = USD.zero

  /// What an address is.
  package enum Role: Sendable, Hashable {
    /// A master account.
    case user
    /// A vault that a master account leads.
    case vault(leader: VenueAddress)
    /// A sub-account of a master account.
    case subAccount(master: VenueAddress)
  }

  init(address: VenueAddress, role: Role) {
    self.address = address
    self.role = role
  }

  /// Positions that are not flat, by coin.
  package var held: [(coin: Coin, position: VenuePosition)] {
    positions.filter { $0.value.size.mantissa != 0 }.sorted { $0.key < $1.key }
      .map { (coin: $0.key, position: $0.value) }
  }

  /// The leverage of a coin; 20x cross, or the greatest, unless chosen.
  func leverage(of instrument: Instrument) -> VenueLeverage {
    leverages[instrument.coin]
      ?? VenueLeverage(value: min(20, instrument.maxLeverage), isCross: true)
  }
}
