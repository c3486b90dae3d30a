/// How long a file, a line and a function may be.
enum SizeRules {
  /// Lines of a file.
  static let fileLimit = 400
  /// Characters of a line.
  static let lineLimit = 100
  /// Lines of a function from its first modifier to its closing brace.
  static let functionLimit = 60

  /// Everything in a file that is too long.
  static func check(_ file: SourceFile) -> [Finding] {
    checkFile(file) + checkLines(file) + checkFunctions(file)
  }

  private static func checkFile(_ file: SourceFile) -> [Finding] {
    let count = file.lines.last?.isEmpty == true ? file.lines.count - 1 : file.lines.count
    guard count > fileLimit else { return [] }
    return [
      file.finding(
        0, "\(count) lines", "at most \(fileLimit): split by what the halves are called")
    ]
  }

  private static func checkLines(_ file: SourceFile) -> [Finding] {
    file.lines.indices.filter { file.lines[$0].count > lineLimit }.map {
      file.finding($0 + 1, "\(file.lines[$0].count) characters", "at most \(lineLimit): wrap it")
    }
  }

  private static func checkFunctions(_ file: SourceFile) -> [Finding] {
    file.declarations.filter { $0.hasBody && ($0.kind == "func" || $0.kind == "init") }
      .compactMap { function in
        let count = function.lastLine - function.firstLine + 1
        guard count > functionLimit else { return nil }
        let name = function.kind == "init" ? "init" : function.name
        return file.finding(
          function.line, "\(name) has \(count) lines",
          "at most \(functionLimit): give its parts names")
      }
  }
}
