import Synchronization
import Trading
import Wire

/// Hyperliquid's two doors with answers that were written down before; it counts the questions.
final class ScriptedVenue: HTTPTransport {
  /// What `/exchange` does next.
  enum Reply: Sendable {
    case body(String)
    case status(Int)
    case lost
    case unreachable
  }

  private struct Script {
    var answers: [String: [String]] = [:]
    var replies: [Reply] = []
    var asked: [String] = []
    var sent: [[UInt8]] = []
    var isDown = false
    var date: String?
  }

  private let script = Mutex(Script())

  /// Answers a question of that type; several answers are given one after the other, the last one
  /// again and again.
  func answer(_ type: String, _ answers: String...) {
    script.withLock { $0.answers[type] = answers }
  }

  /// What becomes of the next actions, in order.
  func reply(_ replies: Reply...) { script.withLock { $0.replies += replies } }

  /// Whether nothing is answered any more.
  func goDown() { script.withLock { $0.isDown = true } }

  /// The `Date` of every answer from now on.
  func tell(date: String) { script.withLock { $0.date = date } }

  /// The types of the questions since the last call.
  func takeAsked() -> [String] {
    script.withLock { script in
      defer { script.asked = [] }
      return script.asked
    }
  }

  /// The actions sent so far.
  var sent: [[UInt8]] { script.withLock { $0.sent } }

  /// The parts `action` of what was sent.
  var actions: [JSONValue] {
    sent.compactMap { body in (try? JSONReader.value(of: body))?["action"] }
  }

  func send(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
    request.url.hasSuffix("/exchange") ? try act(request) : try tell(request)
  }

  private func act(_ request: HTTPRequest) throws(WireError) -> HTTPResponse {
    let reply = script.withLock { script in
      script.sent.append(request.body)
      return script.replies.isEmpty ? Reply.lost : script.replies.removeFirst()
    }
    switch reply {
    case .body(let text): return response(200, text)
    case .status(let status): return response(status, "<html>")
    case .lost: throw .timedOut(after: .seconds(10), wasSent: true)
    case .unreachable: throw .unreachable(host: "venue", detail: "no route")
    }
  }

  private func tell(_ request: HTTPRequest) throws(WireError) -> HTTPResponse {
    let type = (try? JSONReader.value(of: request.body))?["type"]?.text ?? "?"
    let answer: String? = script.withLock { script in
      script.asked.append(type)
      guard !script.isDown, var answers = script.answers[type], let first = answers.first else {
        return nil
      }
      if answers.count > 1 { answers.removeFirst() }
      script.answers[type] = answers
      return first
    }
    guard let answer else { throw .unreachable(host: "venue", detail: "no route") }
    return response(200, answer)
  }

  private func response(_ status: Int, _ text: String) -> HTTPResponse {
    let date = script.withLock { $0.date }
    return HTTPResponse(
      status: status, headers: date.map { [HTTPHeader("Date", $0)] } ?? [],
      body: Array(text.utf8))
  }
}
