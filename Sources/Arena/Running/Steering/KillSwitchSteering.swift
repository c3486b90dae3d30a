import Journal
import Manager
package import Trading

/// A kill switch that a person wants to fire.
package struct KillSwitchOrder: Sendable, Equatable {
  /// The account as given.
  package let account: String
  /// The one trader as given; `nil` = all of the account.
  package let trader: String?
  /// What it does to positions.
  package let action: BreachAction
  /// Why, in words, not empty.
  package let reason: String
  /// Whether real orders are wanted; only looked at when ``action`` sends some.
  package let isLive: Bool

  /// A wish from its parts.
  package init(
    account: String, trader: String?, action: BreachAction, reason: String, isLive: Bool
  ) {
    self.account = account
    self.trader = trader
    self.action = action
    self.reason = reason
    self.isLive = isLive
  }
}

/// The commands `nof0 kill-switches …`.
package enum KillSwitchSteering {
  /// Rows listed at the most.
  private static let listed = 50

  /// Prints the kill switches, newest first; only reads.
  package static func list(
    _ places: Places, _ output: Output, onlyActive: Bool
  ) async -> ExitStatus {
    await Failure.told {
      let store = StateStore(try StateFolder.openForReading(places))
      let rows = try store.killSwitches(limit: listed).filter { !onlyActive || $0.isActive }
      Steered.print(
        output,
        text: rows.isEmpty
          ? "no kill switch \(onlyActive ? "holds" : "ever fired")\n"
          : RecordTables.killSwitches(rows),
        json: { json in
          json.array("kill_switches", rows) { json, fired in
            json.object { RecordTables.write(fired, into: &$0) }
          }
        })
      return .success
    }
  }

  /// Ends a kill switch.
  package static func reset(
    _ number: Int64, reason: String, _ places: Places, _ output: Output,
    environment: [String: String] = ProcessID.environment, clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      var desk = try SteeringDesk(
        places, output, environment: environment, clock: clock, aim: .record)
      var fired = try active(number, desk)
      fired.resetAt = desk.now
      fired.resetBy =
        TraderSteering.cause + (reason.isEmpty ? "" : ": \(Readable.clipped(reason, to: 500))")
      var changes = try desk.noChanges()
      changes.killSwitches = [fired]
      // A limit would fire again at once if the loss it measured went on counting. Other limits,
      // and a person, measured no such loss, so that the end of theirs forgives nothing.
      var isMeasured = false
      if var books = desk.state.accounts[fired.account],
        LimitWatch.forgive(fired, in: &books)
      {
        isMeasured = true
        changes.accounts = [books]
      }
      try desk.commit(changes)
      let others = desk.state.killSwitches.filter {
        $0.isActive && $0.account == fired.account && $0.number != number
      }
      Steered.print(
        output, text: KillSwitchText.reset(fired, others: others, isMeasured: isMeasured),
        json: { RecordTables.write(fired, into: &$0) })
      return .success
    }
  }

  /// Stops entries by a person's word, and does to positions what the order says, at once.
  package static func fire(
    _ order: KillSwitchOrder, _ places: Places, _ output: Output,
    environment: [String: String] = ProcessID.environment, clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      let ends = order.action != .block
      var desk = try SteeringDesk(
        places, output, environment: environment, clock: clock,
        aim: ends ? .orders(isLive: order.isLive) : .record)
      let (account, trader) = try target(of: order, desk)
      let fired = KillSwitch(
        number: desk.state.nextKillSwitch, account: account, trader: trader,
        cause: KillSwitch.manualCause, measured: nil, threshold: nil, action: order.action,
        reset: .manual, firedAt: desk.now, reason: Readable.clipped(order.reason, to: 500))
      var changes = try desk.noChanges()
      changes.killSwitches = [fired]
      try desk.commit(changes)
      var report: CycleReport?
      if ends { report = try await desk.cycle(OperatorDuties()) }
      let residents = desk.state.traders.values.filter {
        fired.stops($0.ledger.trader, on: $0.account)
      }.sorted { $0.ledger.trader < $1.ledger.trader }
      Steered.print(
        output, text: KillSwitchText.fired(fired, residents: residents, report),
        json: { RecordTables.write(fired, into: &$0) })
      return .success
    }
  }

  private static func active(
    _ number: Int64, _ desk: SteeringDesk
  ) throws -> KillSwitch {
    let holding = desk.state.killSwitches.filter(\.isActive)
    if let fired = holding.first(where: { $0.number == number }) { return fired }
    if let past = try desk.store.killSwitches(limit: 1000).first(where: { $0.number == number }),
      let at = past.resetAt
    {
      throw RunFailure(
        .usage,
        "kill switch \(number) was reset at \(at) by \(Readable.clipped(past.resetBy, to: 200)); "
          + "nothing was done")
    }
    let known = holding.map { "\($0.number)" }.joined(separator: ", ")
    throw RunFailure(
      .usage,
      "there is no kill switch \(number); "
        + (known.isEmpty ? "none holds" : "those that hold: \(known)"))
  }

  private static func target(
    of order: KillSwitchOrder, _ desk: SteeringDesk
  ) throws(RunFailure) -> (AccountID, TraderID?) {
    let accounts = Set(desk.state.traders.values.map(\.account)).sorted()
    guard let account = AccountID(order.account), accounts.contains(account) else {
      throw TraderNames.unknown("account is called", order.account, among: accounts.map(\.name))
    }
    guard let name = order.trader else { return (account, nil) }
    let record = try TraderNames.record(name, at: desk)
    guard record.account == account else {
      throw RunFailure(
        .usage,
        "\(record.ledger.trader) lives on account \(record.account), was looked for on \(account)")
    }
    return (account, record.ledger.trader)
  }
}

