/// Words that may not stand in code, each with what to write instead.
enum BannedWords {
  /// A word and its replacement.
  struct Row {
    let pattern: String
    let advice: String

    init(_ pattern: String, _ advice: String) {
      self.pattern = pattern
      self.advice = advice
    }
  }

  /// Rooms that are functions of their arguments.
  static let pureRooms: Set<String> = ["Trading", "Market", "Executor", "Manager", "Analytics"]

  /// Banned in pure rooms.
  static let inPureRooms = [
    Row("async", "take values; concurrency lives in Arena/Cycle and the shell rooms"),
    Row("await", "take values; concurrency lives in Arena/Cycle and the shell rooms"),
    Row("Date()", "take `now: Timestamp`"),
    Row("UUID()", "derive the id from what it names"),
    Row(".random()", "take `inout some RandomNumberGenerator`, a SeededGenerator"),
    Row(".random(in", "take `inout some RandomNumberGenerator`, a SeededGenerator"),
    Row(".random(using", "draw from the SeededGenerator itself, the same on every toolchain"),
    Row(".randomElement()", "take `inout some RandomNumberGenerator`, a SeededGenerator"),
    Row(".shuffled()", "take `inout some RandomNumberGenerator`, a SeededGenerator"),
    Row("SystemRandomNumberGenerator", "take a SeededGenerator"),
    Row("FileManager", "take the bytes; Arena reads files"),
    Row("ProcessInfo", "take the value; Arena reads the environment"),
    Row("print(", "return a value; nof0 prints"),
    Row("Logger", "return a value or a diagnostic; Arena logs"),
  ]

  /// Banned in all of Sources.
  static let everywhere = [
    Row("try!", "throw, or preconditionFailure(\"expected …, was …\")"),
    Row("fatalError(", "preconditionFailure(\"expected …, was …\")"),
    Row("Task {", "withTaskGroup or async let"),
    Row("Task(", "withTaskGroup or async let"),
    Row("Task.detached", "withTaskGroup or async let"),
    Row("DispatchQueue", "withTaskGroup, or Mutex from Synchronization"),
    Row("String(format:", "ExactDecimal.description or a formatter of the room (no ICU)"),
    Row("NSRegularExpression", "scan the UTF-8 bytes (no ICU)"),
    Row("DateFormatter", "Timestamp.description (no ICU)"),
    Row("ISO8601DateFormatter", "Timestamp.description (no ICU)"),
    Row("@_exported", "let each file import what it uses"),
    Row("public", "`package` across rooms, nothing inside a room"),
    Row("open class", "`package final class`, or better a struct"),
    Row("open func", "`package func`"),
    Row("open var", "`package var`"),
  ]

  /// Words of unfinished work, banned in comments and code alike.
  static let unfinished = ["TODO", "FIXME", "XXX"]

  /// Ways around the compiler's concurrency checks: allowed below a comment that says `proof:`.
  static let needingProof = ["@unchecked Sendable", "nonisolated(unsafe)"]

  /// All banned words of a file.
  static func check(_ file: SourceFile) -> [Finding] {
    var found = checkUnfinished(file) + checkTestable(file)
    guard file.isSource else { return found }
    let rows = everywhere + (pureRooms.contains(file.target) ? inPureRooms : [])
    for row in rows {
      let pattern = Token.pattern(row.pattern)
      found += file.tokens.positions(of: pattern).map {
        file.finding(file.tokens[$0].line, row.pattern, row.advice)
      }
    }
    return found + checkProofs(file) + checkSilencedErrors(file)
  }

  private static func checkUnfinished(_ file: SourceFile) -> [Finding] {
    let advice = "finish it, or open an issue and leave no mark"
    let inComments = file.comments.indices.flatMap { index in
      Token.all(in: Array(file.comments[index].utf8)).filter { unfinished.contains($0.text) }
        .map { file.finding(index + 1, $0.text, advice) }
    }
    let inCode = file.tokens.filter { unfinished.contains($0.text) }
    return inComments + inCode.map { file.finding($0.line, $0.text, advice) }
  }

  private static func checkTestable(_ file: SourceFile) -> [Finding] {
    guard file.target != "JournalTests" else { return [] }
    return file.tokens.positions(of: ["@", "testable"]).map {
      file.finding(
        file.tokens[$0].line, "@testable", "test through the package interface of the room")
    }
  }

  private static func checkProofs(_ file: SourceFile) -> [Finding] {
    needingProof.flatMap { word in
      file.tokens.positions(of: Token.pattern(word)).compactMap { index in
        let line = file.tokens[index].line
        guard !file.comment(at: line).contains("proof:") else { return nil }
        return file.finding(
          line, word, "use a value, an actor or a Mutex, or say above it why: `// proof: …`")
      }
    }
  }

  private static func checkSilencedErrors(_ file: SourceFile) -> [Finding] {
    file.tokens.positions(of: ["try", "?"]).compactMap { index in
      let line = file.tokens[index].line
      let isExplained =
        !file.comment(onLine: line).isEmpty || !file.comment(onLine: line - 1).isEmpty
      return isExplained
        ? nil
        : file.finding(
          line, "try?", "catch the error, or say in a comment why its cause is uninteresting")
    }
  }
}
