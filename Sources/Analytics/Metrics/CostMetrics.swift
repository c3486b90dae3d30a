import Trading

/// Aggregates of executions and funding.
struct CostMetrics: Sendable, Equatable, Archived {
  /// Executions.
  private(set) var fills: Int64 = 0
  /// Σ notional of them.
  private(set) var traded = ExactSum()
  /// Σ notional of those that took liquidity.
  private(set) var taken = ExactSum()
  /// Σ fees of them.
  private(set) var fees = ExactSum()
  /// What was lost against the mid price that was decided by; negative = gained.
  private(set) var slippage = ExactSum()
  /// Σ notional, at that mid, of the executions it was reckoned for.
  private(set) var slippageBase = ExactSum()
  /// Funding received.
  private(set) var fundingReceived = ExactSum()
  /// Funding paid, not negative.
  private(set) var fundingPaid = ExactSum()

  /// Takes in a trader's part of an execution; what was booked without one does not count.
  mutating func fold(_ fill: Fill, of purpose: OrderPurpose?, decisionMid: Price?) {
    switch fill.cause {
    case .adopted, .residue: return
    case .order, .stop, .target, .limit, .liquidation, .deleveraging: break
    }
    fills += 1
    traded += fill.notional
    if fill.isTaker { taken += fill.notional }
    fees += fill.fee
    guard let decisionMid, let purpose, purpose.fillsAtOnce else { return }
    let atMid = decisionMid * fill.size
    slippageBase += atMid
    switch fill.side {
    case .buy: slippage += fill.notional - atMid
    case .sell: slippage += atMid - fill.notional
    }
  }

  /// Takes in a trader's part of a funding payment.
  mutating func fold(_ payment: FundingPayment) {
    if payment.amount >= .zero {
      fundingReceived += payment.amount
    } else {
      fundingPaid -= payment.amount
    }
  }

  mutating func archive(in archive: inout some MetricsArchive) {
    archive.value("fills", &fills)
    archive.value("traded", &traded)
    archive.value("taken", &taken)
    archive.value("fees", &fees)
    archive.value("slippage", &slippage)
    archive.value("slippage_base", &slippageBase)
    archive.value("funding_received", &fundingReceived)
    archive.value("funding_paid", &fundingPaid)
  }
}

extension OrderPurpose {
  /// Whether such an order is meant to fill near the price it was decided by; triggers are not.
  fileprivate var fillsAtOnce: Bool {
    switch self {
    case .open, .close, .flatten: true
    case .stop, .target: false
    }
  }
}
