import Journal
import Trading

extension TraderSteering {
  /// Closes a trader's positions now, by a cycle in which nobody is asked.
  package static func close(
    _ order: TraderOrder, environment: [String: String] = ProcessID.environment,
    clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      var desk = try SteeringDesk(
        order.places, order.output, environment: environment, clock: clock,
        aim: .orders(isLive: order.isLive))
      let record = try TraderNames.record(order.trader, at: desk)
      let closing = try await close(record, order, &desk)
      Steered.print(order.output, text: closing.text, json: { closing.write(into: &$0) })
      try closing.refuseRest()
      return .success
    }
  }

  /// Takes a trader out of the arena for good; its history stays.
  package static func remove(
    _ order: TraderOrder, flattens: Bool,
    environment: [String: String] = ProcessID.environment, clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      var desk = try SteeringDesk(
        order.places, order.output, environment: environment, clock: clock,
        aim: .orders(isLive: order.isLive))
      let record = try TraderNames.record(order.trader, at: desk)
      let id = record.ledger.trader
      try refuseRemoved(record)
      var closing: Closing?
      if let rest = rest(of: id, desk) {
        guard flattens else {
          throw RunFailure(
            .usage,
            "\(id) is \(MoveText.state(record.runtime)) and \(rest); nothing was done. Close it "
              + "first with `nof0 traders close \(id)`, or remove it with --flatten")
        }
        let done = try await close(record, order, &desk)
        closing = done
        try done.refuseRest()
      }
      _ = try await desk.cycle(OperatorDuties(removing: [id]))
      try refuseRest(of: id, desk)
      guard let removed = desk.state.traders[id], removed.runtime.removedAt != nil else {
        throw RunFailure(
          .inputOutput,
          "\(id) was not removed: its account could not be read, or holds an order whose outcome "
            + "is unknown. Give the same command again later.")
      }
      try explain(removed, order, &desk)
      let removal = Removal(
        trader: id, at: desk.now, before: record, after: removed,
        isConfigured: desk.config.traders.contains { $0.id == id }, closing: closing)
      Steered.print(order.output, text: removal.text, json: { removal.write(into: &$0) })
      return .success
    }
  }

  /// What bars a trader from being removed, in words; `nil` = nothing.
  private static func rest(of id: TraderID, _ desk: SteeringDesk) -> String? {
    let held = desk.state.traders[id]?.ledger.positions ?? []
    if !held.isEmpty {
      let names = held.map { "\($0.size) \($0.coin) \($0.side.rawValue)" }
      return "holds \(Readable.clipped(names.joined(separator: ", "), to: 200))"
    }
    let open = desk.state.openIntents.filter { $0.concerns(id) }
    return open.first.map {
      "has an order whose outcome is unknown (\($0.request.purpose.rawValue) of "
        + "\($0.request.coin), \($0.request.clientOrderID))"
    }
  }

  private static func refuseRest(of id: TraderID, _ desk: SteeringDesk) throws(RunFailure) {
    guard let rest = rest(of: id, desk) else { return }
    throw RunFailure(
      .inputOutput, "\(id) still \(rest); it was not removed. Give the same command again later.")
  }

  /// Closes a trader's positions, if it has any, or settles its orders.
  private static func close(
    _ record: TraderRecord, _ order: TraderOrder, _ desk: inout SteeringDesk
  ) async throws -> Closing {
    let id = record.ledger.trader
    guard rest(of: id, desk) != nil else {
      return Closing(trader: id, at: desk.now, fills: [], trades: [], held: [], rest: nil)
    }
    guard desk.config.traders.contains(where: { $0.exchange == record.exchange }) else {
      throw RunFailure(
        .configuration,
        "\(id) lives on the exchange \(record.exchange), which no trader of \(desk.places.config) "
          + "uses; configure it again to close what is open there")
    }
    // On record before anything is sent: who closed it must be known whatever happens next.
    try desk.save(
      record.runtime, of: id,
      TraderEvent(
        trader: id, at: desk.now, what: "close", status: record.runtime.status, cause: cause,
        reason: order.recordedReason))
    let report = try await desk.cycle(OperatorDuties(closing: [id]))
    let held = Set(record.ledger.positions.map(\.number))
    let line = report.lines.first { $0.trader == id }
    let trades = try desk.store.recentTrades(id, limit: held.count + 100)
    return Closing(
      trader: id, at: desk.now, fills: line?.fills ?? [],
      trades: trades.filter { held.contains($0.position) }.sorted { $0.position < $1.position },
      held: line?.troubles ?? [], rest: rest(of: id, desk))
  }

  /// Keeps why a trader was removed.
  private static func explain(
    _ removed: TraderRecord, _ order: TraderOrder, _ desk: inout SteeringDesk
  ) throws {
    var runtime = removed.runtime
    runtime.reason = "removed: \(order.recordedReason)"
    try desk.save(runtime, of: removed.ledger.trader, nil)
  }
}

extension OrderIntent {
  /// Whether it is an order of a trader, or one that it shares.
  fileprivate func concerns(_ trader: TraderID) -> Bool {
    request.trader == trader || shares.contains { $0.trader == trader }
  }
}
