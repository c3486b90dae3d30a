import Foundation
import Testing
import Trading
import VenueStandIn

/// Goes through cases on one venue, each where the one before it ended.
final class CrashChain {
  private static let trader = "one"
  private static let coin = "BTC"
  private static let usd = 1000
  private var stage: VenueStage
  private var shift = 0.0
  /// What happened so far.
  private(set) var tally = Tally()

  /// How many processes were run and killed, how many faults struck, and how many orders were on
  /// record and not at the venue when their process was dead.
  struct Tally: Sendable {
    var runs = 0
    var killed = 0
    var faults = 0
    var unsent = 0

    static func + (left: Tally, right: Tally) -> Tally {
      Tally(
        runs: left.runs + right.runs, killed: left.killed + right.killed,
        faults: left.faults + right.faults, unsent: left.unsent + right.unsent)
    }
  }

  init() throws {
    stage = try VenueStage([VenueStage.Entrant(id: Self.trader, coin: Self.coin)])
  }

  /// What went wrong in a case; the chain begins anew with a venue of its own after that.
  func play(_ test: CrashCase) throws -> [String] {
    var flaws: [String] = []
    do {
      try prepare(test)
      let before = Before(stage)
      flaws = try disturb(test) + settle(test, before)
      if flaws.isEmpty { flaws = try stage.flaws() + unmet(test, before) }
    } catch { flaws.append("\(error)") }
    guard !flaws.isEmpty else { return [] }
    let story = try tale()
    stage = try VenueStage([VenueStage.Entrant(id: Self.trader, coin: Self.coin)])
    return flaws + story
  }

  /// What the venue saw before a case.
  private struct Before {
    let orders: Int
    let size: Int64
    let faults: Int

    init(_ stage: VenueStage) {
      orders = stage.venue.orders.count
      size = stage.heldAtVenue[CrashChain.coin] ?? 0
      faults = stage.venue.injectedFaults.count
    }
  }

  private var actionsSeen = 0

  /// Opens or closes, undisturbed, until the case can begin.
  private func prepare(_ test: CrashCase) throws {
    actionsSeen = stage.venue.receivedActions.count
    let size = stage.heldAtVenue[Self.coin] ?? 0
    let isHeldWell = size != 0 && (size > 0) == test.isLong && size.magnitude > 1_000_000
    switch test.play {
    case .open, .flatten:
      if size != 0 { try calmly([.close(fraction: 1)]) }
    case .protect, .part, .close:
      if size != 0, !isHeldWell { try calmly([.close(fraction: 1)]) }
      if !isHeldWell { try calmly([try entry(test)]) }
    }
  }

  private func calmly(_ wishes: [VenueStage.Wish]) throws {
    try stage.tell(Self.trader, wishes)
    stage.pass(minutes: 3)
    let ending = try run()
    try #require(ending.code == 0, "\(ending.out)\(ending.error)")
  }

  private func run(fault: String? = nil) throws -> Rehearsal.Ending {
    tally.runs += 1
    return try stage.cycle(fault: fault)
  }

  /// Another leverage than the one that is set, so that it has to be set.
  private func entry(_ test: CrashCase) throws -> VenueStage.Wish {
    let isFirst = !stage.stage.exists(stage.stage.database)
    let known = isFirst ? [] : try stage.books.texts("SELECT leverage FROM venue_leverage")
    return .open(
      isLong: test.isLong, usd: Self.usd, leverage: known == ["2"] ? 3 : 2, stopPct: 4,
      targetPct: 9)
  }

  /// The run that is disturbed.
  private func disturb(_ test: CrashCase) throws -> [String] {
    switch test.play {
    case .open, .flatten: try stage.tell(Self.trader, [try entry(test)])
    case .protect: try stage.tell(Self.trader, [protection(test)])
    case .part: try stage.tell(Self.trader, [.close(fraction: 0.5)])
    case .close: try stage.tell(Self.trader, [.close(fraction: 1)])
    }
    if let fault = test.answer.fault {
      stage.venue.inject(fault, on: .exchange(nil), nth: test.step - 1)
    }
    if test.play == .flatten {
      for nth in [2, 4, 5] {
        stage.venue.inject(
          .batchError("Invalid TP/SL price."), on: .exchange(nil), nth: nth)
      }
    }
    stage.pass(minutes: 3)
    let ending = try run(fault: test.fault)
    if ending.code == -SIGKILL {
      tally.killed += 1
      tally.unsent += try unsent()
    }
    // The last transactions of the sweep are more than some runs have.
    let mayLive = if case .afterWrite = test.kill { true } else { test.fault == nil }
    let isExpected = ending.code == -SIGKILL ? test.fault != nil : ending.code == 0 && mayLive
    return isExpected ? [] : ["unexpected end \(ending.code): \(ending.out)\(ending.error)"]
  }

