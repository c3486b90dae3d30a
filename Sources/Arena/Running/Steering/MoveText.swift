package import Trading

/// A move that was made.
package struct MoveDone: Sendable {
  /// What was done.
  package let move: TraderStatus.Move
  /// The trader before.
  package let before: TraderRecord
  /// The trader now.
  package let after: TraderRecord
  /// When, in the arena's time.
  package let at: Timestamp
  /// Why, in words.
  package let reason: String
  /// Kill switches that stop its entries.
  package let stoppedBy: [KillSwitch]

  /// A move from its parts.
  package init(
    move: TraderStatus.Move, before: TraderRecord, after: TraderRecord, at: Timestamp,
    reason: String, stoppedBy: [KillSwitch]
  ) {
    self.move = move
    self.before = before
    self.after = after
    self.at = at
    self.reason = reason
    self.stoppedBy = stoppedBy
  }

  func write(into json: inout CanonicalJSON) {
    json.field("at_ms", at.ms)
    json.field("from", before.runtime.status.rawValue)
    json.field("move", move.rawValue)
    json.array("next", MoveText.next(self)) { json, text in json.value(text) }
    json.field("open_positions", after.ledger.positions.count)
    if let until = after.runtime.pausedUntil {
      json.field("paused_until_ms", until.ms)
    } else {
      json.null("paused_until_ms")
    }
    json.field("reason", reason)
    json.field("to", after.runtime.status.rawValue)
    json.field("trader", after.ledger.trader.name)
  }
}

/// What is said about moves.
package enum MoveText {
  /// What changed, and what happens next.
  package static func done(_ done: MoveDone) -> String {
    let id = done.after.ledger.trader
    let runtime = done.after.runtime
    let until = runtime.pausedUntil.map { " until \($0)" } ?? ""
    return "\(id): \(done.before.runtime.status.rawValue) → \(runtime.status.rawValue)\(until), "
      + "as of \(done.at) (\(Readable.clipped(done.reason, to: 200)))\n"
      + next(done).map { "  \($0)\n" }.joined()
  }

  /// Why a move was refused: the present state and what is allowed from it.
  package static func refusal(of move: TraderStatus.Move, _ record: TraderRecord) -> String {
    let allowed = allowed(from: record.runtime.status)
    return "\(record.ledger.trader) is \(state(record.runtime)); \(move.rawValue) is not possible "
      + "from there. Allowed: \(allowed.map(\.rawValue).joined(separator: ", "))"
  }

  /// The moves that are allowed from a status, in the order of their declaration.
  package static func allowed(from status: TraderStatus) -> [TraderStatus.Move] {
    TraderStatus.Move.allCases.filter { status.after($0) != nil }
  }

  /// A status with its end and its reason, on one line.
  package static func state(_ runtime: TraderRuntime) -> String {
    if let removed = runtime.removedAt { return "removed since \(removed)" }
    let until = runtime.pausedUntil.map { " until \($0)" } ?? ""
    let reason = runtime.reason.isEmpty ? "" : " (\(Readable.clipped(runtime.reason, to: 100)))"
    return runtime.status.rawValue + until + reason
  }

  /// What happens next, one sentence or two a line.
  static func next(_ done: MoveDone) -> [String] {
    let id = done.after.ledger.trader
    var lines: [String] = []
    switch done.move {
    case .start, .resume:
      lines.append("It decides again from the next run on, when it is due.")
      for stop in done.stoppedBy {
        lines.append(
          "Kill switch \(stop.number) (\(stop.cause)) still stops its entries; "
            + "`nof0 kill-switches list` says why.")
      }
      if done.after.runtime.failuresInARow >= 3 {
        lines.append("It may only reduce until a decision of it succeeds.")
      }
    case .pause:
      guard done.after.runtime.pausedUntil != nil else {
        lines.append("It makes no decisions until `nof0 traders resume \(id)`.")
        break
      }
      lines.append("It makes no decisions until then; the first run after it resumes it.")
      lines.append("`nof0 traders resume \(id)` does so at once.")
    case .stop: lines.append("It makes no decisions until `nof0 traders start \(id)`.")
    case .isolate:
      lines.append("It opens nothing until `nof0 traders release \(id)`.")
      lines.append("The next run takes back the capital it does not need, until it is released.")
    case .release: lines.append("It decides again after `nof0 traders start \(id)`.")
    }
    if let positions = positions(done) { lines.append(positions) }
    return lines
  }

  private static func positions(_ done: MoveDone) -> String? {
    let held = done.after.ledger.positions.map { "\($0.coin) \($0.side.rawValue)" }
    guard !held.isEmpty else { return nil }
    let names = Readable.clipped(held.joined(separator: ", "), to: 50)
    switch done.move {
    case .start, .resume: return "Open: \(names)."
    case .pause, .stop, .release:
      return "Open: \(names). Stops and targets stay; every run looks after them."
    case .isolate:
      return "Open: \(names). Closed if isolation.close_positions is on, otherwise looked after."
    }
  }
}
