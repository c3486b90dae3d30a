import Trading

/// The wire formats a stand-in speaks, told apart by path.
package enum ModelFormat: Sendable, Hashable, CaseIterable {
  /// `POST /v1/chat/completions` or `/chat/completions`: OpenAI's chat completions.
  case chat
  /// `POST /v1/messages` or `/messages`: Anthropic's messages.
  case messages
  /// `POST /api/v1/decision`: a program of the user's that decides for a trader.
  case decision

  /// The format of a path without query and part; `nil` = there is nothing.
  init?(path: String) {
    switch path {
    case "/v1/chat/completions", "/chat/completions": self = .chat
    case "/v1/messages", "/messages": self = .messages
    case "/api/v1/decision": self = .decision
    default: return nil
    }
  }
}

/// What a request asks, as far as a stand-in needs it.
struct Question {
  /// The model asked for; empty when none is named.
  let model: String
  /// What the user said, or the whole document.
  let text: String
  /// The first tool offered; empty when there is none.
  let tool: String

  /// A question that is not looked at.
  static let unread = Question(model: "", text: "", tool: "")
}

extension ModelFormat {
  /// Reads a request as strictly as a provider does.
  func question(of request: HTTPQuestion) throws(Refusal) -> Question {
    let body: JSONValue
    do {
      body = try JSONReader.value(of: request.body)
    } catch {
      throw Refusal(status: 400, message: "expected a JSON body: \(error)")
    }
    guard case .object = body else {
      throw Refusal(status: 400, message: "expected an object, was \(body.kind)")
    }
    switch self {
    case .decision:
      let text = String(decoding: request.body, as: UTF8.self)
      return Question(model: "", text: text, tool: "")
    case .chat:
      let tool = body["tools"]?[0]?["function"]?["name"]?.text ?? ""
      return Question(model: try Self.model(body), text: try Self.userText(body), tool: tool)
    case .messages:
      guard (body["max_tokens"]?.whole ?? 0) > 0 else {
        throw Refusal(status: 400, message: "max_tokens: field required")
      }
      guard request.header("anthropic-version") != nil else {
        throw Refusal(status: 400, message: "anthropic-version: header is required")
      }
      let tool = body["tools"]?[0]?["name"]?.text ?? ""
      return Question(model: try Self.model(body), text: try Self.userText(body), tool: tool)
    }
  }

  private static func model(_ body: JSONValue) throws(Refusal) -> String {
    guard let model = body["model"]?.text, !model.isEmpty else {
      throw Refusal(status: 400, message: "you must provide a model parameter")
    }
    return model
  }

  /// The texts of all user messages.
  private static func userText(_ body: JSONValue) throws(Refusal) -> String {
    guard let messages = body["messages"]?.elements, !messages.isEmpty else {
      throw Refusal(status: 400, message: "messages: expected at least one")
    }
    var texts: [String] = []
    for message in messages {
      guard let role = message["role"]?.text, let content = message["content"] else {
        throw Refusal(status: 400, message: "messages: expected a role and a content")
      }
      guard role == "user" else { continue }
      let pieces = content.elements?.compactMap { $0["text"]?.text } ?? []
      texts += content.text.map { [$0] } ?? pieces
    }
    return texts.joined(separator: "\n")
  }
}

/// A request the stand-in does not accept, as a provider would not.
struct Refusal: Error {
  let status: Int
  let message: String
}
