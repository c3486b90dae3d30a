import Analytics

/// What is known of a file once it is written.
struct RenderedFile: Sendable {
  let name: String
  let size: Int
  let sha256Hex: String
  /// The file itself, while it is not written.
  let file: PublishedFile?

  /// Writes a file into a generation, or keeps it where there is none.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - bytes: Its bytes.
  ///   - draft: The generation; `nil` = not yet.
  ///   - isNew: Whether it is sure to differ from the former one.
  /// - Throws: Exit code 73.
  init(
    _ name: String, _ bytes: [UInt8], to draft: GenerationDraft?, isNew: Bool = false
  ) throws(RunFailure) {
    let file = PublishedFile(name: name, bytes: bytes)
    try draft?.add(file, isNew: isNew)
    self.file = draft == nil ? file : nil
    self.name = name
    size = bytes.count
    sha256Hex = SHA256Digest.hex(of: bytes)
  }
}

/// Makes and writes the files of a view, several at the same time.
struct Rendering: Sendable {
  /// Where the files go; `nil` = they are only made.
  let draft: GenerationDraft?

  /// Traders whose analytics one task makes.
  static let tradersAtOnce = 50

  /// What one task made.
  struct Part: Sendable {
    /// The analytics of its traders, in their order.
    var objects: [[UInt8]] = []
    /// Its files.
    var files: [RenderedFile] = []
  }

  /// The analytics of each trader of a view; a view of some of an arena's traders will do.
  func pages(of view: ArenaView) throws -> Part {
    var part = Part()
    for trader in view.traders {
      let object = Export.analyticsObject(of: trader, in: view)
      let name = Export.modelAnalytics(trader.id).name
      part.files.append(
        try RenderedFile(name, Export.analyticsPage(of: object, in: view), to: draft, isNew: true))
      part.objects.append(object)
    }
    return part
  }

  /// The files about all traders but `analytics.json`; those that take longest come first, so that
  /// no processor waits for a long one at the end.
  static let documents: [Export] = {
    let long: [Export] = [
      .accountTotals, .conversations, .performance, .prometheus, .dashboard, .trades,
    ]
    let others = Export.all.filter { export in
      export.name != Export.analytics.name && !long.contains { $0.name == export.name }
    }
    return long + others
  }()

  /// One of these.
  func document(_ export: Export, of view: ArenaView) throws -> Part {
    Part(files: [try RenderedFile(export.name, export.render(view), to: draft)])
  }

  /// `analytics.json` from the analytics of all traders in their order.
  func analytics(_ objects: [[UInt8]], of view: ArenaView) throws -> RenderedFile {
    let bytes = Export.analyticsDocument(of: objects, in: view)
    return try RenderedFile(Export.analytics.name, bytes, to: draft)
  }
}
