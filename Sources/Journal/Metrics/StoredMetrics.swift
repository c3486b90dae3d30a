package import Trading

/// The running aggregates of a trader or the benchmark, as they were kept.
package struct StoredMetrics: Sendable, Equatable {
  /// The last cycle that was folded in.
  package let cycle: CycleNumber
  /// The aggregates, encoded.
  package let aggregate: [UInt8]

  /// Stored aggregates from their parts.
  package init(cycle: CycleNumber, aggregate: [UInt8]) {
    self.cycle = cycle
    self.aggregate = aggregate
  }
}

extension StateStore {
  /// The aggregates on record, of every trader there ever was and the benchmark.
  ///
  /// One that is missing or empty is to be made from ``history(of:_:)``.
  package func metrics() throws(JournalError) -> [TraderID: StoredMetrics] {
    try database.read("load the metrics") { session in
      let found = try session.rows("SELECT trader, cycle, aggregate FROM trader_metrics") {
        (
          try $0.next(TraderID.self),
          StoredMetrics(cycle: try $0.next(), aggregate: try $0.next())
        )
      }
      return Dictionary(uniqueKeysWithValues: found)
    }
  }

  /// Puts aggregates in the place of those of the same traders.
  package func keepMetrics(
    _ metrics: [TraderID: [UInt8]], cycle: CycleNumber
  ) throws(JournalError) {
    try database.write("keep the metrics") { session in
      try session.save(metrics, cycle: cycle)
    }
  }

  /// Puts these aggregates in the place of all that are on record, as of the arena's last cycle;
  /// statistics are forgotten, so that the next export reckons them anew.
  package func replaceMetrics(_ metrics: [TraderID: [UInt8]]) throws(JournalError) {
    try database.write("replace the metrics") { session in
      let cycle = try session.first("SELECT cycle FROM arena") { try $0.next(CycleNumber.self) }
      try session.run("DELETE FROM trader_metrics")
      try session.run("DELETE FROM arena_statistics")
      try session.save(metrics, cycle: cycle ?? 0)
    }
  }
}

extension Session {
  /// The aggregates that changed.
  func saveMetrics(_ changes: StateChanges) throws {
    try save(changes.metrics, cycle: changes.cycle)
  }

  fileprivate func save(_ metrics: [TraderID: [UInt8]], cycle: CycleNumber) throws {
    for (trader, aggregate) in metrics.sorted(by: { $0.key < $1.key }) {
      try run(
        """
        INSERT INTO trader_metrics (trader, cycle, aggregate) VALUES (?, ?, ?)
        ON CONFLICT (trader) DO UPDATE SET cycle = excluded.cycle, aggregate = excluded.aggregate
        """, [trader, cycle, aggregate])
    }
  }
}
