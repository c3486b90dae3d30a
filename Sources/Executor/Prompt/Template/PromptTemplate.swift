import Mustache
package import Trading

/// A template of a message: parsed, checked against the variables of its message, compiled.
package struct PromptTemplate: Sendable {
  /// The language a template is written in.
  package enum Format: Sendable {
    /// Mustache: variables, sections, comments.
    case mustache
    /// nof0's part of Go's text/template: fields, printf, comments, trimming.
    case goTemplate

    /// The format of a file: `.tmpl` is Go's, everything else Mustache.
    package init(path: String) {
      self = path.hasSuffix(".tmpl") ? .goTemplate : .mustache
    }
  }

  /// The path of its file as configured.
  package let path: String
  /// The version its header states; empty when it states none.
  package let version: String
  /// What it may name.
  let vocabulary: PromptVocabulary
  /// The big blocks it shows.
  let blocks: Set<PromptBlock>
  /// Its parts that depend on a coin's market alone, in order.
  let sharedParts: [CoinPart]
  private let compiled: MustacheTemplate
  private let runs: [TemplateRun]

  /// A template from its text.
  ///
  /// - Parameters:
  ///   - text: The text of the file.
  ///   - path: The path of the file, for messages.
  ///   - format: The language it is written in.
  ///   - vocabulary: The variables of the message it is for.
  /// - Throws: All its problems at once.
  package init(
    _ text: String, path: String, format: Format, vocabulary: PromptVocabulary
  ) throws(PromptTemplateError) {
    let source = TemplateText(text)
    let start = VersionHeader.end(in: source)
    var faults = source.faults
    let nodes: [TemplateNode]
    switch format {
    case .mustache:
      var parser = MustacheParser(source)
      nodes = parser.parse(from: start)
      faults += parser.faults
    case .goTemplate:
      var parser = GoTemplateParser(source)
      nodes = parser.parse(from: start)
      faults += parser.faults
    }
    var check = TemplateCheck(vocabulary.message)
    check.check(nodes, in: [vocabulary.variables])
    faults += check.faults
    guard faults.isEmpty else {
      throw PromptTemplateError(
        problems: faults.sorted { $0.place < $1.place }.map {
          PromptProblem(
            path: path, line: $0.place.line, column: $0.place.column, message: $0.message)
        })
    }
    var compiler = TemplateCompiler(vocabulary.variables)
    compiler.compile(nodes)
    do {
      compiled = try MustacheTemplate(string: compiler.program.text)
      sharedParts = try compiler.shared.map(CoinPart.init)
    } catch {
      preconditionFailure("expected \(path) to compile after its check, was \(error)")
    }
    runs = compiler.program.runs
    self.path = path
    self.vocabulary = vocabulary
    version = VersionHeader.version(of: source.bytes)
    blocks = check.blocks
  }

  /// A template as configured; its format follows from its path.
  package init(
    _ source: PromptSource, vocabulary: PromptVocabulary
  ) throws(PromptTemplateError) {
    try self.init(
      source.text, path: source.path, format: Format(path: source.path), vocabulary: vocabulary)
  }

  /// The message, without white space at its ends.
  func render(_ scene: PromptScene) -> String {
    let scope = PromptScope(table: vocabulary.table, subject: scene, runs: runs, list: "")
    return Self.trimmed(compiled.render(RootScope(parts: sharedParts, scope: scope)))
  }

  private static func trimmed(_ text: String) -> String {
    let bytes = text.utf8
    guard let first = bytes.firstIndex(where: { !TemplateText.isSpace($0) }),
      let last = bytes.lastIndex(where: { !TemplateText.isSpace($0) })
    else { return "" }
    return String(text[first...last])
  }
}

/// A part of a template that depends on a coin's market alone; equal only to itself.
final class CoinPart: Sendable, Hashable {
  private let program: TemplateCompiler.Program
  private let compiled: MustacheTemplate

  init(_ program: TemplateCompiler.Program) throws {
    self.program = program
    compiled = try MustacheTemplate(string: program.text)
  }

  static func == (left: CoinPart, right: CoinPart) -> Bool { left === right }

  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }

  /// The part for a coin.
  func render(_ scene: CoinScene) -> String {
    compiled.render(
      PromptScope(table: PromptTables.coin, subject: scene, runs: program.runs, list: ""))
  }

  /// The part for every coin of a scene, taken from its brief where it is prepared.
  func render(_ scene: PromptScene) -> String {
    let known = scene.brief.rendered[SharedPart(part: self, short: scene.shortFrame)]
    var text = ""
    for coin in scene.candidates {
      if let ready = known?[coin] {
        text += ready
      } else if let brief = scene.coinBrief(coin) {
        text += render(brief)
      }
    }
    return text
  }
}

/// The outermost scope of a template.
private final class RootScope: MustacheParent {
  let parts: [CoinPart]
  let scope: PromptScope<PromptScene>

  init(parts: [CoinPart], scope: PromptScope<PromptScene>) {
    self.parts = parts
    self.scope = scope
  }

  func child(named key: String) -> Any? {
    guard let index = TemplateKey.shared(key) else { return scope.child(named: key) }
    return parts[index].render(scope.subject)
  }
}
