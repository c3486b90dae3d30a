import Arena
import Foundation
import Testing
import Trading

@Suite("Payloads of alerts") struct AlertPayloadTests {
  private static func delivery(
    _ message: String, _ news: AlertNews = .opened, value: Double? = 95.25
  ) throws -> AlertDelivery {
    let opened = Timestamp(ms: 1_753_099_200_000)
    let trader: TraderID = try #require(TraderID("t"))
    return AlertDelivery(
      number: 7, channel: "c", news: news,
      record: AlertRecord(
        number: 3,
        alert: Alert(
          key: "margin_usage.a", severity: .high, trader: trader,
          message: "old", value: value, threshold: 90),
        openedAt: opened, toldAt: opened, resolvedAt: opened + .hour),
      message: message, queuedAt: opened + .minutes(5), attempts: 0, nextTryAt: opened)
  }

  private static func object(_ bytes: [UInt8]) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  @Test func slackGetsColourTextAndFields() throws {
    let object = try Self.object(
      AlertPayload.slack(try Self.delivery("a < b & c > d <!channel> *x*\n_y_"), arena: "nof0"))
    let attachments = try #require(object["attachments"] as? [[String: Any]])
    let attachment = try #require(attachments.first)

    #expect(attachments.count == 1)
    #expect(attachment["color"] as? String == "#d9302c")
    #expect(
      attachment["text"] as? String
        == "a &lt; b &amp; c &gt; d &lt;!channel&gt; *x* _y_")
    #expect((attachment["mrkdwn_in"] as? [String])?.isEmpty == true)
    #expect(attachment["ts"] as? Int == 1_753_099_500)
    let fields = try #require(attachment["fields"] as? [[String: Any]])
    #expect(
      fields.map { "\($0["title"] ?? "")=\($0["value"] ?? "")" } == [
        "Type=margin_usage", "Trader=t", "Value=95.25", "Threshold=90.00",
      ])
  }

  @Test(arguments: [
    (AlertNews.opened, "opened", true), (.repeated, "repeated", true),
    (.resolved, "resolved", false),
  ])
  func theWebhookGetsEverything(news: AlertNews, event: String, isOpen: Bool) throws {
    let object = try Self.object(
      AlertPayload.json(try Self.delivery("bad \"news\" \u{1b}[1m", news), arena: "nof0"))

    #expect(object["event"] as? String == event)
    #expect(object["message"] as? String == "bad \"news\" \u{1b}[1m")
    #expect(object["delivery"] as? Int == 7)
    #expect(object["alert"] as? Int == 3)
    #expect(object["key"] as? String == "margin_usage.a")
    #expect(object["type"] as? String == "margin_usage")
    #expect(object["trader"] as? String == "t")
    #expect(object["value"] as? Double == 95.25)
    #expect(object["threshold"] as? Double == 90)
    #expect((object["resolved_at_ms"] is NSNull) == isOpen)
  }

  @Test func aNumberThatIsNoneIsNull() throws {
    for value in [nil, Double.nan, .infinity] {
      let object = try Self.object(
        AlertPayload.json(try Self.delivery("x", value: value), arena: "nof0"))
      #expect(object["value"] is NSNull)
    }
  }

  @Test(arguments: ["é", "👩‍👩‍👧", "x", "<"])
  func telegramGetsAtMost4096UnitsOfPlainText(letter: String) throws {
    let message = String(repeating: letter, count: 5000)
    let object = try Self.object(
      AlertPayload.telegram(try Self.delivery(message), arena: "nof0", chat: "-7"))
    let text = try #require(object["text"] as? String)

    #expect(text.utf16.count <= 4096)
    #expect(text.utf16.count > 4000)
    #expect(text.hasSuffix("\(letter)…"))
    #expect(object["parse_mode"] == nil)
    #expect(object["chat_id"] as? String == "-7")
  }
}
