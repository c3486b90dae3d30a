import Trading

/// The books of one trader, computed anew from its flows, funding and fills.
struct BookReplay {
  private(set) var ledger: Ledger
  /// Its finished positions, in the order in which they ended.
  private(set) var trades: [Trade] = []
  /// Flows booked.
  private(set) var flows = 0
  /// Whether the equity that priced each flow is on record, so that the units are exact.
  private(set) var knowsUnits = true
  /// Positions of events that are not those on record.
  private(set) var findings: [String] = []

  /// Books the events, which must be in booking order.
  init(trader: TraderID, events: [BookedEvent]) {
    ledger = Ledger(trader: trader)
    for event in events { book(event) }
  }

  private mutating func book(_ event: BookedEvent) {
    switch event {
    // Money that moves at the venue is nobody's until it flows to a trader.
    case .transfer: break
    case .flow(let flow): book(flow)
    case .funding(let booked): ledger.book(booked.payment)
    case .fill(let booked): book(booked)
    }
  }

  private mutating func book(_ flow: CapitalFlow) {
    flows += 1
    if flows > 1, flow.equity == nil { knowsUnits = false }
    // Without the equity of that time only the sum of the flows is of interest.
    let equity = flow.equity ?? USD(mantissa: max(abs(ledger.units.mantissa), 1))
    // A record by hand may say anything; units past every bound would stop the check itself.
    let bought =
      Int128(flow.amount.mantissa) * Int128(ledger.units.mantissa)
      / Int128(max(equity.mantissa, 1))
    guard abs(bought) < Int128(Int64.max / 4), abs(ledger.units.mantissa) < Int64.max / 4 else {
      knowsUnits = false
      findings.append(
        "Flow of \(flow.amount) USD to \(flow.trader) at \(flow.at): expected an equity that its "
          + "units can be priced by, the record says \(equity).")
      return
    }
    ledger.book(flow: flow.amount, equity: equity)
  }

  private mutating func book(_ booked: BookedFill) {
    let claim = EntryClaim(
      cycle: 0, leverage: 1, confidence: nil, riskUSD: .zero,
      exitPlan: ExitPlan(stop: nil, target: nil))
    var next = booked.position ?? 0
    var last: PositionNumber?
    for event in ledger.book(booked.fill, claim: claim, nextPosition: &next) {
      switch event {
      case .opened(let position), .changed(let position): last = position.number
      case .closed(let trade):
        trades.append(trade)
        last = trade.position
      }
    }
    guard let last, last != booked.position else { return }
    findings.append(
      "Fill \(booked.fill.id) of account \(booked.fill.account): expected position \(last) "
        + "from the fills before it, the record says \(booked.position.map { "\($0)" } ?? "none").")
  }
}

extension Ledger {
  /// What can be computed from events alone.
  var facts: Facts {
    [
      ("flows", flows.description), ("realised profit", realised.description),
      ("fees", fees.description), ("funding", funding.description),
      ("open positions", positions.map { "\($0.number)" }.sorted().joined(separator: ", ")),
    ]
  }
}

extension Position {
  /// What can be computed from events alone: no claims, no peaks.
  var facts: Facts {
    let lots = lots.map { "\($0.size) at \($0.price) by fill \($0.fillID)" }
    return [
      ("coin", coin.name), ("side", side.rawValue), ("lots", lots.joined(separator: " and ")),
      ("opening", openedAt.description), ("entry order", "\(entryOrderID)"),
      ("entry fill", "\(entryFillID)"), ("opened size", openedSize.description),
      ("entry notional", entryNotional.description), ("closed size", closedSize.description),
      ("exit notional", exitNotional.description), ("realised profit", realised.description),
      ("entry fees", entryFees.description), ("exit fees", exitFees.description),
      ("funding", funding.description),
    ]
  }
}

extension Trade {
  /// What can be computed from events alone: no claims.
  var facts: Facts {
    [
      ("trader", trader.name), ("coin", coin.name), ("side", side.rawValue),
      ("size", size.description), ("entry notional", entryNotional.description),
      ("exit notional", exitNotional.description), ("entry fees", entryFees.description),
      ("exit fees", exitFees.description), ("funding", funding.description),
      ("opening", openedAt.description), ("closing", closedAt.description),
      ("entry order", "\(entryOrderID)"), ("entry fill", "\(entryFillID)"),
      ("exit order", "\(exitOrderID)"), ("exit fill", "\(exitFillID)"),
      ("exit cause", exitCause.rawValue),
    ]
  }
}

extension PerformanceTotals {
  /// What follows from finished positions alone.
  var tradeFacts: Facts {
    [
      ("trades", "\(trades)"), ("wins", "\(wins)"), ("winnings", winnings.description),
      ("losings", losings.description),
    ]
  }
}
