import GRDB
import Glibc

extension JournalDatabase {
  /// A throw-away copy in memory of this database as it is now.
  package func copied() throws(JournalError) -> JournalDatabase {
    let copy = try Self.inMemory()
    do {
      try queue.backup(to: copy.queue)
    } catch {
      throw Self.translate(error, path: path, operation: "copy the state")
    }
    return copy
  }

  /// Writes a copy of this database into a file that does not exist yet.
  ///
  /// - Throws: ``JournalError``; ``JournalError/failed(operation:detail:)`` when there is a file.
  package func save(to file: String) throws(JournalError) {
    guard access(file, F_OK) != 0 else {
      throw .failed(
        operation: "keep the state",
        detail: "expected no file at \(file), was one; choose another folder or remove it")
    }
    let kept = try Self.open(path: file, mode: .readWrite(durability: .processCrash))
    do {
      try queue.backup(to: kept.queue)
    } catch {
      throw Self.translate(error, path: file, operation: "keep the state")
    }
    try kept.close()
  }
}
