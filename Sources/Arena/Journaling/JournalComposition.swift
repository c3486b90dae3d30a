import Journal
import Trading

/// Builds the journal of runs.
enum JournalComposition {
  /// The journal of runs with a configuration; `nil` where nothing is kept.
  static func journal(
    _ places: Places, _ loaded: LoadedConfig, _ database: JournalDatabase, isDurable: Bool
  ) -> CycleJournal? {
    guard let source = loaded.source, let config = loaded.config, config.journal.isEnabled,
      !config.traders.allSatisfy({ config.journal.silent.contains($0.id) })
    else { return nil }
    let folder = JournalFolder(
      path: places.journal, store: StateStore(database), own: config.journal.own,
      isDurable: isDurable)
    return CycleJournal(
      folder: folder, config: source.blob, database: database, silent: config.journal.silent)
  }
}
