import Glibc
import Journal
import Trading

/// The command `nof0 state …`.
package enum StateCommand {
  /// Proves that the books are whole, or says what is not.
  package static func check(_ places: Places, _ output: Output) async -> ExitStatus {
    await Failure.told {
      let database = try StateFolder.openForReading(places)
      let store = StateStore(database)
      let found = try store.check() + chains(places, store)
      let counts = names(try store.counts())
      switch output.format {
      case .json:
        let bytes = CanonicalJSON.document { json in
          json.object("counts") { json in
            for (name, count) in counts { json.field(name, count) }
          }
          json.array("differences", found) { json, text in json.value(text) }
          json.field("ok", found.isEmpty)
        }
        StandardStreams.writeOut(String(decoding: bytes, as: UTF8.self))
      case .text:
        let sizes = counts.map { "\($0.count) \($0.name.replacing("_", with: " "))" }
        for text in found { StandardStreams.writeOut("✗ \(text)\n") }
        if found.isEmpty, !output.isQuiet {
          StandardStreams.writeOut(
            "The books are whole: \(sizes.joined(separator: ", ")); every identity holds to the "
              + "last digit.\n")
        }
      }
      return found.isEmpty ? .success : .internalFailure
    }
  }

  /// What is amiss in the journal.
  ///
  /// A run that goes on may be writing what lies behind the heads; and a state without its journal
  /// still has its books. `nof0 journal verify` tells of both.
  private static func chains(_ places: Places, _ store: StateStore) throws -> [String] {
    guard access(places.journal, F_OK) == 0 else { return [] }
    return try JournalFolder(path: places.journal, store: store).verify()
      .filter { $0.kind != .torn && $0.kind != .foreign }
      .map { "Journal: \($0)." }
  }

  /// The counts with their names, sorted by name.
  private static func names(_ counts: RecordCounts) -> [(name: String, count: Int)] {
    [
      ("decisions", counts.decisions), ("equity_points", counts.equityPoints),
      ("fills", counts.fills), ("funding_payments", counts.funding), ("orders", counts.orders),
      ("runs", counts.runs), ("traders", counts.traders), ("trades", counts.trades),
    ]
  }
}
