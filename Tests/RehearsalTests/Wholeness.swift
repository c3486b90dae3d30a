import Foundation
import Testing

extension Rehearsal {
  /// Expects that the books are whole: by nof0's own check, and that no order was placed twice.
  func expectWholeBooks(_ note: String = "") throws {
    let check = try run("state", "check")
    #expect(check.code == 0, "\(note): \(check.out)\(check.error)")
    #expect(check.out.contains("whole"), "\(note)")

    let books = Books(of: self)
    for (table, key) in [
      ("sim_orders", "client_order_id"), ("orders", "client_order_id"),
      ("orders", "trader || cycle || coin || purpose || generation"),
      ("fills", "account || fill_id"),
    ] {
      let twice = try books.number("SELECT count(*) - count(DISTINCT \(key)) FROM \(table)")
      #expect(twice == 0, "\(note): expected every \(key) once in \(table)")
    }
    let fills = try books.number("SELECT count(*) FROM fills")
    #expect(fills == (try books.number("SELECT count(*) FROM sim_fills")), "\(note): fills")
    let open = "SELECT count(*) FROM orders WHERE outcome IS NULL OR outcome = 'unknown'"
    #expect(try books.number(open) == 0, "\(note): expected every outcome known")
  }

  /// Expects a resting stop of its size for every position of the traders that need one, which
  /// are all of the shipped ones but buy-and-hold.
  func expectStops(_ note: String = "") throws {
    let naked = """
      SELECT trader || ' ' || coin FROM positions
      WHERE status = 'open' AND trader <> 'buy-and-hold' AND NOT EXISTS (
        SELECT 1 FROM sim_orders JOIN sim_positions USING (account, coin)
        WHERE sim_orders.trader = positions.trader AND sim_orders.coin = positions.coin
        AND purpose = 'stop' AND sim_orders.status = 'resting' AND reduce_only = 1
        AND sim_orders.size = ltrim(sim_positions.size, '-'))
      """
    #expect(try Books(of: self).texts(naked) == [], "\(note)")
  }

  /// Expects that readers of `out/data` see nothing or one whole generation.
  ///
  /// - Returns: The generation; `nil` when there is none.
  @discardableResult
  func expectWholeExports(_ note: String = "") throws -> Int? {
    let data = out.appending(path: "data")
    // A link to nothing would be a torn export, so the link itself is looked for.
    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: data.path) else {
      return nil  // no export was ever flipped to
    }
    let folder = out.appending(path: target)
    let manifest = try Manifest(Data(contentsOf: folder.appending(path: "manifest.json")))
    #expect(target == ".generations/\(manifest.generation)", "\(note)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == (manifest.sizes.keys + ["manifest.json"]).sorted(), "\(note)")
    for (name, size) in manifest.sizes.sorted(by: { $0.key < $1.key }) {
      let bytes = try Data(contentsOf: folder.appending(path: name))
      #expect(bytes.count == size, "\(note): size of \(name)")
      guard name.hasSuffix(".json") else { continue }
      #expect(throws: Never.self, "\(note): \(name)") {
        try JSONSerialization.jsonObject(with: bytes)
      }
    }
    return manifest.generation
  }

  /// What `manifest.json` says.
  private struct Manifest {
    let generation: Int
    let sizes: [String: Int]

    init(_ bytes: Data) throws {
      let document = try JSONDocument(bytes)
      generation = try document.value("generation")
      let files: [[String: Any]] = try document.value("files")
      sizes = try Dictionary(
        uniqueKeysWithValues: files.map {
          let name = try #require($0["name"] as? String)
          let size = try #require($0["size_bytes"] as? Int)
          return (name, size)
        })
    }
  }
}

/// A JSON object, as any reader would parse it.
struct JSONDocument {
  private let fields: [String: Any]

  init(_ text: String) throws { try self.init(Data(text.utf8)) }

  init(_ bytes: Data) throws {
    fields = try #require(
      try JSONSerialization.jsonObject(with: bytes) as? [String: Any], "expected an object")
  }

  var keys: Set<String> { Set(fields.keys) }

  /// A field that must be there, of the expected type.
  func value<Value>(_ key: String) throws -> Value {
    try #require(fields[key] as? Value, "expected \(Value.self) at \(key)")
  }
}
