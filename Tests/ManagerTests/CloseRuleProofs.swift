import Manager
import Market
import Testing
import Trading

// Unless a case says otherwise: a long of 2 SOL bought at 100 with 40 USD of margin two hours ago,
// stop 90, target 130, mark 100.
enum CloseRuleProofs {
  static let closes: [RuleProof] = [
    .init(
      "symbol_unknown", .close, bites: closing { $0.instruments = [:] },
      passes: .init(
        {
          try Make.state(coins: [], positions: [Make.held()]) {
            $0.instruments[try Make.coin("SOL")] = try Make.instrument("SOL")
          }
        }, { try close() })),
    .init(
      "no_position", .close, bites: closing(side: .short), passes: closing(side: .long)),
    .init(
      "duplicate_symbol", .close, bites: closing(after: "SOL"), passes: closing(after: "BTC")),
    .init(
      "close_fraction", .close, bites: closing(fraction: "0"), passes: closing(fraction: "0.001")),
    .init("throttle_hold", .close, bites: closing(age: 59), passes: closing(age: 60)),
  ]

  static let protections: [RuleProof] = [
    .init(
      "symbol_unknown", .updateProtection, bites: protecting(stop: "95") { $0.instruments = [:] },
      passes: protecting(stop: "95")),
    .init(
      "no_position", .updateProtection,
      bites: protecting(stop: "95") { $0.positions = [] }, passes: protecting(stop: "95")),
    .init(
      "duplicate_symbol", .updateProtection,
      bites: protecting(stop: "95") {
        $0 = Admission.review([try protect(stop: "96", target: nil)], in: $0).state
      },
      passes: protecting(stop: "95") {
        $0 = Admission.review([try close(fraction: "0.5")], in: $0).state
      }),
    .init("symbol_stale", .updateProtection, bites: aged(61), passes: aged(60)),
    .init(
      "fields_missing", .updateProtection, bites: protecting(), passes: protecting(target: "140")),
    .init(
      "not_finite", .updateProtection, bites: protecting(target: "140", malformed: ["stop_loss"]),
      passes: protecting(target: "140", malformed: ["risk_usd"])),
    .init(
      "geometry", .updateProtection, bites: protecting(stop: "100"),
      passes: protecting(stop: "99.999")),
    .init(
      // Two coins lose 30 USD at 85: 3 % of equity.
      "risk_cap", .updateProtection,
      bites: protecting(stop: "85") {
        try $0.setRisk { $0.maxRisk = try Make.pct("2.99") }
      },
      passes: protecting(stop: "85") { try $0.setRisk { $0.maxRisk = Pct(whole: 3) } }),
    .init(
      // Margin 40, maintenance 200 / 80 = 2.5: 100 − 37.5 / 2 / (1 − 1 / 80) = 81.01266.
      "stop_past_liquidation", .updateProtection, bites: protecting(stop: "81.012"),
      passes: protecting(stop: "81.013")),
  ]
}

private func close(
  _ coin: String = "SOL", fraction: String = "1", side: PositionSide? = nil
) throws -> Decision {
  var decision = Decision(
    .close, coin: try Make.coin(coin), closeFraction: try Make.factor(fraction))
  decision.closedSide = side
  return decision
}

private func protect(
  stop: String?, target: String?, malformed: [String] = []
) throws -> Decision {
  Decision(
    .updateProtection, coin: try Make.coin("SOL"), stopLoss: try stop.map(Make.price),
    takeProfit: try target.map(Make.price), malformedFields: malformed)
}

private func closing(
  fraction: String = "1", side: PositionSide? = nil,
  _ change: @escaping @Sendable (inout AdmissionState) throws -> Void = { _ in }
) -> RuleCase {
  RuleCase(
    { try Make.state(positions: [Make.held()], change) },
    { try close(fraction: fraction, side: side) })
}

/// After half of another or the same position was closed.
private func closing(after coin: String) -> RuleCase {
  closing {
    $0.positions.append(try Make.held("BTC"))
    $0 = Admission.review([try close(coin, fraction: "0.5")], in: $0).state
  }
}

private func closing(age minutes: Int64) -> RuleCase {
  closing {
    $0.positions = [try Make.held(age: .minutes(minutes))]
    try $0.setGuards { $0.minHold = .hour }
  }
}

private func protecting(
  stop: String? = nil, target: String? = nil, malformed: [String] = [],
  _ change: @escaping @Sendable (inout AdmissionState) throws -> Void = { _ in }
) -> RuleCase {
  RuleCase(
    { try Make.state(positions: [Make.held()], change) },
    { try protect(stop: stop, target: target, malformed: malformed) })
}

private func aged(_ seconds: Int64) -> RuleCase {
  RuleCase(
    {
      try Make.state(
        coins: [Make.snapshot("SOL", age: .seconds(seconds))], positions: [Make.held()])
    }, { try protect(stop: "95", target: nil) })
}
