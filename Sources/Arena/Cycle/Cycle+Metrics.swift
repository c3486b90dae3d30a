import Analytics
import Journal
import Logging
import Trading

extension Cycle {
  /// Loads the running aggregates of every trader there ever was and the benchmark.
  ///
  /// Those that are missing, as in a state of an older version, cannot be read, or do not go on
  /// from those of nothing are to be made anew: later, as positions are looked after first.
  func loadMetrics(_ work: inout CycleWork) {
    let kept: [TraderID: StoredMetrics]
    do {
      kept = try ports.store.metrics()
    } catch {
      tell("the figures of all traders cannot be read and are made anew: \(error)", &work)
      kept = [:]
    }
    for trader in work.state.measured {
      guard let none = noMetrics(of: trader, work) else { continue }
      if let stored = kept[trader],
        // What cannot be read is made anew.
        let metrics = try? TraderMetrics(decoding: stored.aggregate), metrics.goesOn(from: none)
      {
        work.metrics[trader] = metrics
      } else {
        work.staleMetrics.insert(trader)
      }
    }
  }

  /// Makes aggregates anew from the record where they are stale, which takes a second for a year
  /// of a trader.
  ///
  /// Those that cannot be made are told of, and left to the next run.
  ///
  /// - Parameters:
  ///   - work: All its changes are committed.
  ///   - keeping: Whether to put them on record.
  func remakeMetrics(_ work: inout CycleWork, keeping: Bool) {
    for trader in work.staleMetrics.sorted() {
      guard let none = noMetrics(of: trader, work) else { continue }
      do {
        let metrics = try StateRebuild.metrics(of: trader, from: none, ports.store)
        if keeping {
          try ports.store.keepMetrics([trader: metrics.encoded], cycle: work.cycle)
        }
        work.metrics[trader] = metrics
        work.staleMetrics.remove(trader)
        ports.log.info("figures made anew from the record", metadata: ["trader": "\(trader)"])
      } catch {
        work.metrics[trader] = nil
        tell(
          "the figures of \(trader) cannot be made from the record; the next run tries again: "
            + "\(error)", &work)
      }
    }
  }

  private func tell(_ notice: String, _ work: inout CycleWork) {
    work.notices.append(notice)
    ports.log.warning("figures", metadata: ["notice": "\(notice)"])
  }

  /// Takes what the next transaction writes into the running aggregates, so that the record and
  /// what is reckoned from it are on disk together, whichever phase commits and whatever happens
  /// afterwards.
  ///
  /// Where that cannot be, as a trade is told late or something cannot be read, the transaction
  /// leaves none on record, so that they are made anew, by this run or by the next.
  ///
  /// - Parameters:
  ///   - work: Its changes are taken in, each once: they must be committed next.
  ///   - equityBefore: The equity of a trader at the last point of the last hour that was over at
  ///     an instant; `nil` = there is none.
  /// - Returns: The aggregates that changed, encoded; empty bytes = to be made anew.
  func fold(
    _ work: inout CycleWork,
    equityBefore: (TraderID, Timestamp) throws(JournalError) -> USD?
  ) -> [TraderID: [UInt8]] {
    var changed: Set<TraderID> = []
    func fold(_ trader: TraderID, _ body: (inout TraderMetrics) -> Void) {
      guard !work.staleMetrics.contains(trader), let none = noMetrics(of: trader, work)
      else { return }
      body(&work.metrics[trader, default: none])
      changed.insert(trader)
    }
    let changes = work.changes
    // In the order in which the record gives them.
    let trades = changes.trades.sorted(by: TraderMetrics.isInOrder)
    for trade in trades {
      do {
        let equity = try equityBefore(trade.trader, trade.openedAt)
        let isLate = work.metrics[trade.trader]?.isLate(trade) ?? false
        if isLate { work.staleMetrics.insert(trade.trader) }
        fold(trade.trader) { $0.fold(trade, equityAtEntry: equity) }
      } catch {
        work.staleMetrics.insert(trade.trader)
      }
    }
    for booked in changes.fills {
      guard let trader = booked.trader else { continue }
      do {
        let intent = try intent(of: booked.fill, work)
        fold(trader) {
          $0.fold(booked.fill, of: intent?.request.purpose, decisionMid: intent?.decisionMid)
        }
      } catch {
        work.staleMetrics.insert(trader)
      }
    }
    for booked in changes.funding {
      guard let trader = booked.trader else { continue }
      fold(trader) { $0.fold(booked.payment) }
    }
    for turn in changes.turns ?? [] { fold(turn.trader) { $0.fold(turn, at: changes.at) } }
    for point in changes.equityPoints { fold(point.trader) { $0.fold(point) } }
    var aggregates: [TraderID: [UInt8]] = [:]
    for trader in changed { aggregates[trader] = work.metrics[trader]?.encoded }
    for trader in work.staleMetrics { aggregates[trader] = [] }
    return aggregates
  }

  private func noMetrics(of trader: TraderID, _ work: CycleWork) -> TraderMetrics? {
    work.state.noMetrics(of: trader, riskFree: config.export.riskFree)
  }
}

extension ArenaState {
  /// Who has aggregates: every trader there ever was and the benchmark.
  var measured: Set<TraderID> { Set(traders.keys).union(benchmark.map { [$0.id] } ?? []) }

  /// What the aggregates of a trader or of the benchmark begin with; `nil` = it is neither.
  func noMetrics(of trader: TraderID, riskFree: Double) -> TraderMetrics? {
    if let benchmark, benchmark.id == trader {
      return TraderMetrics(inception: benchmark.boughtAt, riskFree: riskFree, isBenchmark: true)
    }
    return traders[trader].map {
      TraderMetrics(inception: $0.runtime.inceptionAt, riskFree: riskFree)
    }
  }
}
