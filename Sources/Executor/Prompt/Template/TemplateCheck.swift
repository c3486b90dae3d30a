import Trading

/// Checks the names of a template against the variables of its message.
struct TemplateCheck {
  private(set) var faults: [TemplateFault] = []
  /// The big blocks the template shows.
  private(set) var blocks: Set<PromptBlock> = []
  private let message: String

  init(_ message: String) { self.message = message }

  /// Checks parts that stand inside these scopes, outermost first.
  mutating func check(_ nodes: [TemplateNode], in scopes: [[PromptVariable]]) {
    for node in nodes {
      switch node {
      case .text: break
      case .variable(let name, let decimals): checkVariable(name, decimals, scopes)
      case .section(let name, let isInverted, let inner):
        checkSection(name, isInverted, inner, scopes)
      }
    }
  }

  private mutating func checkVariable(
    _ name: TemplateName, _ decimals: Int?, _ scopes: [[PromptVariable]]
  ) {
    guard let variable = find(name, in: scopes) else { return }
    switch variable.kind {
    case .list:
      fault(name, "\"\(name.name)\" is a list; write {{#\(name.name)}}…{{/\(name.name)}}")
    case .number: break
    case .text, .flag:
      if decimals != nil {
        fault(name, "expected a number for %f, \"\(name.name)\" is a \(variable.kind.word)")
      }
    }
  }

  private mutating func checkSection(
    _ name: TemplateName, _ isInverted: Bool, _ inner: [TemplateNode],
    _ scopes: [[PromptVariable]]
  ) {
    guard let variable = find(name, in: scopes) else { return }
    switch variable.kind {
    case .list(let variables):
      check(inner, in: isInverted ? scopes : scopes + [variables])
    case .flag: check(inner, in: scopes)
    case .text, .number:
      fault(
        name,
        "expected a flag or a list to open a section, \"\(name.name)\" is a "
          + "\(variable.kind.word); write {{\(name.name)}}")
      check(inner, in: scopes)
    }
  }

  /// The variable a name stands for: the innermost one.
  private mutating func find(
    _ name: TemplateName, in scopes: [[PromptVariable]]
  ) -> PromptVariable? {
    for scope in scopes.reversed() {
      if let found = scope.first(where: { $0.name == name.name }) {
        blocks.formUnion(found.blocks)
        return found
      }
    }
    let near = NearestName.of(name.name, among: scopes.reversed().flatMap { $0.map(\.name) })
    let hint =
      near.map { "did you mean \"\($0)\"?" } ?? elsewhere(name.name, scopes.first ?? [])
    fault(name, "unknown variable \"\(name.name)\" in \(message); \(hint)")
    return nil
  }

  /// What to say of a name that is known in a list only.
  private func elsewhere(_ name: String, _ variables: [PromptVariable]) -> String {
    let lists = variables.compactMap { variable -> String? in
      guard case .list(let inner) = variable.kind, inner.contains(where: { $0.name == name })
      else { return nil }
      return "{{#\(variable.name)}}"
    }
    return lists.isEmpty
      ? "nothing there has a name like it"
      : "it is known inside \(lists.joined(separator: ", "))"
  }

  private mutating func fault(_ name: TemplateName, _ message: String) {
    faults.append(TemplateFault(place: name.place, message: message))
  }
}
