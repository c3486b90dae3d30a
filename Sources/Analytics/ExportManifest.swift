package import Trading

/// The list of files of one generation of `out/data`, written last.
package enum ExportManifest {
  /// Its name.
  package static let name = "manifest.json"

  /// Makes `manifest.json`.
  ///
  /// The head of the decision journal will be added once it exists; until then the field is left
  /// out, so that no reader takes a null for a head.
  ///
  /// - Parameters:
  ///   - generation: The number of the generation, counted from 1.
  ///   - run: The run that publishes.
  ///   - cycle: Its cycle.
  ///   - at: The time of the cycle.
  ///   - isSynthetic: Whether the market data was made up.
  ///   - files: Name, size in bytes and SHA-256 in hex of every other file, in any order.
  /// - Returns: The file's bytes.
  package static func render(
    generation: Int64, run: RunNumber, cycle: CycleNumber, at: Timestamp, isSynthetic: Bool,
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
      json.field("run", run)
    }
  }
}
