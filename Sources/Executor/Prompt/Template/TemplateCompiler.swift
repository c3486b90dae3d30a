/// Writes checked templates down for Mustache.
///
/// The compiled text uses control characters as delimiters and as a mark for line feeds, so that
/// no text of a template can be taken for a tag and Mustache finds no lines to treat; the parser
/// has done that. Values are never parsed.
struct TemplateCompiler {
  private static let open = "\u{1}"
  private static let close = "\u{2}"
  private static let lineFeed: UInt8 = 3
  private static let head = "{{=\u{1} \u{2}=}}"

  /// The compiled texts of the parts that depend on a coin's market alone.
  private(set) var shared: [String] = []

  mutating func compile(_ nodes: [TemplateNode]) -> String {
    Self.head
      + nodes.map { node in
        guard case .section(let name, false, let inner) = node, name.name == Self.coins.name,
          Self.isSharable(inner)
        else { return Self.write(node) }
        shared.append(Self.head + inner.map(Self.write).joined())
        return Self.open + "&" + TemplateKey.shared(shared.count - 1) + Self.close
      }.joined()
  }

  /// The rendered text with line feeds for their marks, without white space at its ends.
  static func finished(_ rendered: String) -> String {
    var bytes = Array(rendered.utf8)
    for index in bytes.indices where bytes[index] == lineFeed { bytes[index] = UInt8(ascii: "\n") }
    guard let first = bytes.firstIndex(where: { !TemplateText.isSpace($0) }),
      let last = bytes.lastIndex(where: { !TemplateText.isSpace($0) })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
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

  private static func write(_ node: TemplateNode) -> String {
    switch node {
    case .text(let text):
      return String(
        decoding: text.utf8.map { $0 == UInt8(ascii: "\n") ? lineFeed : $0 }, as: UTF8.self)
    case .variable(let name, let decimals):
      let key =
        decimals.map { TemplateKey.formatted(name.name, decimals: $0) }
        ?? TemplateKey.plain(name.name)
      return open + "&" + key + close
    case .section(let name, let isInverted, let inner):
      let key = TemplateKey.plain(name.name)
      return open + (isInverted ? "^" : "#") + key + close + inner.map(write).joined()
        + open + "/" + key + close
    }
  }
}
