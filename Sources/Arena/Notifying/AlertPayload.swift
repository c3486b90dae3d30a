package import Trading

/// Messages about alerts in the forms that channels take.
package enum AlertPayload {
  /// The longest text Telegram takes, in UTF-16 units.
  private static let longestText = 4096
  /// The longest text of a Slack attachment we send, in characters.
  private static let longestSlackText = 3000

  /// A Slack message with one attachment: colour, text, and the fields type, trader, value and
  /// threshold.
  package static func slack(_ delivery: AlertDelivery, arena: String) -> [UInt8] {
    let alert = delivery.record.alert
    let text = escaped(Readable.harmlessLine(delivery.message), atMost: longestSlackText)
    let fields = [
      ("Type", alert.kind), ("Trader", alert.trader?.name ?? "–"), ("Value", number(alert.value)),
      ("Threshold", number(alert.threshold)),
    ]
    return CanonicalJSON.document { json in
      json.array("attachments", [delivery]) { json, _ in
        json.object { json in
          json.field("color", color(delivery))
          json.field("fallback", "\(escaped(head(delivery), atMost: 300)): \(text)")
          json.array("fields", fields) { json, field in
            json.object { json in
              json.field("short", true)
              json.field("title", field.0)
              json.field("value", escaped(field.1, atMost: 300))
            }
          }
          json.field("footer", escaped(Readable.harmlessLine(arena), atMost: 300))
          // No field is read as Slack's own markup.
          json.array("mrkdwn_in", [String]()) { json, name in json.value(name) }
          json.field("text", text)
          json.field("title", escaped(head(delivery), atMost: 300))
          json.field("ts", delivery.queuedAt.ms / 1000)
        }
      }
    }
  }

  /// Everything about the alert and the message as one JSON object.
  package static func json(_ delivery: AlertDelivery, arena: String) -> [UInt8] {
    let alert = delivery.record.alert
    return CanonicalJSON.document { json in
      json.field("alert", delivery.record.number)
      json.field("arena", arena)
      json.field("at_ms", delivery.queuedAt.ms)
      json.field("delivery", delivery.number)
      json.field("event", delivery.news.rawValue)
      json.field("key", alert.key)
      json.field("message", delivery.message)
      json.field("opened_at_ms", delivery.record.openedAt.ms)
      // Whoever is told that it holds must not be told in the same breath that it is over.
      if delivery.news == .resolved, let at = delivery.record.resolvedAt {
        json.field("resolved_at_ms", at.ms)
      } else {
        json.null("resolved_at_ms")
      }
      json.field("severity", alert.severity.rawValue)
      field("threshold", alert.threshold, &json)
      if let trader = alert.trader {
        json.field("trader", trader.name)
      } else {
        json.null("trader")
      }
      json.field("type", alert.kind)
      field("value", alert.value, &json)
    }
  }

  /// A call of Telegram's `sendMessage` with plain text.
  package static func telegram(
    _ delivery: AlertDelivery, arena: String, chat: String
  ) -> [UInt8] {
    var text = "\(Readable.harmlessLine(arena)) · \(head(delivery))\n"
    text += Readable.harmlessLine(delivery.message)
    let alert = delivery.record.alert
    if alert.value != nil || alert.threshold != nil {
      text += "\nvalue \(number(alert.value)), threshold \(number(alert.threshold))"
    }
    text += "\n\(delivery.queuedAt)"
    return CanonicalJSON.document { json in
      json.field("chat_id", chat)
      json.field("disable_web_page_preview", true)
      json.field("text", clipped(text, units: longestText))
    }
  }

  /// `high alert: no_stop of momentum`, `over: …`.
  private static func head(_ delivery: AlertDelivery) -> String {
    let alert = delivery.record.alert
    let whose = alert.trader.map { " of \($0)" } ?? ""
    return switch delivery.news {
    case .opened: "\(alert.severity.rawValue) alert: \(alert.kind)\(whose)"
    case .repeated: "still a \(alert.severity.rawValue) alert: \(alert.kind)\(whose)"
    case .resolved: "over: \(alert.kind)\(whose)"
    }
  }

  private static func color(_ delivery: AlertDelivery) -> String {
    guard delivery.news != .resolved else { return "#2eb67d" }
    return switch delivery.record.alert.severity {
    case .high: "#d9302c"
    case .medium: "#e8a317"
    case .low: "#439fe0"
    }
  }

  private static func field(_ name: String, _ number: Double?, _ json: inout CanonicalJSON) {
    if let number, number.isFinite { json.field(name, number) } else { json.null(name) }
  }

  private static func number(_ value: Double?) -> String { value.map(Readable.decimals2) ?? "–" }

  /// What Slack would read as markup or a mention, as what it is; cut before, not within.
  private static func escaped(_ text: String, atMost count: Int) -> String {
    let shown = text.count > count ? text.prefix(count - 1) + "…" : text[...]
    return shown.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.append(character)
      }
    }
  }

  /// The beginning of a text that has at most so many UTF-16 units.
  private static func clipped(_ text: String, units: Int) -> String {
    guard text.utf16.count > units else { return text }
    var result = ""
    var used = 0
    for character in text {
      let size = String(character).utf16.count
      guard used + size < units else { break }
      result.append(character)
      used += size
    }
    return result + "…"
  }
}
