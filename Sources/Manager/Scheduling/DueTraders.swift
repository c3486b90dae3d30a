package import Trading

/// A trader as the scheduler sees it.
package struct TraderSeat: Sendable, Equatable {
  /// The trader as configured.
  package let trader: TraderSpec
  /// What it remembers.
  package let runtime: TraderRuntime
  /// Whether it holds a position.
  package let holdsPosition: Bool
  /// Its equity, USD.
  package let equity: USD
  /// Its Sharpe ratio; `nil` = not defined, which counts as 0.
  package let sharpe: Double?

  /// A seat from its parts.
  package init(
    trader: TraderSpec, runtime: TraderRuntime, holdsPosition: Bool, equity: USD,
    sharpe: Double? = nil
  ) {
    self.trader = trader
    self.runtime = runtime
    self.holdsPosition = holdsPosition
    self.equity = equity
    self.sharpe = sharpe
  }

  /// The Sharpe ratio it is ranked by: 0 while it is not defined.
  var rankedSharpe: Double { sharpe.flatMap { $0.isNaN ? nil : $0 } ?? 0 }
}

/// A turn of a trader that is due.
package struct TraderTurn: Sendable, Hashable {
  /// The trader.
  package let trader: TraderID
  /// The slot it decides for, to be remembered as its last one; never before the last one.
  package let slot: Int64
}

/// A remark of the scheduler about a trader, for the log.
package struct ScheduleNote: Sendable, Hashable {
  /// The trader.
  package let trader: TraderID
  /// The remark.
  package let text: String
}

/// Who decides now, and what the scheduler found on the way.
package struct DueList: Sendable, Equatable {
  /// The turns in the order that decides who gets scarce means first.
  package let turns: [TraderTurn]
  /// Traders whose pause has ended, in the order given: paused becomes running.
  package let resumed: [TraderID]
  /// Remarks, in the order given.
  package let notes: [ScheduleNote]
}

/// Decides who is due and in what order.
package enum DueTraders {
  /// How early a timer may fire and still get the turn of the slot it was set for: a tenth of the
  /// interval, at most five seconds.
  package static func tolerance(of interval: Span) -> Span {
    min(Span(ms: interval.ms / 10), .seconds(5))
  }

  /// The number of the slot an instant falls into: ⌊(now + tolerance) / interval⌋.
  ///
  /// Two runs in one slot are one turn, and a late run still gets the turn of its slot. A timer
  /// set for the beginning of each slot gets exactly one turn per slot while it is no more than
  /// ``tolerance(of:)`` early or late.
  package static func slot(at now: Timestamp, interval: Span) -> Int64 {
    precondition(interval > .zero, "expected a decision interval above zero, was \(interval)")
    return (now + tolerance(of: interval)).floored(to: interval).ms / interval.ms
  }

  /// The traders that are due.
  ///
  /// Due is who is running, or whose pause has ended, and whose slot is later than its last one.
  /// Positions held come first, then the higher Sharpe ratio, then larger equity, then the id; a
  /// trader that another one looks at comes before it.
  ///
  /// `isForced` ignores the slots; the status still counts.
  package static func list(
    _ seats: [TraderSeat], at now: Timestamp, isForced: Bool
  ) -> DueList {
    var due: [(seat: TraderSeat, turn: TraderTurn)] = []
    var resumed: [TraderID] = []
    var notes: [ScheduleNote] = []
    for seat in seats {
      let id = seat.trader.id
      let present = slot(at: now, interval: seat.trader.decisionInterval)
      let last = seat.runtime.lastSlot
      guard seat.runtime.takesPart(at: now) else { continue }
      if seat.runtime.status == .paused { resumed.append(id) }
      if let last, present < last {
        notes.append(ScheduleNote(trader: id, text: clockNote(present: present, last: last)))
      }
      guard isForced || last.map({ present > $0 }) ?? true else { continue }
      let turn = TraderTurn(trader: id, slot: max(present, last ?? present))
      due.append((seat: seat, turn: turn))
    }
    let turns = peersFirst(due.sorted { isBefore($0.seat, $1.seat) })
    return DueList(turns: turns, resumed: resumed, notes: notes)
  }
}

extension DueTraders {
  private static func clockNote(present: Int64, last: Int64) -> String {
    "expected a slot of at least \(last), was \(present): the clock went back, or the interval "
      + "was made longer; due again after slot \(last), or with --force"
  }

  private static func isBefore(_ left: TraderSeat, _ right: TraderSeat) -> Bool {
    if left.holdsPosition != right.holdsPosition { return left.holdsPosition }
    if left.rankedSharpe != right.rankedSharpe { return left.rankedSharpe > right.rankedSharpe }
    if left.equity != right.equity { return left.equity > right.equity }
    return left.trader.id < right.trader.id
  }

  /// The same order, except that a peer that is due comes before whoever looks at it.
  ///
  /// Of traders
  /// that look at each other in a circle, each still gets one turn.
  private static func peersFirst(
    _ due: [(seat: TraderSeat, turn: TraderTurn)]
  ) -> [TraderTurn] {
    let byID = Dictionary(due.map { ($0.seat.trader.id, $0) }) { first, _ in first }
    var placed: Set<TraderID> = []
    var turns: [TraderTurn] = []
    for (seat, _) in due {
      var chain: [TraderTurn] = []
      var next: TraderID? = seat.trader.id
      while let id = next, let link = byID[id], placed.insert(id).inserted {
        chain.append(link.turn)
        next = link.seat.trader.executor.peer
      }
      turns += chain.reversed()
    }
    return turns
  }
}

extension TraderRuntime {
  /// Whether it may decide: running, or at the end of a pause.
  fileprivate func takesPart(at now: Timestamp) -> Bool {
    switch status {
    case .running: true
    case .paused: pausedUntil.map { $0 <= now } ?? false
    case .stopped, .isolated, .error: false
    }
  }
}
