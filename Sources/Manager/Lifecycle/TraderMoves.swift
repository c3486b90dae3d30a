package import Trading

/// Why a move of a trader is refused.
package struct MoveRefusal: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong and what is allowed, in words.
  package let text: String

  /// The text.
  package var description: String { text }
}

/// What commands, and rules, do to a trader's status.
package enum TraderMoves {
  /// Moves a trader.
  ///
  /// A start forgets the failures and breaches in a row, as a release does, so that it is not
  /// followed by an isolation at once. Slots, counts and the era stay.
  ///
  /// - Parameters:
  ///   - move: What to do.
  ///   - runtime: What the trader remembers.
  ///   - trader: Whose it is.
  ///   - pausedUntil: When a pause ends by itself, after `now`; `nil` = by a command. Only for
  ///     ``TraderStatus/Move/pause``.
  ///   - now: When.
  ///   - reason: Why, in words; kept while the trader does not run.
  ///   - cause: Who did it: `command`, `config`, or the id of a rule.
  /// - Returns: What it remembers afterwards and what goes on record, or why not.
  package static func apply(
    _ move: TraderStatus.Move, to runtime: TraderRuntime, of trader: TraderID,
    pausedUntil: Timestamp? = nil, at now: Timestamp, reason: String, cause: String
  ) -> Result<(runtime: TraderRuntime, event: TraderEvent), MoveRefusal> {
    if let refusal = refusal(of: move, runtime, trader, pausedUntil, now) {
      return .failure(refusal)
    }
    guard let status = runtime.status.after(move) else {
      return .failure(forbidden(move, runtime.status, trader))
    }
    var moved = runtime
    moved.status = status
    moved.pausedUntil = move == .pause ? pausedUntil : nil
    moved.reason = status == .running ? "" : reason
    switch move {
    case .start, .release:
      moved.failuresInARow = 0
      moved.breachesInARow = 0
    case .pause, .resume, .stop, .isolate: break
    }
    let event = TraderEvent(
      trader: trader, at: now, what: move.rawValue, status: status, cause: cause, reason: reason)
    return .success((runtime: moved, event: event))
  }

  private static func refusal(
    of move: TraderStatus.Move, _ runtime: TraderRuntime, _ trader: TraderID,
    _ pausedUntil: Timestamp?, _ now: Timestamp
  ) -> MoveRefusal? {
    if let removed = runtime.removedAt {
      return MoveRefusal(
        text: "\(trader): expected a trader of the arena for \(move.rawValue), was removed at "
          + "\(removed); no move is allowed")
    }
    guard let pausedUntil else { return nil }
    guard move == .pause else {
      return MoveRefusal(
        text: "\(trader): expected no end of a pause for \(move.rawValue), was \(pausedUntil)")
    }
    guard pausedUntil > now else {
      return MoveRefusal(
        text: "\(trader): expected a pause that ends after \(now), was \(pausedUntil)")
    }
    return nil
  }

  private static func forbidden(
    _ move: TraderStatus.Move, _ status: TraderStatus, _ trader: TraderID
  ) -> MoveRefusal {
    let allowed = status.allowedMoves.map(\.rawValue).joined(separator: ", ")
    return MoveRefusal(
      text: "\(trader): expected a status that allows \(move.rawValue), was \(status.rawValue); "
        + "allowed now: \(allowed)")
  }
}
