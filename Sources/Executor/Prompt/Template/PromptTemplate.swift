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
    var compiler = TemplateCompiler()
    let program = compiler.compile(nodes)
    do {
      compiled = try MustacheTemplate(string: program)
      sharedParts = try compiler.shared.map(CoinPart.init)
    } catch {
      preconditionFailure("expected \(path) to compile after its check, was \(error)")
    }
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
    TemplateCompiler.finished(compiled.render(RootScope(template: self, scene: scene)))
  }
}

/// A part of a template that depends on a coin's market alone.
struct CoinPart: Sendable {
  /// Its compiled text.
  let source: String
  private let compiled: MustacheTemplate

  init(_ source: String) throws {
    self.source = source
    compiled = try MustacheTemplate(string: source)
  }

  /// The part for a coin, with marks for line feeds.
  func render(_ scene: CoinScene) -> String {
    compiled.render(PromptScope(table: PromptTables.coin, subject: scene))
  }

  /// The part for every coin of a scene, taken from its brief where it is prepared.
  func render(_ scene: PromptScene) -> String {
    let known = scene.brief.rendered[SharedPart(source: source, short: scene.shortFrame)]
    var text = ""
    for coin in scene.context.candidates {
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
private struct RootScope: MustacheParent {
  let template: PromptTemplate
  let scene: PromptScene

  func child(named key: String) -> Any? {
    if let index = TemplateKey.sharedIndex(key) {
      return template.sharedParts[index].render(scene)
    }
    return template.vocabulary.table.value(of: key, in: scene)
  }
}
