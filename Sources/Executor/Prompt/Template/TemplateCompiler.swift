/// Writes checked templates down for Mustache.
///
/// Mustache walks the sections. The text and variables between two of their tags, a run, are one
/// name to it: it takes several microseconds for each name it looks up, which for the hundreds of
/// variables of a prompt came to 1.5 ms. So it sees neither text nor values, only names of ours.
struct TemplateCompiler {
  /// A template, or a part of one, written down.
  struct Program: Sendable {
    var text = ""
    var runs: [TemplateRun] = []
  }

  private(set) var program = Program()
  /// The parts that depend on a coin's market alone.
  private(set) var shared: [Program] = []
  /// The lists that are open with their variables, outermost first; the first is no list.
  private var scopes: [(list: String, variables: [PromptVariable])]
  /// The list whose variables the pending run shows.
  private var list = ""
  private var pieces: [TemplateRun.Piece] = []
  private var pending = ""

  init(_ variables: [PromptVariable]) { scopes = [("", variables)] }

  /// Writes these parts, and what is pending, to the end of the program.
  mutating func compile(_ nodes: [TemplateNode]) {
    for node in nodes {
      switch node {
      case .text(let text): pending += text
      case .variable(let name, let decimals): write(name, decimals)
      case .section(let name, let isInverted, let inner):
        endRun()
        if !isInverted, scopes.count == 1, name.name == Self.coins.name, Self.isSharable(inner) {
          share(inner)
        } else {
          section(name, isInverted, inner)
        }
      }
    }
    endRun()
  }

  private mutating func write(_ name: TemplateName, _ decimals: Int?) {
    for scope in scopes.reversed() {
      guard let entry = scope.variables.firstIndex(where: { $0.name == name.name }) else {
        continue
      }
      if scope.list != list { endRun() }
      list = scope.list
      pieces.append(TemplateRun.Piece(before: pending, entry: entry, decimals: decimals))
      pending = ""
      return
    }
    preconditionFailure("expected only known variables after the check, was \(name.name)")
  }

  private mutating func endRun() {
    guard !pieces.isEmpty || !pending.isEmpty else { return }
    program.text += "{{&\(TemplateKey.run(program.runs.count))}}"
    program.runs.append(TemplateRun(list: list, pieces: pieces, after: pending))
    pieces = []
    pending = ""
    list = scopes.last?.list ?? ""
  }

  private mutating func section(
    _ name: TemplateName, _ isInverted: Bool, _ inner: [TemplateNode]
  ) {
    let key = TemplateKey.section(name.name)
    let opened = isInverted ? nil : variables(of: name)
    program.text += "{{\(isInverted ? "^" : "#")\(key)}}"
    if let opened { scopes.append((name.name, opened)) }
    list = scopes.last?.list ?? ""
    compile(inner)
    if opened != nil { scopes.removeLast() }
    list = scopes.last?.list ?? ""
    program.text += "{{/\(key)}}"
  }

  private mutating func share(_ inner: [TemplateNode]) {
    var part = TemplateCompiler(PromptTables.coin.variables)
    part.compile(inner)
    program.text += "{{&\(TemplateKey.shared(shared.count))}}"
    shared.append(part.program)
  }

  /// The variables inside a list; `nil` for flags, which open no scope.
  private func variables(of name: TemplateName) -> [PromptVariable]? {
    for scope in scopes.reversed() {
      guard let found = scope.variables.first(where: { $0.name == name.name }) else { continue }
      if case .list(let inner) = found.kind { return inner }
      return nil
    }
    return nil
  }

  private static let coins = (name: "coins", inner: Set(PromptTables.coin.variables.map(\.name)))

  private static func isSharable(_ nodes: [TemplateNode]) -> Bool {
    nodes.allSatisfy { node in
      switch node {
      case .text: true
      case .variable(let name, _): coins.inner.contains(name.name)
      case .section(let name, _, let inner):
        coins.inner.contains(name.name) && isSharable(inner)
      }
    }
  }
}
