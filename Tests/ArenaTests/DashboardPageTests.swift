import Arena
import Testing

@Suite struct DashboardPageTests {
  private let page = String(decoding: DashboardPage.render(), as: UTF8.self)

  @Test func isOneSmallFileThatIsAlwaysTheSame() {
    #expect(page.utf8.count <= 150 << 10)
    #expect(page.utf8.count > 50 << 10)
    #expect(DashboardPage.render() == DashboardPage.render())
    #expect(page.hasPrefix("<!doctype html>"))
    #expect(page.hasSuffix("</html>\n"))
    for part in ["style", "script", "style-digest", "script-digest"] {
      #expect(!page.contains("{{\(part)}}"))
    }
  }

  @Test func itsPolicyAllowsItsOwnStyleAndScriptOnly() throws {
    let policy = try #require(page.split(separator: "Content-Security-Policy").dropFirst().first)
      .prefix { $0 != ">" }

    #expect(policy.contains("default-src 'none';"))
    #expect(policy.contains("connect-src 'self';"))
    #expect(policy.contains("require-trusted-types-for 'script'"))
    #expect(!policy.contains("unsafe"))
    #expect(!policy.contains("http"))
    #expect(policy.split(separator: "'sha256-").count == 3)
  }

  @Test(arguments: [
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
    "DOMParser", "createContextualFragment", "srcdoc",
  ])
  func nothingMakesHTMLFromText(word: String) {
    #expect(!page.contains(word))
  }

  @Test func nothingPointsElsewhere() {
    // The name of the SVG namespace is no address that anybody asks.
    let rest = page.split(separator: "http://www.w3.org/2000/svg").joined()
      .split(separator: "url(#inside)").joined()

    #expect(!rest.contains("https://"))
    #expect(!rest.contains("//cdn"))
    #expect(!rest.contains("@import"))
    #expect(!rest.contains("url("))
    #expect(rest.split(separator: "http://").count == 2, "only the advice on localhost")
    #expect(rest.split(separator: "</script").count == 2, "the script ends once")
  }
}
