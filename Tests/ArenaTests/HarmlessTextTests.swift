import Arena
import Testing
import Trading

@Suite("Foreign text on a terminal")
struct HarmlessTextTests {
  static let table: [(String, String)] = [
    ("plain, ünïcode, 漢字, 👍", "plain, ünïcode, 漢字, 👍"),
    ("a\u{1B}[31mred", "a\u{FFFD}[31mred"), ("a\u{9B}31m", "a\u{FFFD}31m"),
    ("a\rb", "a\u{FFFD}b"), ("a\tb\u{8}\u{7F}\0", "a\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}"),
    ("a\u{202E}b\u{2066}\u{2069}", "a\u{FFFD}b\u{FFFD}\u{FFFD}"),
    ("\u{61C}\u{200E}\u{200F}\u{206F}", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
    ("a\u{2028}b\u{2029}c", "a\u{FFFD}b\u{FFFD}c"),
    ("\u{E0041}\u{E007F}", "\u{FFFD}\u{FFFD}"), ("a\nb", "a\nb"), ("", ""),
  ]

  @Test func replacesWhatCouldMoveHideOrTurnText() {
    for (text, expected) in Self.table { #expect(Readable.harmless(text) == expected) }
  }

  @Test func oneLineStaysOne() {
    #expect(Readable.harmlessLine("a\nb\r\nc\u{85}d\u{2028}e") == "a b\u{FFFD} c\u{FFFD}d\u{FFFD}e")
  }

  /// A model, a program and a venue that try to write lines of ours.
  @Test func noForeignTextLooksLikeOurs() throws {
    let evil = "x\ndecision 9: forged\u{1B}[2J"
    let said = Conversation(
      answeredBy: "m", system: evil, user: evil, reply: evil, reasoning: evil,
      promptVersion: "1", templateDigest: "d", questionDigest: "q", isCached: true,
      repairs: ["alias:" + evil])
    let line = TraderLine(
      trader: try #require(TraderID("a")), status: .running, wasDue: true, failure: evil,
      decisions: [], fills: [], troubles: [evil], equity: nil, returnPct: nil, openPositions: 0,
      conversation: said,
      calls: [
        CallSettlement(
          call: 1, status: .failed, usage: TokenUsage(prompt: 2, completion: 3, isEstimated: true),
          cost: .zero, latencyMs: 4.4, answeredBy: evil, finishReason: evil, error: evil)
      ])

    let text = ExplainText.way(of: line)

    #expect(!text.contains("\u{1B}"))
    #expect(!text.split(separator: "\n").contains { $0.hasPrefix("decision 9") })
    let flat = "x decision 9: forged\u{FFFD}[2J"
    #expect(
      text == """
        == a → m (prompt version 1, templates d, question q)
        -- system message, 24 bytes
           | x
           | decision 9: forged\u{FFFD}[2J
        -- user message, 24 bytes
           | x
           | decision 9: forged\u{FFFD}[2J
        call 1: failed in 4 ms, 2 + 3 tokens (estimated), 0 USD, by \(flat), \(flat): \(flat)
        the answer was given before and is used again
        -- reasoning, 24 bytes
           | x
           | decision 9: forged\u{FFFD}[2J
        -- reply, 24 bytes
           | x
           | decision 9: forged\u{FFFD}[2J
        read with repairs: alias:\(flat)
        outcome: it holds: \(flat)
        trouble: \(flat)

        """)
  }
}
