import Exchanges
import Journal
import Logging
import Trading

/// Each cycle is kept with all it was told, so that it can be done again.
extension Cycle {
  /// The alert that a cycle could not be kept; while it is open nothing is opened.
  static let journalAlert = "journal"

  /// Begins to note what the cycle is told.
  func beginJournal() async {
    guard let journal = ports.journal else { return }
    // What a venue of the program's own remembers of an earlier cycle would not be on the tape.
    for exchange in ports.exchanges.values { await exchange.forget() }
    journal.begin(atMs: ports.machine.monotonicMs())
  }

  /// Bars opens after a cycle that could not be kept: what cannot be explained is not done.
  func barWithoutJournal(_ work: inout CycleWork) {
    guard work.openAlertKeys.contains(Self.journalAlert) else { return }
    for account in Set(work.state.traders.values.map(\.account)) {
      work.blocks[account] = RuleNote(
        rule: "journal_unwritable",
        text: "the last cycle could not be written to the journal, so nothing is opened until "
          + "one can be")
    }
  }

  /// Writes the records of the cycle; that they cannot be written is told, and fails nothing.
  ///
  /// - Parameters:
  ///   - work: The cycle, committed.
  ///   - earlier: The inputs that its own may be written against; `nil` = none.
  func keepJournal(_ work: inout CycleWork, against earlier: EarlierInputs?) {
    guard let journal = ports.journal else {
      if !options.isDryRun, ports.tape == nil { work.resolve(Self.journalAlert) }
      return
    }
    defer { ports.tape?.release() }
    do throws(JournalError) {
      let inputs = CycleInputs(work, ports, options, config: journal.configHash)
      let kept = work
      let notices = try journal.write(inputs, against: earlier, traders: journaled(work)) {
        trader, evidence in
        CycleRecord(of: trader, in: kept, cycle: self, evidence)
      }
      work.notices += notices
      work.resolve(Self.journalAlert)
    } catch {
      work.alert(
        Self.journalAlert, .high,
        "cycle \(work.cycle) could not be written to the journal: \(error). Nothing is opened "
          + "until a cycle can be; free space or put the folder right")
    }
  }

  /// Removes a bounded number of old files; that it fails is logged, and fails no cycle.
  func tidyJournal(_ work: CycleWork) {
    guard let journal = ports.journal else { return }
    do throws(JournalError) {
      try journal.folder.tidy(now: work.now, keep: config.journal.keep)
    } catch {
      ports.log.error(
        "old files of the journal could not be removed", metadata: ["error": "\(error)"])
    }
  }

  /// The traders that have a record: all but removed ones.
  func journaled(_ work: CycleWork) -> [TraderID] {
    work.state.traders.values.filter { $0.runtime.removedAt == nil }.map(\.ledger.trader).sorted()
  }
}
