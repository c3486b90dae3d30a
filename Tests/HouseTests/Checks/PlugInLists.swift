/// Open lists: one `static let` per thing, and a list of all of them in the folder's head file.
enum PlugInLists {
  /// A folder, the type whose values live there, and the list that names them all.
  struct List {
    /// Relative to the package, without a closing slash.
    let folder: String
    /// The type of the values.
    let type: String
    /// The static property or function that lists them, in a file of the folder.
    var name = "all"
  }

  /// The lists of this house.
  ///
  /// A folder that does not exist yet is left alone.
  static let lists = [
    List(folder: "Sources/Market/Indicators", type: "Indicator"),
    List(folder: "Sources/Manager/Admission", type: "EntryRule", name: "entry"),
    List(folder: "Sources/Manager/Admission", type: "CloseRule", name: "close"),
    List(folder: "Sources/Manager/Admission", type: "ProtectionRule", name: "protection"),
    List(folder: "Sources/Manager/Alerts", type: "AlertRule"),
    List(folder: "Sources/Analytics/Exports", type: "Export"),
    List(folder: "Sources/Journal/Schema", type: "SchemaStep"),
    List(folder: "Sources/LLM", type: "ModelProvider"),
  ]

  /// Things that exist but are not in their list.
  static func check(_ files: [SourceFile], against lists: [List] = lists) -> [Finding] {
    lists.flatMap { list in
      let folder = files.filter { $0.path.hasPrefix(list.folder + "/") }
      return folder.isEmpty ? [] : check(list, in: folder)
    }
  }

  private static func check(_ list: List, in folder: [SourceFile]) -> [Finding] {
    let listed = Set(folder.flatMap { words(of: list.name, in: $0) })
    guard !listed.isEmpty else {
      return [
        Finding(
          path: list.folder, line: 0, word: list.name,
          advice: "expected `static let \(list.name): [\(list.type)]` in a head file, was none")
      ]
    }
    var found: [Finding] = []
    var count = 0
    for file in folder {
      for value in file.declarations where isValue(value, of: list, in: file) {
        count += 1
        if !listed.contains(value.name) {
          let advice = "add it to `\(list.name)` in \(list.folder)"
          found.append(file.finding(value.line, value.name, advice))
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

  /// The words inside a list, a property or a function; empty when the file does not hold it.
  private static func words(of name: String, in file: SourceFile) -> [String] {
    guard let list = file.declarations.first(where: { $0.name == name && isStatic($0) }) else {
      return []
    }
    return file.tokens[list.start..<list.end].map(\.text)
  }

  private static func isStatic(_ declaration: Declaration) -> Bool {
    declaration.modifiers.contains("static")
      && ["let", "var", "func"].contains(declaration.kind)
  }

  /// Whether it is `static let name = Type(`, `= Type<…>(`, `= Type.…`, or `: Type… =`.
  private static func isValue(
    _ declaration: Declaration, of list: List, in file: SourceFile
  ) -> Bool {
    guard isStatic(declaration), declaration.kind != "func", declaration.name != list.name else {
      return false
    }
    let mark = file.tokens.text(at: declaration.start + 2)
    return ["=", ":"].contains(mark) && file.tokens.text(at: declaration.start + 3) == list.type
  }
}
