package import Trading

/// What nof0 remembers between runs, on top of an open database.
package struct StateStore: Sendable {
  /// The database it keeps everything in.
  package let database: JournalDatabase

  /// The state in an open database.
  package init(_ database: JournalDatabase) { self.database = database }

  /// Names the arena of a new database; an arena that is there already stays as it is.
  ///
  /// - Parameters:
  ///   - arenaID: Its id, not empty; derived by the caller.
  ///   - name: Its name for people.
  ///   - createdAt: When it was made.
  /// - Returns: The id of the arena of this database.
  /// - Throws: ``JournalError``.
  @discardableResult
  package func prepare(
    arenaID: String, name: String, createdAt: Timestamp
  ) throws(JournalError) -> String {
    if let id = try self.arenaID() { return id }
    try database.write("name the arena") { session in
      try session.run(
        "INSERT INTO arena VALUES (1, ?, ?, ?, 0, 1, 1, 1)", [arenaID, name, createdAt])
    }
    return arenaID
  }

  /// The id of the arena; `nil` before ``prepare(arenaID:name:createdAt:)``.
  package func arenaID() throws(JournalError) -> String? {
    try database.read("read the arena") { session in
      try session.first("SELECT id FROM arena") { try $0.next() }
    }
  }

  /// Lets several reads see the same moment; nothing can be written within.
  package func snapshot<Value>(
    _ body: (StateStore) throws -> Value
  ) throws(JournalError) -> Value {
    try database.read("read the state") { _ in try body(self) }
  }
}
