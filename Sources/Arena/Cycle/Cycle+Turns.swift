import Journal
import Trading

extension Cycle {
  /// Turns that the files show of all traders.
  private static let shownTurns = 100

  /// Turns that the files show of each trader.
  private func shownTurns(_ work: CycleWork) -> Int {
    max(1, Self.shownTurns / max(1, work.state.traders.count))
  }

  /// The traders whose earlier turns are worth reading while they think, and how many turns.
  ///
  /// Only where somebody outside thinks is there time for it.
  func earlierTurnsWanted(
    of specs: [TraderSpec], _ work: CycleWork
  ) -> (traders: [TraderID], limit: Int) {
    let limit = shownTurns(work) - 1
    guard options.publishes, ports.exports != nil, limit > 0,
      specs.contains(where: \.executor.isOutside)
    else { return ([], 0) }
    return (specs.map(\.id), limit)
  }

  /// Reads turns before a cycle, which nothing changes any more.
  func earlierTurns(
    _ wanted: (traders: [TraderID], limit: Int), before cycle: CycleNumber
  ) async -> [TraderID: [PastTurn]] {
    var found: [TraderID: [PastTurn]] = [:]
    for trader in wanted.traders {
      // Asking goes first.
      await Task.yield()
      // What cannot be read now is read, and told, when it is published.
      found[trader] = try? ports.store.recentTurns(
        trader, limit: wanted.limit, conversations: wanted.limit, before: cycle)
    }
    return found
  }

  /// The turns of a trader that the files show, newest first.
  func recentTurns(
    of trader: TraderID, _ work: CycleWork
  ) throws(JournalError) -> [PastTurn] {
    let limit = shownTurns(work)
    if let earlier = work.earlierTurns[trader] {
      let new = try ports.store.recentTurns(
        trader, limit: limit, conversations: limit, from: work.cycle)
      // Without a turn of this cycle, one more of the earlier ones is shown.
      if !new.isEmpty { return Array((new + earlier).prefix(limit)) }
    }
    return try ports.store.recentTurns(trader, limit: limit, conversations: limit)
  }
}
