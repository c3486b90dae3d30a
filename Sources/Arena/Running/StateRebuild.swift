import Analytics
import Journal
import Trading

/// The command `nof0 state rebuild`: running aggregates made anew from the record.
package enum StateRebuild {
  /// How much a figure may differ, as a share of it, or as a number below 1.
  private static let tolerance = 1e-9

  /// Makes all aggregates anew and puts them in the place of those on record.
  ///
  /// Exit code 75 while a run is going on, 74 when there is no state.
  package static func execute(
    _ places: Places, _ output: Output, clock: WallClock = .live
  ) async -> ExitStatus {
    await Failure.told {
      try StateFolder.requireDatabase(places)
      let lock = try RunLock.take(path: places.lock, now: clock.now())
      defer { withExtendedLifetime(lock) {} }
      let store = StateStore(
        try StateFolder.open(places, isDryRun: false, durability: .full, faults: nil))
      let made = try fromRecord(store)
      try store.replaceMetrics(made.mapValues(\.encoded))
      switch output.format {
      case .json: printJSON(made.count, differences: [])
      case .text:
        if !output.isQuiet {
          StandardStreams.writeOut(
            "Made the figures of \(made.count) traders anew from the record.\n")
        }
      }
      return .success
    }
  }

  /// Says where the aggregates on record differ from those that the record gives; changes nothing.
  ///
  /// Exit code 70 when they differ.
  package static func check(_ places: Places, _ output: Output) async -> ExitStatus {
    await Failure.told {
      let store = StateStore(try StateFolder.openForReading(places))
      var count = 0
      // One moment for both sides: a run may commit meanwhile.
      let differences = try store.snapshot { store in
        let made = try fromRecord(store)
        count = made.count
        return try self.differences(of: store.metrics(), from: made)
      }
      switch output.format {
      case .json: printJSON(count, differences: differences)
      case .text:
        for text in differences { StandardStreams.writeOut("✗ \(text)\n") }
        if differences.isEmpty, !output.isQuiet {
          StandardStreams.writeOut(
            "The figures of \(count) traders are those that the record gives.\n")
        }
        if !differences.isEmpty {
          StandardStreams.writeOut("`nof0 state rebuild` makes them anew.\n")
        }
      }
      return differences.isEmpty ? .success : .internalFailure
    }
  }

  private static func printJSON(_ count: Int, differences: [String]) {
    let bytes = CanonicalJSON.document { json in
      json.array("differences", differences) { json, text in json.value(text) }
      json.field("ok", differences.isEmpty)
      json.field("traders", count)
    }
    StandardStreams.writeOut(String(decoding: bytes, as: UTF8.self))
  }
}

// MARK: - Making them

extension StateRebuild {
  /// The aggregates of every trader there ever was and the benchmark, made from the record.
  ///
  /// The risk-free rate is that of the aggregates on record; 0 where there are none.
  static func fromRecord(_ store: StateStore) throws -> [TraderID: TraderMetrics] {
    // Nothing that depends on the time is looked at.
    let state = try store.loadState(now: Timestamp(ms: 0))
    let kept = try store.metrics()
    let riskFree =
      kept.sorted { $0.key < $1.key }.lazy
      .compactMap { decoded($0.value)?.riskFree }.first ?? 0
    var made: [TraderID: TraderMetrics] = [:]
    for trader in state.measured {
      guard let none = state.noMetrics(of: trader, riskFree: riskFree) else { continue }
      made[trader] = try metrics(of: trader, from: none, store)
    }
    return made
  }

  /// The aggregates of one trader or the benchmark, made from the record and aggregates of nothing.
  static func metrics(
    of trader: TraderID, from none: TraderMetrics, _ store: StateStore
  ) throws -> TraderMetrics {
    var metrics = none
    try store.history(of: trader) { item in
      switch item {
      case .funding(let payment): metrics.fold(payment)
      case .fill(let fill, let purpose, let mid):
        metrics.fold(fill, of: purpose, decisionMid: mid)
      case .trade(let trade, let equity): metrics.fold(trade, equityAtEntry: equity)
      case .turn(let turn, cycle: _, let at): metrics.fold(turn, at: at)
      case .point(let point): metrics.fold(point)
      }
    }
    return metrics
  }

  /// One sentence for each difference between the aggregates on record and those made from it.
  static func differences(
    of kept: [TraderID: StoredMetrics], from made: [TraderID: TraderMetrics]
  ) -> [String] {
    var found: [String] = []
    for (trader, expected) in made.sorted(by: { $0.key < $1.key }) {
      guard let stored = kept[trader] else {
        found.append("\(trader): expected figures on record, were none.")
        continue
      }
      do {
        let metrics = try TraderMetrics(decoding: stored.aggregate)
        found += metrics.differences(from: expected, tolerance: tolerance)
          .map { "\(trader): on record, \($0)." }
      } catch {
        found.append("\(trader): the figures on record cannot be read: \(error).")
      }
    }
    for trader in kept.keys.sorted() where made[trader] == nil {
      found.append("\(trader): expected no figures on record, it is no trader.")
    }
    return found
  }

  private static func decoded(_ stored: StoredMetrics) -> TraderMetrics? {
    // Why it cannot be read does not matter here: it is made anew.
    try? TraderMetrics(decoding: stored.aggregate)
  }
}
