/// Open lists: one `static let` per thing, and an `all` in the folder's head file.
enum PlugInLists {
  /// A folder and the type whose values live there.
  struct List {
    /// Relative to the package, without a closing slash.
    let folder: String
    /// The type of the values.
    let type: String
  }

  /// The lists of this house.
  ///
  /// A folder that does not exist yet is left alone.
  static let lists = [
    List(folder: "Sources/Market/Indicators", type: "Indicator"),
    List(folder: "Sources/Manager/Admission", type: "RiskRule"),
    List(folder: "Sources/Analytics/Exports", type: "Export"),
    List(folder: "Sources/Journal/Schema", type: "SchemaStep"),
  ]

  /// Things that exist but are not in their list.
  static func check(_ files: [SourceFile], against lists: [List] = lists) -> [Finding] {
    lists.flatMap { list in
      let folder = files.filter { $0.path.hasPrefix(list.folder + "/") }
      return folder.isEmpty ? [] : check(list, in: folder)
    }
  }

  private static func check(_ list: List, in folder: [SourceFile]) -> [Finding] {
    let listed = folder.compactMap(wordsOfAll).reduce(into: Set<String>()) { $0.formUnion($1) }
    guard !listed.isEmpty else {
      return [
        Finding(
          path: list.folder, line: 0, word: "all",
          advice: "expected a head file with `static let all: [\(list.type)]`, was none")
      ]
    }
    var found: [Finding] = []
    var count = 0
    for file in folder {
      for value in file.declarations where isValue(value, of: list.type, in: file) {
        count += 1
        if !listed.contains(value.name) {
          found.append(file.finding(value.line, value.name, "add it to `all` of \(list.folder)"))
        }
      }
    }
    guard count > 0 else {
      return [
        Finding(
          path: list.folder, line: 0, word: list.type,
          advice: "expected values `static let NAME = \(list.type)(…)` here, were none; "
            + "correct PlugInLists.lists if they are written otherwise")
      ]
    }
    return found
  }

  /// The words inside `all`, a property or a function; `nil` when the file has none.
  private static func wordsOfAll(in file: SourceFile) -> Set<String>? {
    guard let all = file.declarations.first(where: { $0.name == "all" && isStatic($0) }) else {
      return nil
    }
    return Set(file.tokens[all.start..<all.end].map(\.text))
  }

  private static func isStatic(_ declaration: Declaration) -> Bool {
    declaration.modifiers.contains("static")
      && ["let", "var", "func"].contains(declaration.kind)
  }

  /// Whether it is `static let name = Type(`, `= Type<…>(`, `= Type.…`, or `: Type… =`.
  private static func isValue(
    _ declaration: Declaration, of type: String, in file: SourceFile
  ) -> Bool {
    guard isStatic(declaration), declaration.kind != "func", declaration.name != "all" else {
      return false
    }
    let mark = file.tokens.text(at: declaration.start + 2)
    return ["=", ":"].contains(mark) && file.tokens.text(at: declaration.start + 3) == type
  }
}
