import Journal
import Trading

/// Builds the journal of runs.
enum JournalComposition {
  /// The folder of the records below that of the state.
  static func path(in places: Places) -> String { places.state + "/journal" }

  /// The journal of runs with a configuration; `nil` where nothing is kept.
  static func journal(
    _ places: Places, _ loaded: LoadedConfig, _ database: JournalDatabase, isDurable: Bool
  ) -> CycleJournal? {
    guard let source = loaded.source else { return nil }
    return CycleJournal(
      folder: folder(places, loaded.config, database, isDurable: isDurable),
      path: path(in: places), config: source.blob, database: database)
  }

  /// The folder of the records.
  static func folder(
    _ places: Places, _ config: ArenaConfig?, _ database: JournalDatabase, isDurable: Bool = true
  ) -> JournalFolder {
    JournalFolder(path: path(in: places), store: StateStore(database), isDurable: isDurable)
  }
}
