package import Trading

/// The list of files of one generation of `out/data`, written last.
package enum ExportManifest {
  /// Its name.
  package static let name = "manifest.json"

  /// Makes `manifest.json`.
  ///
  /// `journal_head` says where the chain of records of each trader ends: whoever keeps it can prove
  /// later that the journal was not rewritten. It is left out while there is no record.
  ///
  /// - Parameters:
  ///   - generation: The number of the generation, counted from 1.
  ///   - run: The run that publishes.
  ///   - cycle: Its cycle.
  ///   - at: The time of the cycle.
  ///   - isSynthetic: Whether the market data was made up.
  ///   - journal: The number and the SHA-256 in hex of each trader's last record, by its id.
  ///   - files: Name, size in bytes and SHA-256 in hex of every other file, in any order.
  /// - Returns: The file's bytes.
  package static func render(
    generation: Int64, run: RunNumber, cycle: CycleNumber, at: Timestamp, isSynthetic: Bool,
    journal: [String: (seq: Int64, sha256Hex: String)] = [:],
    files: [(name: String, size: Int, sha256Hex: String)]
  ) -> [UInt8] {
    let sorted = files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return CanonicalJSON.document { json in
      json.field("at_ms", at.ms)
      json.field("cycle", cycle)
      json.array("files", sorted) { json, file in
        json.object { json in
          json.field("name", file.name)
          json.field("sha256", file.sha256Hex)
          json.field("size_bytes", file.size)
        }
      }
      json.field("generation", generation)
      json.field("is_synthetic", isSynthetic)
      if !journal.isEmpty {
        json.object("journal_head") { json in
          for (trader, head) in journal.sorted(by: {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
          }) {
            json.object(trader) { json in
              json.field("seq", head.seq)
              json.field("sha256", head.sha256Hex)
            }
          }
        }
      }
      json.field("run", run)
    }
  }
}
