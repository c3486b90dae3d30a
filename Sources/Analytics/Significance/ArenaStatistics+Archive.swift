import FoundationEssentials

extension ArenaStatistics {
  /// The statistics as bytes, for keeping.
  ///
  /// - Throws: `EncodingError` when a figure is not a finite number, which none may be.
  package func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return Array(try encoder.encode(self))
  }

  /// Reads what ``encoded()`` wrote.
  ///
  /// - Throws: `DecodingError` for anything else.
  package init(decoding bytes: [UInt8]) throws {
    self = try JSONDecoder().decode(ArenaStatistics.self, from: Data(bytes))
  }
}
