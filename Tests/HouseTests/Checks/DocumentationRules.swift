/// Every declaration that another room can see says what it is.
enum DocumentationRules {
  /// Lines the opening sentence may take.
  static let summaryLimit = 2

  /// Package declarations without a doc comment, or without a short first sentence in it.
  static func check(_ file: SourceFile) -> [Finding] {
    guard file.isSource else { return [] }
    return file.declarations.filter { isVisible($0, in: file) }.compactMap { check($0, in: file) }
  }

  private static func isVisible(_ declaration: Declaration, in file: SourceFile) -> Bool {
    if declaration.modifiers.contains("package") { return declaration.kind != "extension" }
    guard let parent = declaration.parent.map({ file.declarations[$0] }),
      parent.modifiers.contains("package")
    else { return false }
    return parent.kind == "protocol" || (parent.kind == "enum" && declaration.kind == "case")
  }

  private static func check(_ declaration: Declaration, in file: SourceFile) -> Finding? {
    let name = "\(declaration.kind) \(declaration.name)"
    let comment = docComment(above: declaration.firstLine, in: file)
    guard let first = comment.first else {
      return file.finding(declaration.line, name, "say above it with `///` what it is")
    }
    let summary = comment.prefix { !$0.isEmpty }
    if first.isEmpty || first.hasPrefix("- ") {
      return file.finding(declaration.line, name, "begin its comment with one short sentence")
    }
    if summary.count > summaryLimit {
      return file.finding(
        declaration.line, name,
        "its opening sentence takes \(summary.count) lines, at most \(summaryLimit): "
          + "say it shorter, then a blank `///`, then the rest")
    }
    return nil
  }

  /// The text of the `///` lines that end right above a line, in order.
  private static func docComment(above line: Int, in file: SourceFile) -> [Substring] {
    var comment: [Substring] = []
    var above = line - 1
    while above >= 1 {
      let text = file.lines[above - 1].drop { $0 == " " }
      guard text.hasPrefix("///") else { break }
      comment.insert(text.dropFirst(3).drop { $0 == " " }, at: 0)
      above -= 1
    }
    return comment
  }
}
