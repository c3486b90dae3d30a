import Journal
package import Trading

/// The command `nof0 journal show`.
package enum JournalShow {
  /// Prints one record: what a trader saw, said and did in one cycle.
  ///
  /// - Parameters:
  ///   - request: Names the trader.
  ///   - cycle: The cycle; `nil` = the trader's last one.
  /// - Returns: 64 when there is no such record, 70 when it is not as it was written.
  package static func execute(
    _ request: JournalRequest, cycle: CycleNumber?
  ) async -> ExitStatus {
    await Failure.told {
      let journal = try JournalCommand.open(request)
      guard let trader = try JournalNames.trader(request.trader, in: journal) else {
        throw RunFailure(.usage, "--trader: expected the trader whose record is to be shown")
      }
      let wanted = try cycle ?? journal.heads()[trader.name]?.cycle
      guard let wanted, let record = try journal.record(of: trader, cycle: wanted) else {
        throw RunFailure(.usage, try Self.missing(cycle, of: trader, in: journal))
      }
      let text = RecordText(record: record) { hash in
        var shelf = try journal.blobs(of: CivilDay(record.at))
        return try shelf.blob(hash)
      }
      switch request.output.format {
      case .json: StandardStreams.writeOut(try text.json())
      case .text: StandardStreams.writeOut(try text.text())
      }
      return .success
    }
  }

  private static func missing(
    _ cycle: CycleNumber?, of trader: TraderID, in journal: JournalFolder
  ) throws -> String {
    let files = try journal.files(of: trader)
    guard let first = files.first, let last = files.last else {
      return "all records of \(trader) were pruned; the next run adds one"
    }
    return "--cycle: \(trader) has no record of cycle \(cycle.map { "\($0)" } ?? "-"); the journal "
      + "tells of some of the cycles \(first.cycles.lowerBound) to \(last.cycles.upperBound), see "
      + "`nof0 journal list --trader \(trader) --day \(last.day)`"
  }
}
