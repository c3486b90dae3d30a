import Manager
package import Trading

/// How long a pause lasts.
package enum PauseEnd: Sendable, Hashable {
  /// Until a person ends it.
  case open
  /// Until an instant, which must be after the arena's present.
  case at(Timestamp)
  /// For so long from the arena's present on, above zero.
  case after(Span)
}

/// A command to one trader.
package struct TraderOrder: Sendable, Equatable {
  /// Where things are.
  package let places: Places
  /// How to answer.
  package let output: Output
  /// The trader's id as given.
  package let trader: String
  /// Why, in words; empty = not said.
  package let reason: String
  /// Whether real orders are wanted; only looked at by commands that send some.
  package let isLive: Bool

  /// A command from its parts.
  package init(
    places: Places, output: Output, trader: String, reason: String, isLive: Bool
  ) {
    self.places = places
    self.output = output
    self.trader = trader
    self.reason = reason
    self.isLive = isLive
  }

  /// What is kept as the reason.
  var recordedReason: String {
    reason.isEmpty ? "by command" : Readable.clipped(reason, to: 500)
  }
}

/// The commands `nof0 traders …` that change something.
///
/// Each takes the run lock, and none waits for it.
package enum TraderSteering {
  /// What events caused by a command say as their cause.
  static let cause = "command"

  /// Moves a trader to another status.
  package static func move(
    _ move: TraderStatus.Move, _ order: TraderOrder, pause: PauseEnd = .open,
    environment: [String: String] = ProcessID.environment, clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      var desk = try SteeringDesk(
        order.places, order.output, environment: environment, clock: clock, aim: .record)
      let record = try TraderNames.record(order.trader, at: desk)
      let id = record.ledger.trader
      try refuseRemoved(record)
      let until = try end(of: pause, at: desk.now)
      let moved = TraderMoves.apply(
        move, to: record.runtime, of: id, pausedUntil: until, at: desk.now,
        reason: order.recordedReason, cause: cause)
      guard case .success(let (runtime, event)) = moved else {
        throw RunFailure(.usage, MoveText.refusal(of: move, record))
      }
      try desk.save(runtime, of: id, event)
      let done = MoveDone(
        move: move, before: record, after: desk.state.traders[id] ?? record, at: desk.now,
        reason: order.recordedReason,
        stoppedBy: desk.state.killSwitches.filter { $0.stops(id, on: record.account) })
      Steered.print(order.output, text: MoveText.done(done), json: { done.write(into: &$0) })
      return .success
    }
  }

  /// Refuses to do anything to a trader that was removed.
  static func refuseRemoved(_ record: TraderRecord) throws(RunFailure) {
    guard let removed = record.runtime.removedAt else { return }
    throw RunFailure(
      .usage,
      "\(record.ledger.trader) was removed at \(removed); its history is kept, no move is allowed. "
        + "A trader with another id can take its place.")
  }

  private static func end(
    of pause: PauseEnd, at now: Timestamp
  ) throws(RunFailure) -> Timestamp? {
    switch pause {
    case .open: return nil
    case .after(let span): return now + span
    case .at(let until):
      guard until > now else {
        throw RunFailure(
          .usage,
          "--until: expected a time after the arena's present, \(now), was \(until); nothing was "
            + "done")
      }
      return until
    }
  }
}

/// How commands that change something answer.
enum Steered {
  static func print(
    _ output: Output, text: String, json fields: (inout CanonicalJSON) -> Void
  ) {
    switch output.format {
    case .json:
      let bytes = CanonicalJSON.document(fields)
      StandardStreams.writeOut(String(decoding: bytes, as: UTF8.self))
    case .text: if !output.isQuiet { StandardStreams.writeOut(text) }
    }
  }
}
