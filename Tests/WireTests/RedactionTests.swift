import Testing
import Wire

@Suite struct RedactionTests {
  private static let secret = "sk/a+b \"ü<\\é"

  @Test(arguments: [
    "x sk/a+b \"ü<\\é y",
    // encodeURIComponent, and the same in lower case and with + for a space.
    "?key=sk%2Fa%2Bb%20%22%C3%BC%3C%5C%C3%A9&n=1",
    "?key=sk%2fa%2bb%20%22%c3%bc%3c%5c%c3%a9&n=1",
    "key=sk%2Fa%2Bb+%22%C3%BC%3C%5C%C3%A9",
    // JSON as Swift, Go, PHP and Python write it.
    #"{"key":"sk/a+b \"ü<\\é"}"#,
    #"{"key":"sk/a+b \"ü\u003c\\é"}"#,
    #"{"key":"sk\/a+b \"\u00fc<\\\u00e9"}"#,
    #"{"key":"sk/a+b \"\u00fc<\\\u00e9"}"#,
  ])
  func hidesEveryWayToWriteIt(text: String) {
    let shown = Redaction(secrets: [Self.secret]).text(text)

    #expect(shown.contains("***"))
    #expect(!shown.contains("a+b") && !shown.contains("a%2") && !shown.contains("sk"))
  }

  @Test func hidesEveryOccurrenceAndOverlapsTogether() {
    let redaction = Redaction(secrets: ["abc", "cde", "", "abcab"])

    #expect(redaction.text("abcde-abcabc-cd-abc") == "***-***-cd-***")
    #expect(redaction.text("nothing here") == "nothing here")
    #expect(redaction.bytes([0xFF] + bytes("abc") + [0xFE]) == [0xFF] + bytes("***") + [0xFE])
    #expect(Redaction(secrets: []).text("abc") == "abc")
  }

  @Test func leavesOutSecretHeaders() {
    let redaction = Redaction(secrets: ["canary"], headers: ["X-Mine"])

    let kept = redaction.headers([
      HTTPHeader("Authorization", "a"), HTTPHeader("X-API-Key", "b"), HTTPHeader("x-mine", "c"),
      HTTPHeader("Set-Cookie", "d"), HTTPHeader("X-Other", "e", isSecret: true),
      HTTPHeader("Date", "today, canary"),
    ])

    #expect(kept == [HTTPHeader("Date", "today, ***")])
  }
}
