import Trading

/// Aggregates of what a trader decides, and of what its claims were worth.
struct BehaviourMetrics: Sendable, Equatable, Archived {
  /// Turns, failed ones among them.
  private(set) var turns: Int64 = 0
  /// Turns without decisions because something failed.
  private(set) var failedTurns: Int64 = 0
  /// Minutes from each turn to the next.
  private(set) var breaks = Spread()
  /// The shortest of these, ms; `nil` below two turns.
  private(set) var shortestBreak: Int64?
  /// The longest of these, ms; `nil` below two turns.
  private(set) var longestBreak: Int64?
  /// Decisions by action, in the order of ``DecisionAction``'s cases.
  private(set) var actions = [DecisionCounts](
    repeating: DecisionCounts(), count: DecisionAction.allCases.count)
  /// Σ loss at the stop as stated by entries that were let in and gave all numbers, USD.
  private(set) var statedRisk = 0.0
  /// Σ loss at the stop by the same entries' size, entry and stop, USD.
  private(set) var ownRisk = 0.0
  /// What stated confidence was worth.
  private(set) var calibration = Calibration()
  /// Net profit of trades in units of their loss at the stop as reckoned when they were opened.
  private(set) var riskMultiples = Spread()
  /// Σ loss of the losing ones of these.
  private(set) var losses = ExactSum()
  /// Σ loss at the stop of the same, as reckoned when they were opened.
  private(set) var lossesPlanned = ExactSum()
  /// Losing trades with an invalidation and a stop that were ended by an order before the stop.
  private(set) var honoured: Int64 = 0
  /// Losing trades with an invalidation and a stop that were not.
  private(set) var ridden: Int64 = 0
  private var lastTurn: Timestamp?

  /// More leverage than this counts as this.
  private static let greatestLeverage = 1000

  /// The counts of an action.
  func counts(of action: DecisionAction) -> DecisionCounts { actions[action.place] }

  /// Decisions in all.
  var decisions: Int64 { actions.reduce(0) { $0 + $1.count } }

  /// Takes in a turn; turns come in time order.
  mutating func fold(_ turn: TurnRecord, at instant: Timestamp) {
    turns += 1
    if turn.failure != nil { failedTurns += 1 }
    if let lastTurn {
      let span = instant - lastTurn
      breaks.add(span.minutes)
      shortestBreak = min(shortestBreak ?? span.ms, span.ms)
      longestBreak = max(longestBreak ?? span.ms, span.ms)
    }
    lastTurn = instant
    for record in turn.decisions { fold(record) }
  }

  private mutating func fold(_ record: DecisionRecord) {
    let decision = record.decision
    actions[decision.action.place].add(
      record.verdict, confidence: decision.confidence.map { min(100, max(0, $0)) },
      leverage: decision.leverage.map { min(Self.greatestLeverage, max(0, $0)) })
    switch record.verdict {
    case .rejected, .held: return
    case .accepted, .clamped: break
    }
    guard decision.action.entrySide != nil, let stated = decision.riskUSD, stated > .zero,
      let size = decision.positionSize, let entry = decision.entryPrice,
      let stop = decision.stopLoss
    else { return }
    statedRisk += stated.double
    ownRisk += size.double * abs(entry.double - stop.double) / entry.double
  }

  /// Takes in what a finished position says of the decision behind it.
  mutating func fold(_ trade: Trade) {
    calibration.fold(trade)
    let claim = trade.claim
    if claim.riskUSD > .zero {
      riskMultiples.add(trade.net.double / claim.riskUSD.double)
      if trade.net < .zero {
        losses -= trade.net
        lossesPlanned += claim.riskUSD
      }
    }
    guard trade.net <= .zero, !claim.exitPlan.invalidation.isEmpty, let stop = claim.exitPlan.stop
    else { return }
    switch trade.exitCause {
    case .order, .limit:
      let isBefore = trade.side == .long ? trade.exitPrice > stop : trade.exitPrice < stop
      if isBefore { honoured += 1 } else { ridden += 1 }
    case .stop, .liquidation, .deleveraging: ridden += 1
    case .target, .adopted, .residue: break
    }
  }

  mutating func archive(in archive: inout some MetricsArchive) {
    archive.value("turns", &turns)
    archive.value("failed_turns", &failedTurns)
    archive.value("breaks", &breaks)
    var shortest = shortestBreak ?? -1
    var longest = longestBreak ?? -1
    archive.value("shortest_break_ms", &shortest)
    archive.value("longest_break_ms", &longest)
    shortestBreak = shortest < 0 ? nil : shortest
    longestBreak = longest < 0 ? nil : longest
    for index in actions.indices { archive.value("action", &actions[index]) }
    archive.value("stated_risk", &statedRisk)
    archive.value("own_risk", &ownRisk)
    archive.value("calibration", &calibration)
    archive.value("risk_multiples", &riskMultiples)
    archive.value("losses", &losses)
    archive.value("losses_planned", &lossesPlanned)
    archive.value("honoured", &honoured)
    archive.value("ridden", &ridden)
    archive.value("last_turn", &lastTurn)
  }
}

/// How often an action was decided, how surely, and how that was received.
struct DecisionCounts: Sendable, Equatable, Archived {
  private(set) var count: Int64 = 0
  private(set) var rejected: Int64 = 0
  private(set) var clamped: Int64 = 0
  /// Confidence, 0–100, where given.
  private(set) var confidence = Histogram()
  /// Leverage wanted, where given.
  private(set) var leverage = Histogram()

  mutating func add(_ verdict: AdmissionVerdict, confidence: Int?, leverage: Int?) {
    count += 1
    switch verdict {
    case .rejected: rejected += 1
    case .clamped: clamped += 1
    case .accepted, .held: break
    }
    if let confidence { self.confidence.add(Int64(confidence)) }
    if let leverage { self.leverage.add(Int64(leverage)) }
  }

  static func + (left: DecisionCounts, right: DecisionCounts) -> DecisionCounts {
    var sum = left
    sum.count += right.count
    sum.rejected += right.rejected
    sum.clamped += right.clamped
    sum.confidence = left.confidence + right.confidence
    sum.leverage = left.leverage + right.leverage
    return sum
  }

  mutating func archive(in archive: inout some MetricsArchive) {
    archive.value("count", &count)
    archive.value("rejected", &rejected)
    archive.value("clamped", &clamped)
    archive.value("confidence", &confidence)
    archive.value("leverage", &leverage)
  }
}

extension DecisionAction {
  /// Its place among the cases; the stored order of counts.
  fileprivate var place: Int {
    switch self {
    case .buyToEnter: 0
    case .sellToEnter: 1
    case .hold: 2
    case .close: 3
    case .updateProtection: 4
    }
  }
}
