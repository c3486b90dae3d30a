import Testing

/// Each check of sizes, comments and money finds its bad sample and leaves the good one alone.
@Suite struct ShapeSampleTests {
  @Test func refusesWhatIsTooLong() {
    let line = "let a = \"" + String(repeating: "é", count: 91) + "\""
    let body = String(repeating: "  work()\n", count: 59)
    let function = "@discardableResult\nfunc walk() {\n\(body)}"
    let nested = "struct A {\n  init(a: Int) {\n\(body)  }\n}"

    #expect(words(SizeRules.check, String(repeating: "a()\n", count: 401)) == ["401 lines"])
    #expect(words(SizeRules.check, line) == ["101 characters"])
    #expect(words(SizeRules.check, function) == ["walk has 62 lines"])
    #expect(words(SizeRules.check, nested) == ["init has 61 lines"])
  }

  @Test func admitsWhatIsJustShortEnough() {
    let body = String(repeating: "  if a { b() }\n", count: 58)

    #expect(words(SizeRules.check, String(repeating: "a()\n", count: 400)).isEmpty)
    #expect(words(SizeRules.check, String(repeating: "é", count: 100)).isEmpty)
    #expect(words(SizeRules.check, "func walk() {\n\(body)}\nfunc run() {\n\(body)}").isEmpty)
  }

  @Test(arguments: [
    "package struct Coin {}",
    "// A coin.\npackage struct Coin {}",
    "///\n/// A coin.\npackage struct Coin {}",
    "/// A coin.\n\npackage struct Coin {}",
    "/// One.\n/// Two.\n/// Three.\npackage struct Coin {}",
    "/// - Returns: A coin.\npackage func coin() -> Int { 1 }",
    "/// A side.\npackage enum Side {\n  case long\n}",
    "/// A door.\npackage protocol Door {\n  func shut()\n}",
    "struct Coin {\n  @discardableResult\n  package init?(_ name: String) {}\n}",
  ])
  func refusesAPackageDeclarationWithoutAShortComment(code: String) {
    #expect(words(DocumentationRules.check, code).count == 1)
  }

  @Test(arguments: [
    "/// A coin.\npackage struct Coin { let name = 1 }",
    "/// A coin that is\n/// worth something.\n///\n/// Much more.\npackage struct Coin {}",
    "/// A coin.\n@frozen\n@available(*, deprecated)\npackage final class Coin {}",
    "/// A side.\npackage enum Side {\n  /// Up.\n  case long\n  /// Down.\n  case short\n}",
    "enum Side { case long }",
    "package extension Coin {}",
    "struct Coin {\n  private(set) var name = 1\n}",
  ])
  func admitsDocumentedAndPrivateDeclarations(code: String) {
    #expect(words(DocumentationRules.check, code).isEmpty)
  }

  @Test func refusesFloatingPointMoney() {
    let code = "struct USD {\n  let value: Double\n  var text: String { show(Float(1)) }\n}"
    let file = SourceFile(path: "Sources/Trading/Money/USD.swift", text: code)

    #expect(MoneyRules.check(file).map { "\($0.line) \($0.word)" } == ["2 Double", "3 Float"])
  }

  @Test func admitsFloatingPointInTheNamedPlacesAndOtherFolders() {
    let code = """
      struct USD {
        var double: Double { Double(1) }
        init?(approximating dollars: Double) { self.init(Double(dollars)) }
        func asPct(of whole: USD) -> Double? { nil }
      }
      """

    for path in ["Sources/Trading/Money/USD.swift", "Sources/Trading/Ledger/Ledger.swift"] {
      #expect(MoneyRules.check(SourceFile(path: path, text: code)).isEmpty)
    }
    #expect(words(MoneyRules.check, "let mean: Double = 0").isEmpty)
  }

  private func words(_ check: (SourceFile) -> [Finding], _ code: String) -> [String] {
    check(SourceFile(path: "Sources/Market/Sample.swift", text: code)).map(\.word)
  }
}