  /// Orders without an outcome on record that the venue has never seen.
  private func unsent() throws -> Int {
    guard stage.stage.exists(stage.stage.database) else { return 0 }
    let open = try stage.books.texts("SELECT client_order_id FROM orders WHERE outcome IS NULL")
    return open.count { stage.venue.orders(named: $0).isEmpty }
  }

  /// Another stop and target than the last ones.
  private func protection(_ test: CrashCase) throws -> VenueStage.Wish {
    shift = shift == 0.5 ? 0 : 0.5
    let mark = try stage.mark(Self.coin)
    let sign = test.isLong ? 1.0 : -1.0
    return .protect(
      stop: mark * (1 - sign * (3 + shift) / 100), target: mark * (1 + sign * (7 + shift) / 100))
  }

  /// The runs after it: the first at once or later, the others three minutes apart.
  private func settle(_ test: CrashCase, _ before: Before) throws -> [String] {
    // What is wanted once is not wanted once more.
    if test.play == .part || test.play == .flatten { try stage.tell(Self.trader, []) }
    let planned = (test.answer == .fine ? 0 : 1) + (test.play == .flatten ? 3 : 0)
    for rerun in 0..<4 {
      if rerun > 0 { stage.venue.clearFaults() }
      if rerun > 0 || !test.isAtOnce { stage.pass(minutes: 3) }
      let ending = try run()
      guard ending.code == 0 else {
        return ["expected run \(rerun) after it to end well: \(ending.out)\(ending.error)"]
      }
      let isCalm = rerun > 0 || stage.venue.injectedFaults.count - before.faults == planned
      if isCalm, try isSettled(test, before) { break }
    }
    tally.faults += stage.venue.injectedFaults.count - before.faults
    stage.venue.clearFaults()
    return []
  }

  /// Whether nothing is open any more and what was wanted is there.
  private func isSettled(_ test: CrashCase, _ before: Before) throws -> Bool {
    let open = try stage.books.number(
      "SELECT count(*) FROM orders WHERE outcome IS NULL OR outcome = 'unknown'")
    return try open == 0 && unmet(test, before).isEmpty
  }

  /// What the case wanted and did not get, or got more than once.
  private func unmet(_ test: CrashCase, _ before: Before) throws -> [String] {
    let size = stage.heldAtVenue[Self.coin] ?? 0
    let executed = stage.venue.orders.dropFirst(before.orders)
      .filter { $0.filled > .zero && !$0.isTriggerOrder }
    let opens = executed.count { !$0.isReduceOnly }
    let closes = executed.count { $0.isReduceOnly }
    let found = "was \(opens) entries and \(closes) exits, from \(before.size) to \(size)"
    switch test.play {
    case .open:
      let isMet = opens == 1 && closes == 0 && size != 0 && (size > 0) == test.isLong
      return isMet ? [] : ["expected one entry, \(found)"]
    case .flatten:
      let isMet = opens <= 1 && closes <= 1 && (size == 0) == (opens == closes)
      return isMet ? [] : ["expected at most one entry and its end, \(found)"]
    case .part:
      let isMet = opens == 0 && closes <= 1 && (closes == 0) == (size == before.size)
      return isMet ? [] : ["expected at most one exit of a part, \(found)"]
    case .close:
      return opens == 0 && closes == 1 && size == 0 ? [] : ["expected one exit, \(found)"]
    case .protect:
      guard opens == 0, closes == 0, size == before.size else {
        return ["expected no trade, \(found)"]
      }
      let mark = try stage.mark(Self.coin)
      let stop = mark * (1 - (test.isLong ? 1.0 : -1.0) * (3 + shift) / 100)
      let levels = stage.venue.openOrders(VenueStage.account).filter(\.isStop).map(\.level)
      return levels.count == 1 && abs(levels[0] - stop) < 2
        ? [] : ["expected one stop at \(stop), was \(levels)"]
    }
  }

  /// What the venue received in the case, and the orders on record, for messages.
  private func tale() throws -> [String] {
    let actions = stage.venue.receivedActions.dropFirst(actionsSeen).map { action in
      "received \(action.number) at \(action.at): \(action.type) \(action.outcome) "
        + "\(action.fault.map { "\($0)" } ?? "") "
        + String(decoding: action.body.prefix(260), as: UTF8.self)
    }
    let orders = try stage.books.lines(
      """
      SELECT decided_at_ms, purpose, generation, client_order_id, outcome, outcome_text
      FROM orders ORDER BY decided_at_ms DESC LIMIT 8
      """)
    return actions + orders + (try stage.warnings)
  }
}

extension VenueOrder {
  /// The price that sets it off; 0 where there is none.
  fileprivate var level: Double {
    if case .trigger(_, let price, _) = kind { Double(price.mantissa) / 1e8 } else { 0 }
  }
}
