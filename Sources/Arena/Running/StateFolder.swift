import Glibc
import Journal

/// The folder of the state and the database in it.
enum StateFolder {
  /// Makes sure that the folder exists.
  static func create(_ path: String) throws(RunFailure) {
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw RunFailure(
        .inputOutput, phase: .lock,
        "cannot create the state folder \(path): \(systemError()). "
          + "Give a place that exists and is writable with --state.")
    }
  }

  /// Opens the database for a run, or a copy of it for a dry run.
  static func open(
    _ places: Places, isDryRun: Bool, durability: JournalDatabase.Durability,
    faults: FaultInjection?
  ) throws(RunFailure) -> JournalDatabase {
    faults?.reach("phase.open")
    do {
      if isDryRun { return try JournalDatabase.copyInMemory(of: places.database) }
      return try JournalDatabase.open(
        path: places.database, mode: .readWrite(durability: durability),
        faultHook: { faults?.reach($0) })
    } catch {
      throw RunFailure(.internalFailure, phase: .open, error.description)
    }
  }

  /// Refuses to go on where no run has been.
  static func requireDatabase(_ places: Places) throws(RunFailure) {
    guard access(places.database, F_OK) == 0 else {
      throw RunFailure(
        .inputOutput,
        "there is no state at \(places.database) yet. Run `nof0 run` first, or give its folder "
          + "with --state.")
    }
  }

  /// Opens the database for commands that only look.
  static func openForReading(_ places: Places) throws(RunFailure) -> JournalDatabase {
    try requireDatabase(places)
    do {
      return try JournalDatabase.open(path: places.database, mode: .readOnly, faultHook: { _ in })
    } catch {
      throw RunFailure(.internalFailure, phase: .open, error.description)
    }
  }
}
