import Trading

/// What our books would hold after what the venue told.
struct Reckoning {
  private var sizes: [Coin: SignedQuantity]
  private var rawUSD: USD

  /// Begins with what is booked.
  init(_ known: KnownBooks) {
    sizes = known.sizes
    rawUSD = known.rawUSD
  }

  /// Whether the venue holds the same, to the last digit.
  func agrees(with state: VenueAccount) -> Bool {
    let held = Dictionary(
      state.positions.map { ($0.coin, $0.size) }, uniquingKeysWith: { first, _ in first })
    return rawUSD == state.rawUSD && sizes.filter { $0.value != .zero } == held
  }

  /// Adds an execution: coins one way, money the other, less the fee.
  mutating func book(_ fill: Fill) {
    let signed = fill.size.signed(fill.side)
    sizes[fill.coin, default: .zero] = sizes[fill.coin, default: .zero] + signed
    rawUSD -= fill.price * signed + fill.fee
  }

  /// Adds funding.
  mutating func book(_ payment: FundingPayment) { rawUSD += payment.amount }

  /// Adds money that moved.
  mutating func book(_ transfer: AccountTransfer) { rawUSD += transfer.amount }
}
