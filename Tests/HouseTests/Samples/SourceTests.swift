import Testing

/// The reader under the checks tells code from comments, literals and declarations.
@Suite struct SourceTests {
  @Test(arguments: [
    ("let a = 1 // async", "let a = 1"),
    ("let a = \"async\"", "let a = \""),
    ("let a = #\"as\"ync\"# + b", "let a = \" + b"),
    ("let a = \"\"\"\n  \"async\"\n  \"\"\"\nlet b", "let a = \" let b"),
    ("/* async /* await */ try! */ let a", "let a"),
    ("let a = \"\\(now(\"x\")) async\"", "let a = \" ( now ( \" ) )"),
    ("let a = \"\\\" async\" + b", "let a = \" + b"),
    ("let a = \"// async\"; b()", "let a = \" ; b ( )"),
  ])
  func dropsCommentsAndLiteralsButKeepsInterpolatedCode(text: String, code: String) {
    let file = SourceFile(path: "Sources/Trading/A.swift", text: text)

    #expect(file.tokens.map(\.text).joined(separator: " ") == tokens(code))
  }

  @Test func keepsLineNumbersBehindLiteralsAndComments() {
    let text = "let a = \"\"\"\n  one\n  two\n  \"\"\"\n/* three\n   four */\nlet b = 1"
    let file = SourceFile(path: "Sources/Trading/A.swift", text: text)

    #expect(file.tokens.first { $0.text == "b" }?.line == 7)
    #expect(file.comment(onLine: 6) == "   four */")
  }

  @Test func findsMembersButNotLocalVariablesOrSwitchCases() {
    let text = """
      package enum Side: Sendable {
        case open
        case close
        package static func of(_ x: Int) -> Side {
          let y = x
          switch y {
          case 0: return .open
          default: return .close
          }
        }
        @discardableResult
        package mutating func flip(
          by: Int = 1
        ) -> Int { by }
        package init?(_ text: String) { self.init(a: text) }
      }
      protocol Door { func open(); var isOpen: Bool { get } }
      """
    let found = SourceFile(path: "Sources/Trading/A.swift", text: text).declarations

    #expect(
      found.map { "\($0.kind) \($0.name) \($0.firstLine)-\($0.lastLine)" } == [
        "enum Side 1-16", "case open 2-2", "case close 3-3", "func of 4-10", "func flip 11-14",
        "init _ 15-15", "protocol Door 17-17", "func open 17-17", "var isOpen 17-17",
      ])
    #expect(found[3].modifiers == ["package", "static"])
    #expect(found[2].parent == 0)
  }

  /// Joins the tokens of expected code the way the test prints them.
  private func tokens(_ code: String) -> String {
    Token.pattern(code).joined(separator: " ")
  }
}
