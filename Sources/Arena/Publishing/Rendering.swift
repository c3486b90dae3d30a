import Analytics

/// A file and its SHA-256 in hex.
struct RenderedFile: Sendable {
  let file: PublishedFile
  let sha256Hex: String

  init(_ name: String, _ bytes: [UInt8]) {
    file = PublishedFile(name: name, bytes: bytes)
    sha256Hex = SHA256Digest.hex(of: bytes)
  }
}

/// Makes the files of a view, several at the same time: they are a third of a run's work.
enum Rendering {
  /// Every file but the manifest, in the order of their names.
  static func files(of view: ArenaView) async -> [RenderedFile] {
    let documents = Export.all.filter { $0.name != Export.analytics.name }
    return await withTaskGroup(of: Part.self) { group in
      for export in documents {
        group.addTask {
          Part(first: 0, objects: [], files: [RenderedFile(export.name, export.render(view))])
        }
      }
      for first in stride(from: 0, to: view.traders.count, by: tradersAtOnce) {
        group.addTask { pages(from: first, in: view) }
      }
      var parts: [Part] = []
      for await part in group { parts.append(part) }
      let objects = parts.sorted { $0.first < $1.first }.flatMap(\.objects)
      let whole = Export.analyticsDocument(of: objects, in: view)
      let files = parts.flatMap(\.files) + [RenderedFile(Export.analytics.name, whole)]
      return files.sorted { $0.file.name.utf8.lexicographicallyPrecedes($1.file.name.utf8) }
    }
  }

  /// Traders whose analytics one task makes.
  private static let tradersAtOnce = 50

  /// What one task made.
  private struct Part: Sendable {
    /// The place of its first trader.
    let first: Int
    /// The analytics of its traders, in their order.
    let objects: [[UInt8]]
    let files: [RenderedFile]
  }

  private static func pages(from first: Int, in view: ArenaView) -> Part {
    var objects: [[UInt8]] = []
    var files: [RenderedFile] = []
    for trader in view.traders.dropFirst(first).prefix(tradersAtOnce) {
      let object = Export.analyticsObject(of: trader, in: view)
      let name = Export.modelAnalytics(trader.id).name
      files.append(RenderedFile(name, Export.analyticsPage(of: object, in: view)))
      objects.append(object)
    }
    return Part(first: first, objects: objects, files: files)
  }
}