/// What is said about kill switches.
package enum KillSwitchText {
  /// What a reset changed, and what still holds on the account.
  package static func reset(
    _ fired: KillSwitch, others: [KillSwitch], isMeasured: Bool
  ) -> String {
    var text =
      "kill switch \(fired.number) (\(Readable.clipped(fired.cause, to: 40))) of "
      + "\(RecordTables.scope(of: fired)) is reset"
      + (fired.resetAt.map { ", as of \($0)" } ?? "") + "\n"
    if isMeasured {
      text += "  The loss that it measured is measured anew from the present value.\n"
    }
    for other in others {
      text +=
        "  Kill switch \(other.number) (\(Readable.clipped(other.cause, to: 40))) still stops "
        + "\(RecordTables.scope(of: other)).\n"
    }
    if others.isEmpty { text += "  Entries are possible again from the next run on.\n" }
    return text
  }

  /// What a kill switch that was fired stops, and what it did to positions.
  static func fired(
    _ fired: KillSwitch, residents: [TraderRecord], _ report: CycleReport?
  ) -> String {
    var text =
      "kill switch \(fired.number) of \(RecordTables.scope(of: fired)) is fired, as of "
      + "\(fired.firedAt) (\(Readable.clipped(fired.reason, to: 200)))\n"
    let names = residents.map(\.ledger.trader.name).joined(separator: ", ")
    text +=
      "  No entries of \(Readable.clipped(names, to: 80)) until "
      + "`nof0 kill-switches reset \(fired.number)`; closes go through.\n"
    for line in report?.lines ?? [] where residents.contains(where: { $0.id == line.trader }) {
      for fill in line.fills {
        text +=
          "  \(line.trader): \(fill.side == .buy ? "bought" : "sold") \(fill.size) \(fill.coin) at "
          + "\(fill.price), fee \(Readable.usd(fill.fee)) USD\n"
      }
      for trouble in line.troubles {
        text += "  \(line.trader): \(Readable.clipped(trouble, to: 100))\n"
      }
    }
    let open = residents.reduce(0) { $0 + $1.ledger.positions.count }
    text += "  Open positions there: \(open).\n"
    return text
  }
}

extension TraderRecord {
  fileprivate var id: TraderID { ledger.trader }
}
